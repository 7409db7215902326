"""The wires between a simulated device and its host: a pseudo-terminal, and a pair of queues for tests.

Responsible for: bytes there and back, the plug going out and in, and the seeded faults of a bad line.
Not responsible for: frames, timing of the protocol, or what the bytes mean.

A pseudo-terminal has no parity, no seven-bit bytes and no modem lines: the kernel forces 8N1 on it.
"""

import errno
import os
import random
import termios
import tty
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

Clock = Callable[[], float]  # monotonic seconds

_CHUNK_BYTES = 4096  # what the kernel's pty buffer holds
_INPUT_SPEED, _OUTPUT_SPEED = 4, 5  # places in the list of termios.tcgetattr


class Link(Protocol):
    """One end of a wire; `read` never waits and gives b"" when nothing has come."""

    def read(self) -> bytes: ...

    def write(self, data: bytes) -> None: ...


class PtyLink:
    """A pseudo-terminal found at `path`, a symlink that moves when the device is plugged in again."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._master = -1
        self._slave = -1
        self._pty = ""
        self.plug()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def plugged(self) -> bool:
        return self._master >= 0

    @property
    def pty(self) -> str:
        """The terminal's own name, such as /dev/pts/7; empty while unplugged."""
        return self._pty

    def fileno(self) -> int:
        if not self.plugged:
            raise OSError(errno.ENODEV, "the simulated device is unplugged", str(self._path))
        return self._master

    def read(self) -> bytes:
        """What the host has sent; call it often, for it also keeps the terminal easy to open."""
        if not self.plugged:
            return b""
        self._invite_odd_settings()
        try:
            return os.read(self._master, _CHUNK_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno != errno.EIO:  # EIO: the last opener of the other end has left
                raise
            return b""

    def write(self, data: bytes) -> None:
        """Send at once; what nobody reads is lost, as on a real serial line."""
        if not self.plugged:
            return
        try:
            os.write(self._master, data)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.EIO:
                raise

    def plug(self) -> None:
        """Make a new terminal and point the symlink at it, as a USB adapter comes back renamed."""
        if self.plugged:
            return
        if self._path.exists() and not self._path.is_symlink():
            raise FileExistsError(errno.EEXIST, "is a real file, not a link", str(self._path))
        self._master, self._slave = os.openpty()  # our slave end keeps the master alive
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)
        self._pty = os.ttyname(self._slave)
        try:
            self._point_symlink()
        except OSError:
            self._hang_up()
            raise

    def unplug(self) -> None:
        """Close the terminal under the host, whose next read or write fails as after a real unplug."""
        if not self.plugged:
            return
        if self._path.is_symlink() and str(self._path.readlink()) == self._pty:
            self._path.unlink()
        self._hang_up()

    def close(self) -> None:
        self.unplug()

    def _hang_up(self) -> None:
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1
        self._pty = ""

    def _point_symlink(self) -> None:
        fresh = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(self._pty)
        fresh.replace(self._path)

    def _invite_odd_settings(self) -> None:
        # glibc refuses a tcsetattr whose only wish is parity or seven bits, which a pty cannot grant;
        # with another speed set there is always something it can grant, and a host that asks for
        # 9600 8E1 or 7E1 may open the terminal again and again.
        settings = termios.tcgetattr(self._slave)
        if settings[_OUTPUT_SPEED] != termios.B50:
            settings[_INPUT_SPEED] = settings[_OUTPUT_SPEED] = termios.B50
            termios.tcsetattr(self._slave, termios.TCSANOW, settings)


@dataclass(frozen=True, kw_only=True)
class LineFaults:
    """How bad a line is; each chance is of one write, from 0 to 1."""

    lose: float = 0.0  # the whole write never arrives
    corrupt: float = 0.0  # one byte of it arrives with one bit flipped
    split: float = 0.0  # it arrives in two pieces
    gap_s: float = 0.05  # between those two pieces
    delay_s: float = 0.0  # at most this late, by chance; order is kept


@dataclass
class _Wire:
    clock: Clock
    faults: LineFaults
    chance: random.Random
    _under_way: deque[tuple[float, bytes]] = field(default_factory=deque)

    def carry(self, data: bytes) -> None:
        if not data or self.chance.random() < self.faults.lose:
            return
        if self.chance.random() < self.faults.corrupt:
            data = self._damaged(data)
        due = self._after_what_is_under_way(self.chance.random() * self.faults.delay_s)
        if len(data) > 1 and self.chance.random() < self.faults.split:
            cut = self.chance.randrange(1, len(data))
            self._under_way.append((due, data[:cut]))
            due, data = due + self.faults.gap_s, data[cut:]
        self._under_way.append((due, data))

    @property
    def due_s(self) -> float | None:
        """When the next piece arrives."""
        return self._under_way[0][0] if self._under_way else None

    def arrived(self) -> bytes:
        pieces = []
        while self._under_way and self._under_way[0][0] <= self.clock():
            pieces.append(self._under_way.popleft()[1])
        return b"".join(pieces)

    def _damaged(self, data: bytes) -> bytes:
        at = self.chance.randrange(len(data))
        return data[:at] + bytes([data[at] ^ (1 << self.chance.randrange(8))]) + data[at + 1 :]

    def _after_what_is_under_way(self, delay_s: float) -> float:
        due = self.clock() + delay_s
        return max(due, self._under_way[-1][0]) if self._under_way else due


@dataclass(frozen=True)
class MemoryLink:
    """One end of a wire inside this process."""

    _incoming: _Wire
    _outgoing: _Wire

    @property
    def due_s(self) -> float | None:
        """When there will be something to read; None when nothing is under way."""
        return self._incoming.due_s

    def read(self) -> bytes:
        return self._incoming.arrived()

    def write(self, data: bytes) -> None:
        self._outgoing.carry(data)


def memory_links(
    clock: Clock, faults: LineFaults | None = None, seed: int = 0
) -> tuple[MemoryLink, MemoryLink]:
    """Two ends of one wire; the same seed gives the same faults."""
    chance = random.Random(seed)  # noqa: S311 (a bad line is no secret)
    there = _Wire(clock, faults or LineFaults(), chance)
    back = _Wire(clock, faults or LineFaults(), chance)
    return MemoryLink(there, back), MemoryLink(back, there)
