"""`kiosk device probe` finds each protocol, that one alone, and harms none."""

import json

import pytest
from click.testing import CliRunner

from acceptor_bench import PROTOCOLS, AcceptorBench, driver_of
from drivers.bill_acceptor.commands import Enable, Stack
from drivers.bill_acceptor.events import AcceptorReady
from drivers.bill_acceptor.probe import probe
from kiosk.commands.device_probe import probe as command


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_device_is_found_by_its_own_protocol_alone_and_works_on(protocol):
    bench = AcceptorBench(protocol)
    assert list(probe("memory", bench.clock, bench.cable.open)) == [driver_of(protocol)]
    bench.until(AcceptorReady)
    bench.send(Enable())
    bench.escrow()
    bench.send(Stack())
    assert bench.check().credited_minor == 2_000


@pytest.mark.timeout(60)
def test_the_command_writes_the_lines_of_the_configuration(new_simulator):
    simulator = new_simulator("id003")
    simulator.hear("ready")
    result = CliRunner().invoke(command, [str(simulator.link), "--no-parity"])
    told, *lines = result.output.split("\n", 1)
    assert json.loads(told) == {"port": str(simulator.link), "protocols": ["id003"], "error": None}
    assert 'protocol = "id003"' in lines[0]
    assert 'parity = "none"' in lines[0]


def test_a_port_that_is_none_is_said(tmp_path):
    result = CliRunner().invoke(command, [str(tmp_path / "absent")])
    assert result.exit_code == 1
    assert "absent" in json.loads(result.output)["error"]
