"""Who sees each commit, each write and each report of one kiosk pass, and cuts at the one it was given.

A commit and a write are known by their numbers, learnt in a life without a cut: the same dice give the same life up to
the cut.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.port import Line
from hardware_sim.bill_acceptor.parts import Timing
from stater_chaos.acceptor_line import AcceptorPort
from stater_chaos.clockwork import Clockwork
from stater_chaos.cut_phases import Commit, Cut, Motion, Phase, Write
from stater_chaos.disk import Disk
from stater_chaos.machine import Machine

Marks = dict[str, int]  # the number of the commit, or of the write, by what it brought


class Watch:
    """This one only learns."""

    def __init__(self) -> None:
        self.marks: Marks = {}
        self._commits = self._writes = 0
        self._is_writing = False

    def before_commit(self) -> None:
        self._commits += 1

    def after_commit(self, names: set[str]) -> None:
        """`names`: all the facts and events that are on disk by now."""
        for name in names - self.marks.keys():
            self.marks[name] = self._commits

    def write(self, data: bytes, out: Callable[[bytes], None]) -> None:
        self._writes += 1
        self._is_writing = True
        out(data)
        self._is_writing = False

    def reported(self, event: str) -> None:
        if self._is_writing:
            self.marks.setdefault(event, self._writes)


class Cutter(Watch):
    def __init__(
        self,
        phase: Phase,
        kind: Cut,
        learnt: Marks,
        clockwork: Clockwork,
        cut: Callable[[Cut], None],
    ) -> None:
        super().__init__()
        self._moment, self._kind, self._learnt = phase.moment, kind, learnt
        self._clockwork, self._cut = clockwork, cut
        self.has_cut = False

    def before_commit(self) -> None:
        super().before_commit()
        match self._moment:
            case Commit(name, is_before=True) if self._learnt.get(name) == self._commits:
                self._now()

    def after_commit(self, names: set[str]) -> None:
        match self._moment:
            case Commit(name, is_before=False) if name in names and not self.has_cut:
                self._now()

    def write(self, data: bytes, out: Callable[[bytes], None]) -> None:
        self._writes += 1
        match self._moment:
            case Write(motion, is_half) if self._learnt.get(motion) == self._writes:
                gone = self._gone(data, is_half=is_half)
                out(data[:gone])
                self._now()
                out(data[gone:])
            case _:
                out(data)

    def _gone(self, data: bytes, *, is_half: bool) -> int:
        """How many bytes the device hears before the cut."""
        if is_half:
            return len(data) // 2
        return 0 if self._kind in (Cut.DEVICE, Cut.MAINS) else len(data)

    def reported(self, event: str) -> None:
        match self._moment:
            case Motion(name, delay_s) if name == event and not self.has_cut:
                self.has_cut = True
                self._clockwork.after(delay_s(Timing()), lambda: self._cut(self._kind))

    def _now(self) -> None:
        self.has_cut = True
        self._cut(self._kind)


@dataclass
class WatchedDisk(Disk):
    before_commit: Callable[[], None] = field(default=lambda: None)

    def before(self) -> None:
        self.before_commit()
        super().before()


@dataclass
class WatchedMachine(Machine):
    watch: Watch = field(default_factory=Watch)

    def open_port(self, device: str, path: str, line: Line) -> "WatchedPort":
        return WatchedPort(super().open_port(device, path, line), self.watch)

    def _report(self, event: str, **details: object) -> None:
        super()._report(event, **details)
        self.watch.reported(event)


class WatchedPort:
    """`drivers.port.Port`."""

    def __init__(self, port: AcceptorPort, watch: Watch) -> None:
        self._port, self._watch = port, watch

    def read(self, timeout_s: float) -> bytes:
        return self._port.read(timeout_s)

    def write(self, data: bytes) -> None:
        self._watch.write(data, self._port.write)

    def close(self) -> None:
        self._port.close()
