"""A printer at the other end of a path: one that answers, and one that can only be written to.

Responsible for: asking and waiting for answers, each with its own deadline, and for knowing when a
receipt is out. Not responsible for: coming back after the port is lost.
"""

import os
import select
import stat
from pathlib import Path
from typing import Protocol

from drivers.clock import Clock
from drivers.errors import LinkLost
from drivers.faults import FaultCode
from drivers.port import Port
from drivers.printer.status import (
    ASK_IN_TURN,
    STILL_PRINTS,
    AutomaticStatus,
    Heard,
    InTurn,
    Query,
    Reply,
    StatusReader,
    ask,
    faults_of,
)

DEVICE = "printer"
REPLY_LIMIT_S = 0.5  # a DLE EOT is answered within milliseconds; at 9600 baud a byte takes one
ROUNDS = 2  # one lost byte is not silence
FINISH_LIMIT_S = 10.0  # a long receipt with a QR code prints in five
FINISH_PAUSE_S = 0.1
WRITE_LIMIT_S = 5.0  # for one chunk
CHUNK_BYTES = 512  # half a second at 9600 baud; a port gives up on a write after two

_PASSING = frozenset(
    {FaultCode.PRINTER_OFFLINE, FaultCode.PRINTER_SILENT}
)  # a busy printer may be

Faults = frozenset[FaultCode]
NO_FAULTS: Faults = frozenset()


class Connection(Protocol):
    """Everything here raises LinkLost when the path is gone."""

    def status(self) -> Faults:
        """The printer's, asked now."""
        ...

    def heard(self) -> Faults | None:
        """What the printer has said by itself meanwhile; None when nothing."""
        ...

    def print(self, data: bytes) -> Faults:
        """Sends the receipt and waits until it is out. What stands then says whether it is."""
        ...

    def close(self) -> None: ...


class AnsweringPrinter:
    """On a serial port."""

    def __init__(self, port: Port, clock: Clock) -> None:
        self._port = port
        self._clock = clock
        self._reader = StatusReader()

    def status(self) -> Faults:
        return self._asked([])

    def heard(self) -> Faults | None:
        told = [h for h in self._listen(0) if isinstance(h, AutomaticStatus)]
        return told[-1].faults if told else None

    def print(self, data: bytes) -> Faults:
        job = data + ASK_IN_TURN
        for start in range(0, len(job), CHUNK_BYTES):
            self._port.write(job[start : start + CHUNK_BYTES])
        return self._finished()

    def close(self) -> None:
        self._port.close()

    def _finished(self) -> Faults:
        """Not every printer knows ASK_IN_TURN: one that never answers it is believed on its status."""
        give_up_s = self._clock.monotonic_s() + FINISH_LIMIT_S
        others: list[Heard] = []
        while True:
            faults = self._asked(others)
            is_worked_off = any(isinstance(heard, InTurn) for heard in others)
            is_out = is_worked_off and not faults - STILL_PRINTS
            needs_a_person = bool(faults - STILL_PRINTS - _PASSING)
            if is_out or needs_a_person or self._clock.monotonic_s() >= give_up_s:
                return faults
            others += self._listen(FINISH_PAUSE_S)

    def _asked(self, others: list[Heard]) -> Faults:
        """The answers to all four queries. What else was heard meanwhile goes to `others`."""
        for _ in range(ROUNDS):
            replies = self._round(others)
            if replies is not None:
                return faults_of(replies)
            # An answer that comes late must not be taken for the answer to the next question.
            others += self._listen(REPLY_LIMIT_S)
        return frozenset({FaultCode.PRINTER_SILENT})

    def _round(self, others: list[Heard]) -> dict[Query, int] | None:
        replies: dict[Query, int] = {}
        for query in Query:
            others += self._listen(0)
            self._port.write(ask(query))
            reply = self._reply(others)
            if reply is None:
                return None
            replies[query] = reply
        return replies

    def _reply(self, others: list[Heard]) -> int | None:
        give_up_s = self._clock.monotonic_s() + REPLY_LIMIT_S
        while (left_s := give_up_s - self._clock.monotonic_s()) > 0:
            heard = self._listen(left_s)
            others += [h for h in heard if not isinstance(h, Reply)]
            replies = [h.byte for h in heard if isinstance(h, Reply)]
            if replies:
                return replies[-1]
        return None

    def _listen(self, timeout_s: float) -> list[Heard]:
        return self._reader.feed(self._port.read(timeout_s))


class FilePrinter:
    """A device or a file that takes bytes and gives none back: what has been written counts as printed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            # Not created: a printer that is unplugged must not become a file in /dev.
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise LinkLost(DEVICE, f"cannot open {path}: {error.strerror}") from error
        self._identity = _identity(os.fstat(self._file))

    def status(self) -> Faults:
        try:
            is_same = _identity(self._path.stat()) == self._identity
        except OSError as error:
            raise LinkLost(DEVICE, f"{self._path} is gone: {error.strerror}") from error
        if not is_same:
            raise LinkLost(DEVICE, f"{self._path} is another device now")
        return NO_FAULTS

    def heard(self) -> Faults | None:
        return None

    def print(self, data: bytes) -> Faults:
        """A printer that is out of paper takes no bytes."""
        left = memoryview(data)
        while left:
            _, ready, _ = select.select([], [self._file], [], WRITE_LIMIT_S)
            if not ready:
                return frozenset({FaultCode.PRINTER_OFFLINE})
            try:
                left = left[os.write(self._file, left[:CHUNK_BYTES]) :]
            except BlockingIOError:
                return frozenset({FaultCode.PRINTER_OFFLINE})
            except OSError as error:
                raise LinkLost(
                    DEVICE, f"cannot write to {self._path}: {error.strerror}"
                ) from error
        return self.status()

    def close(self) -> None:
        os.close(self._file)


def _identity(found: os.stat_result) -> tuple[int, int, int]:
    """A device that was unplugged and came back has the same path and is another file."""
    return stat.S_IFMT(found.st_mode), found.st_dev, found.st_ino
