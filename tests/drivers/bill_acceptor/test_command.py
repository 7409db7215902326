"""`kiosk device bill-acceptor`, run as a person runs it, against bytes on a pseudo-terminal."""

import json
import os
import pty
import subprocess
import sys
import threading
import time
import tty
from pathlib import Path

import pytest
from click.testing import CliRunner

from drivers.bill_acceptor.protocols import PROTOCOLS
from kiosk.commands.device_bill_acceptor import bill_acceptor

KIOSK = str(Path(sys.executable).with_name("kiosk"))
COMMAND = [KIOSK, "device", "bill-acceptor", "--protocol", "id003"]
DEADLINE_S = 20.0


class Device(threading.Thread):
    """An ID-003 device at the master side: answers until its terminal is closed."""

    def __init__(self, framed):
        super().__init__(daemon=True)
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.framed = framed
        self.status = "1A"
        self.requests = []

    def run(self):
        while True:
            try:
                request = os.read(self.master, 5)  # each request begins with five bytes
                request += os.read(self.master, request[1] - 5) if request[1] > 5 else b""
                os.write(self.master, self.answer(request))
            except (OSError, IndexError):
                return

    def wait_for(self, request):
        give_up_s = time.monotonic() + DEADLINE_S
        while request not in self.requests:
            assert time.monotonic() < give_up_s, self.requests
            time.sleep(0.01)

    def answer(self, request):
        code = request[2]
        self.requests.append(request[2:-2].hex())
        if code == 0x11:
            return self.framed(self.status)
        if code == 0x8A:
            return self.framed("8A 65 01 14 00")
        if code == 0x88:
            return self.framed("88 56 31")
        if code == 0xC3:
            self.status = "1A" if request[3] else "11"
        if code == 0x41:
            self.status = "15"
        if code == 0x50:
            self.status = "11"
            return b""
        return self.framed("50") if code < 0x50 else request


@pytest.fixture
def device(framed):
    device = Device(framed)
    device.start()
    yield device
    os.close(device.slave)
    os.close(device.master)


@pytest.fixture
def running(device):
    with subprocess.Popen(
        [*COMMAND, "--port", os.ttyname(device.slave), "--parity", "none"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watchdog = threading.Timer(DEADLINE_S, process.kill)
        watchdog.start()
        yield process
        watchdog.cancel()
        process.kill()


def say(process, word):
    process.stdin.write(word + "\n")
    process.stdin.flush()


def hear(process):
    return json.loads(process.stdout.readline())


def test_a_bill_from_ready_to_settled(running, device):
    twenty = {"value_minor": 2000, "currency": "USD"}
    assert hear(running) == {
        "event": "AcceptorReady",
        "denominations": [twenty],
        "vouches": True,
        "firmware": "V1",
    }
    say(running, "wink")
    assert running.stderr.readline() == (
        "unknown command 'wink'; known are: enable, disable, stack, return, hold, quit\n"
    )
    say(running, "ENABLE")
    device.wait_for("c300")  # or it would overwrite the escrow that follows
    device.status = "13 65"
    assert hear(running) == {"event": "BillEscrowed", "bill": twenty}
    say(running, "stack")
    assert hear(running) == {"event": "BillStacked", "bill": twenty}
    assert hear(running) == {"event": "CreditSettled"}
    assert "50" in device.requests
    say(running, "quit")
    assert running.wait() == 0
    assert device.requests[-1] == "c301"


def test_the_end_of_input_ends_it_like_quit(running, device):
    assert hear(running)["event"] == "AcceptorReady"
    running.stdin.close()
    assert running.wait() == 0


def test_a_missing_port_is_a_line_of_json_and_no_traceback(tmp_path):
    with subprocess.Popen(
        [*COMMAND, "--port", str(tmp_path / "gone")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        lost = hear(process)
        assert (lost["event"], lost["code"]) == ("AcceptorLost", "acceptor-missing")
        assert "it is not there" in lost["detail"]
        say(process, "quit")
        assert process.wait(DEADLINE_S) == 0
        assert process.stderr.read() == ""


def test_help_speaks_of_simulators():
    text = " ".join(CliRunner().invoke(bill_acceptor, ["--help"]).output.split())
    assert "terminals may need none" in text
    assert all(name in text for name in PROTOCOLS)


@pytest.mark.parametrize("arguments", [[], ["--protocol", "id004", "--port", "x"]])
def test_what_is_missing_or_wrong_is_said(arguments):
    result = CliRunner().invoke(bill_acceptor, arguments)
    assert result.exit_code == 2
    assert "Error: " in result.output
