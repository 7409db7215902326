"""A printer played by a script, at the other end of a real pseudo-terminal."""

import os
import re
import select
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

IDLE = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
ASB_IDLE = bytes.fromhex("10 00 00 0f")
QUESTION = re.compile(rb"\x10\x04([\x01-\x04])|\x1dr\x01")
BEGUN = re.compile(rb"(\x10\x04?|\x1dr?)\Z")


class ScriptedPrinter:
    """Answers DLE EOT and GS r as it is told to, and keeps what else it is sent."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self.replies = dict(IDLE)
        self.answers = True
        self.knows_in_turn = True
        self.noise = b""  # sent before each reply
        self.printed = b""
        self.when_printed: Callable[[ScriptedPrinter], None] | None = None
        self._master = self._wake = -1
        self._thread = threading.Thread()

    def plug_in(self) -> None:
        self._master, slave = os.openpty()
        tty.setraw(slave)
        wake, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._serve, args=(slave, wake))
        self._thread.start()
        self.link.symlink_to(os.ttyname(slave))

    def unplug(self) -> None:
        """As a USB cable does it: the port ends under whoever has it open."""
        self.link.unlink()
        os.close(self._wake)
        self._thread.join()

    def say(self, data: bytes) -> None:
        os.write(self._master, data)

    def _serve(self, slave: int, wake: int) -> None:
        pending = b""
        while wake not in select.select([self._master, wake], [], [])[0]:
            pending = self._answer(pending + os.read(self._master, 4096))
        for descriptor in (self._master, slave, wake):
            os.close(descriptor)

    def _answer(self, data: bytes) -> bytes:
        while question := QUESTION.search(data):
            self._print(data[: question.start()])
            data = data[question.end() :]
            if question[1]:
                self._reply(self.replies[question[1][0]])
            elif self.knows_in_turn and not self.replies[1] & 0x08:
                self._reply(0x00)
        begun = BEGUN.search(data)
        end = begun.start() if begun else len(data)
        self._print(data[:end])
        return data[end:]

    def _reply(self, byte: int) -> None:
        if self.answers:
            os.write(self._master, self.noise + bytes((byte,)))

    def _print(self, data: bytes) -> None:
        self.printed += data
        if data and self.when_printed:
            self.when_printed(self)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[ScriptedPrinter]:
    device = ScriptedPrinter(tmp_path / "printer")
    device.plug_in()
    yield device
    if device.link.is_symlink():
        device.unplug()
