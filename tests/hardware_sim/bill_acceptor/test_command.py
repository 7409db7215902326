"""The command as a real process: words in, lines of JSON out, real pyserial on its terminal."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

DEADLINE_S = 10.0
PROGRAM = "from hardware_sim.bill_acceptor.command import bill_acceptor; bill_acceptor()"
POLL = bytes.fromhex("FC 05 11 27 56")
RESET = bytes.fromhex("FC 05 40 2B 15")
ENABLE = bytes.fromhex("FC 06 C3 00 04 D6")
STACK_2 = bytes.fromhex("FC 05 42 39 36")
ACK = bytes.fromhex("FC 05 50 AA 05")


class Process:
    def __init__(self, path: Path, *options: str) -> None:
        self.path = path
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "--protocol", "id003", "--link", path, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def say(self, line: str) -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self, event: str) -> dict[str, object]:
        """The next such event; those before it are passed over."""
        for line in self._process.stdout:
            said = json.loads(line)
            if said["event"] == event:
                return said
        raise AssertionError(f"it ended without the event {event}")

    def end(self) -> int:
        self._process.stdin.close()
        self._process.stdout.close()
        return self._process.wait(DEADLINE_S)

    def terminate(self) -> int:
        self._process.terminate()
        return self.end()


@pytest.fixture
def acceptor(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "acceptor", "--speed", "20")
    process.hear("ready")
    yield process
    process.end()


def exchange(host: serial.Serial, request: bytes) -> bytes:
    host.write(request)
    head = host.read(2)
    return head + host.read(head[1] - 2) if len(head) == 2 else head


def poll_until(host: serial.Serial, status: int) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if exchange(host, POLL)[2:3] == bytes([status]):
            return
    raise AssertionError(f"status {status:02X} never came")


def open_port(process: Process) -> serial.Serial:
    return serial.Serial(str(process.path), 9600, parity=serial.PARITY_EVEN, timeout=2)


def test_a_bill_from_the_slot_to_the_cashbox(acceptor: Process) -> None:
    with open_port(acceptor) as host:
        assert exchange(host, RESET)[2] == 0x50
        poll_until(host, 0x1A)
        assert exchange(host, ENABLE) == ENABLE
        poll_until(host, 0x11)
        acceptor.say("insert 20")
        poll_until(host, 0x13)
        assert acceptor.hear("escrowed")["value"] == 20
        assert exchange(host, STACK_2)[2] == 0x50
        poll_until(host, 0x15)
        assert acceptor.hear("stacked")["value"] == 20
        host.write(ACK)
        assert acceptor.hear("credit_acknowledged")["value"] == 20
        acceptor.say("status")
        said = acceptor.hear("status")
    assert said["cashbox"] == {"present": True, "full": False, "bills": {"20": 1}, "total": 20}
    assert said["inserted"]["total"] == 20
    assert said["given_back"]["total"] == 0


def test_unplug_and_plug_under_a_host(acceptor: Process) -> None:
    with open_port(acceptor) as host:
        assert exchange(host, POLL)[2] == 0x40
        acceptor.say("unplug")
        acceptor.hear("unplugged")
        with pytest.raises(serial.SerialException):
            exchange(host, POLL)
    assert not acceptor.path.is_symlink()
    acceptor.say("plug")
    plugged = acceptor.hear("plugged")
    assert str(acceptor.path.readlink()) == plugged["pty"]
    with open_port(acceptor) as host:
        assert exchange(host, POLL)[2] == 0x40


def test_power_off_is_silence(acceptor: Process) -> None:
    with open_port(acceptor) as host:
        acceptor.say("power off")
        assert acceptor.hear("power")["on"] is False
        host.timeout = 0.2
        assert exchange(host, POLL) == b""
        acceptor.say("power on")
        assert acceptor.hear("power")["on"] is True
        host.timeout = 2
        assert exchange(host, POLL)[2] == 0x40


@pytest.mark.parametrize(
    "line",
    [
        "insert",
        "insert -5",
        "insert 0",
        "insert 20 slowly",
        "insert 1e9",
        "jam nowhere",
        "clear",
        "clear into-pocket",
        "reject 12",
        "reject ZZ",
        "fail",
        "fail 00",
        "power",
        "power on",
        "mute",
        "mute -1",
        "mute nan",
        "corrupt x",
        "plug",
        "replace-cashbox",
        "cheat twice",
        "dance",
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(
    process_for_words: Process, line: str
) -> None:
    process_for_words.say(line)
    said = process_for_words.hear("refused")
    assert said["line"] == line
    assert said["why"]


@pytest.fixture(scope="module")
def process_for_words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(tmp_path_factory.mktemp("words") / "acceptor")
    process.hear("ready")
    yield process
    process.end()


@pytest.mark.parametrize("line", ["jam", "jam stacker", "cheat", "reject", "reject 71"])
def test_what_waits_for_the_next_bill_is_said(process_for_words: Process, line: str) -> None:
    process_for_words.say(line)
    assert process_for_words.hear("armed") == {"event": "armed", "what": line.split(maxsplit=1)[0]}


@pytest.mark.parametrize("how", ["quit", "end of input", "terminate"])
def test_every_way_to_end_removes_the_link(tmp_path: Path, how: str) -> None:
    process = Process(tmp_path / "acceptor")
    process.hear("ready")
    if how == "quit":
        process.say("quit")
    assert (process.terminate() if how == "terminate" else process.end()) == 0
    assert not process.path.is_symlink()


def test_a_path_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "acceptor"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--protocol", "id003", "--link", path],
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_S,
    )
    assert done.returncode == 1
    assert str(path) in done.stderr
    assert "Traceback" not in done.stderr
