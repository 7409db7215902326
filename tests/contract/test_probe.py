"""`kiosk device probe` finds each protocol, that one alone, and harms none."""

import pytest

from acceptor_bench import PROTOCOLS, driver_of
from drivers.bill_acceptor.commands import Enable, Stack
from drivers.bill_acceptor.events import (
    AcceptorReady,
    BillAccepting,
    BillEscrowed,
    BillStacked,
    BillStacking,
    PoweredUp,
)
from drivers.bill_acceptor.probe import probe
from drivers.clock import SystemClock
from drivers.port import SerialPort


@pytest.mark.timeout(60)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_device_is_found_by_its_own_protocol_alone(new_simulator, new_driver, protocol):
    simulator = new_simulator(protocol)
    simulator.hear("ready")
    found = list(probe(str(simulator.link), SystemClock(), SerialPort, parity=False))
    assert found == [driver_of(protocol)]
    driver = new_driver(simulator, driver_of(protocol))
    driver.expect(AcceptorReady, after=(PoweredUp,))
    driver.acceptor.send(Enable())
    simulator.insert(20)
    driver.expect(BillEscrowed, after=(BillAccepting,))
    driver.acceptor.send(Stack())
    driver.expect(BillStacked, after=(BillStacking,))
