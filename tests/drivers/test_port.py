"""Serial ports on real pseudo-terminals: the ways to vanish, and the ways never to have been there."""

import os
import pty
import subprocess
import sys
import threading
import tty
from pathlib import Path

import pytest

from drivers.errors import LinkLost
from drivers.port import Line, SerialPort


class Terminal:
    """A pseudo-terminal; we are the device at its master side."""

    def __init__(self):
        self.master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)

    def unplug(self):
        """The slave side is held by the driver alone then, as a USB serial device is."""
        for fd in (self._slave, self.master):
            if fd >= 0:
                os.close(fd)
        self.master = self._slave = -1


@pytest.fixture
def terminal():
    terminal = Terminal()
    yield terminal
    terminal.unplug()


@pytest.fixture
def port(terminal):
    port = SerialPort("acceptor", terminal.path, Line())
    yield port
    port.close()


def test_bytes_both_ways(terminal, port):
    port.write(b"\xfc\x05\x11\x27\x56")
    assert os.read(terminal.master, 100) == b"\xfc\x05\x11\x27\x56"
    os.write(terminal.master, bytes(range(256)))
    assert port.read(1.0) == bytes(range(256))


def test_nothing_to_read_is_no_loss(port):
    assert port.read(0.01) == b""


def test_read_returns_as_soon_as_something_came(terminal, port):
    threading.Timer(0.02, os.write, (terminal.master, b"x")).start()
    assert port.read(5.0) == b"x"


def test_without_parity_the_same_terminal_opens_again_and_again(terminal):
    for byte in (b"a", b"b", b"c"):
        port = SerialPort("acceptor", terminal.path, Line())
        os.write(terminal.master, byte)
        assert port.read(1.0) == byte
        port.close()


def test_seven_bits_without_their_parity_bit_are_eight(terminal):
    """A terminal carries neither: asked for 7E1 it opens once, and then never again."""
    line = Line(bits=7, parity="even").with_parity("none")
    assert str(line) == "9600 8N1"
    for _ in range(3):
        SerialPort("acceptor", terminal.path, line).close()


def test_another_parity_leaves_the_bits_alone():
    assert str(Line(bits=7, parity="even").with_parity("odd")) == "9600 7O1"
    assert str(Line().with_parity("even")) == "9600 8E1"


def test_a_terminal_that_refuses_parity_is_explained(terminal):
    """The kernel drops the parity bit; glibc then fails the second time nothing else changes."""
    refusals = []
    for _ in range(2):
        try:
            SerialPort("acceptor", terminal.path, Line(parity="even")).close()
        except LinkLost as error:
            refusals.append(str(error))
    if not refusals:
        pytest.skip("this system's C library lets parity pass")
    assert all("9600 8E1" in text and "parity none" in text for text in refusals)


def test_unplugged_while_reading(terminal, port):
    threading.Timer(0.02, terminal.unplug).start()
    gone = f"acceptor: {terminal.path} is gone: read failed: the device hung up"
    with pytest.raises(LinkLost, match=gone):
        port.read(5.0)


def test_unplugged_before_writing(terminal, port):
    terminal.unplug()
    with pytest.raises(LinkLost, match="is gone: write failed"):
        port.write(b"x")


def test_used_after_close(port):
    port.close()
    with pytest.raises(LinkLost):
        port.read(0.0)
    with pytest.raises(LinkLost):
        port.write(b"x")
    port.close()


def test_a_peer_that_does_not_read(terminal, port, monkeypatch):
    monkeypatch.setattr(port._serial, "_write_timeout", 0.05)
    with pytest.raises(LinkLost, match="write failed"):
        port.write(bytes(1_000_000))


def test_only_one_program_at_a_time(terminal, port):
    with pytest.raises(LinkLost, match="another program has it open"):
        SerialPort("acceptor", terminal.path, Line())


def test_a_link_is_resolved_at_each_opening(terminal, tmp_path):
    link = tmp_path / "acceptor"
    link.symlink_to(terminal.path)
    SerialPort("acceptor", str(link), Line()).close()
    other = Terminal()
    link.unlink()
    link.symlink_to(other.path)
    port = SerialPort("acceptor", str(link), Line())
    os.write(other.master, b"other")
    assert port.read(1.0) == b"other"
    port.close()
    other.unplug()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: None, "it is not there. Is the device plugged in"),
        (Path.mkdir, "it is a directory, not a serial device"),
        (Path.touch, "it is a file, not a serial device"),
        (
            lambda path: path.symlink_to("/dev/gone"),
            "it is a link to /dev/gone, which is not there",
        ),
    ],
    ids=["missing", "directory", "file", "dangling link"],
)
def test_what_cannot_be_opened(tmp_path, make, why):
    path = tmp_path / "port"
    make(path)
    with pytest.raises(LinkLost, match=f"cannot open {path}: {why}") as caught:
        SerialPort("acceptor", str(path), Line())
    assert caught.value.device == "acceptor"


def test_a_character_device_that_is_no_terminal():
    with pytest.raises(LinkLost, match=r"cannot open /dev/null: it is not a serial device$"):
        SerialPort("acceptor", "/dev/null", Line())


NOBODY = 65534
OPEN_AS_NOBODY = """
import os, sys
from drivers.errors import LinkLost
from drivers.port import Line, SerialPort
import serial
os.setuid(int(sys.argv[2]))
try:
    SerialPort("acceptor", sys.argv[1], Line())
except LinkLost as error:
    print(error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not")
def test_no_permission(terminal):
    Path(terminal.path).chmod(0o600)
    ran = subprocess.run(
        [sys.executable, "-c", OPEN_AS_NOBODY, terminal.path, str(NOBODY)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.endswith("no permission. Is this user in the group dialout?\n")
