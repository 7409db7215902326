"""The simulator as anyone starts it: a process, a pseudo-terminal, pyserial at the other end."""

import json
import subprocess
import sys
from contextlib import contextmanager

import pytest
import serial
from click.testing import CliRunner
from PIL import Image

from hardware_sim.printer.command import printer as printer_command

PROGRAM = "from hardware_sim.printer.command import printer; printer()"
ANSWER_S = 5  # far more than it takes; only a broken simulator needs it all


class Process:
    def __init__(self, folder):
        self.link, self.out = folder / "printer", folder / "receipts"
        options = ["--link", str(self.link), "--out", str(self.out), "--speed", "1000"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def type(self, words):
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()

    def hear(self, event):
        """Its next event of that name; the test's own time limit ends a wait for ever."""
        for line in self.process.stdout:
            told = json.loads(line)
            if told["event"] == event:
                return told
        raise AssertionError(f"it ended without {event}")

    def do(self, words):
        self.type(words)
        return self.hear("done")

    @contextmanager
    def host(self):
        with serial.Serial(str(self.link), 19200, timeout=ANSWER_S) as port:
            yield port


@pytest.fixture
def printer(tmp_path):
    process = Process(tmp_path)
    process.hear("ready")
    yield process
    if process.process.poll() is None:
        process.type("quit")
    assert process.process.wait(ANSWER_S) == 0
    process.process.stdin.close()
    process.process.stdout.close()


def paper_status(port):
    port.write(b"\x10\x04\x04")
    return port.read(1)


def test_a_day_at_the_printer(printer):
    with printer.host() as port:
        assert paper_status(port) == b"\x12"
        port.write(b"Hello\n\x1dVB\x00")
        first = printer.hear("receipt")

        printer.do("paper-out")
        assert paper_status(port) == b"\x7e"
        port.write(b"Waiting\n\x1dVB\x00")
        printer.do("cover open")
        printer.do("load-paper")
        printer.do("cover close")
        second = printer.hear("receipt")

    assert [first["txt"], second["png"]] == [
        str(printer.out / "receipt-001.txt"),
        str(printer.out / "receipt-002.png"),
    ]
    assert (printer.out / "receipt-001.txt").read_text() == "Hello\n"
    assert (printer.out / "receipt-002.txt").read_text() == "Waiting\n"
    with Image.open(second["png"]) as picture:
        assert picture.width > 640


def test_unplugged_and_plugged_in_again(printer):
    with printer.host() as port:
        printer.do("unplug")
        with pytest.raises(serial.SerialException):
            paper_status(port)
    assert not printer.link.exists()

    printer.do("plug")
    with printer.host() as port:
        assert paper_status(port) == b"\x12"


def test_power_and_mute(printer):
    with printer.host() as port:
        printer.do("power off")
        port.timeout = 0.1
        assert paper_status(port) == b""
        printer.do("power on")
        port.timeout = ANSWER_S
        assert paper_status(port) == b"\x12"
        printer.do("mute 60")
        port.timeout = 0.1
        assert paper_status(port) == b""


def test_status_in_words(printer):
    printer.do("paper-low 250")
    printer.type("status")
    told = printer.hear("status")
    while "paper_mm" not in told:  # the change itself is told, too
        told = printer.hear("status")

    assert told["paper_mm"] == 250
    assert told["paper_low"]
    assert not told["paper_out"]
    assert told["powered"]
    assert told["plugged"]


def test_an_unknown_word_is_refused(printer):
    for words in ("print", "mute", "mute -1", "paper-low ten", "power"):
        printer.type(words)
        refused = printer.hear("refused")
        assert refused["line"] == words
        assert "not understood" in refused["why"]


def test_the_link_goes_with_the_process(printer):
    printer.process.terminate()
    assert printer.process.wait(ANSWER_S) == 0
    assert not printer.link.is_symlink()


def test_receipts_that_can_fall_nowhere_are_said(tmp_path):
    (tmp_path / "file").touch()
    options = ["--link", str(tmp_path / "printer"), "--out", str(tmp_path / "file" / "receipts")]
    result = CliRunner().invoke(printer_command, options)

    assert result.exit_code == 1
    assert "cannot make the folder" in result.output
