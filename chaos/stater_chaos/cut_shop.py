"""A shop where one new kiosk after another meets one customer, one bill and one cut; then all comes back, and is judged.

Responsible for: building the kiosks, doing the cut and mending it, and what is read off at the end.
Not responsible for: when to cut, which is the watch's.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from disbursement.sales import watch
from kiosk.screen_link.snapshot import ScreenState, Snapshot
from stater_chaos.central_host import CentralHost
from stater_chaos.checker import Checker
from stater_chaos.clockwork import Clockwork, Moment, Process, dice
from stater_chaos.cut_guest import PATIENCE_S, Guest
from stater_chaos.cut_phases import PHASES, Cut, Motion, Phase, Plan
from stater_chaos.cut_watch import Cutter, Marks, Watch, WatchedDisk, WatchedMachine
from stater_chaos.disk import Disk
from stater_chaos.life import IN_MEMORY, World
from stater_chaos.machine import EPOCH_MS, Build
from stater_chaos.network import Network
from stater_chaos.node import Node
from stater_chaos.seams import product_in
from stater_chaos.story import Story

SEED = 1
OUT_S = 2.5  # the power or the cable is away; a killed core is started again by its supervisor
LIMIT_MINOR = 2_000
VISIT_S_MAX = 600.0
WATCH_EVERY_S = 120.0  # central's look at old sales: nothing here is old
ENDS = {
    ScreenState.PAID: "paid",
    ScreenState.QUEUED: "paid later",
    ScreenState.DISPUTED: "claim code",
    ScreenState.CANCELLED: "cancelled",
}


@dataclass(frozen=True)
class Row:
    """How it ended."""

    booked: str  # the book's word for the bill
    place: str  # where the bill is
    shown: str  # the last that the customer saw of the sale
    reasons: tuple[str, ...]  # why it is disputed
    violations: tuple[str, ...]
    story: tuple[str, ...]


class Shop(World):
    """As `World`, without its mischief."""

    def __init__(self, folder: Path, protocol: str) -> None:
        self.folder, self.violations = folder, []
        self.clockwork = clockwork = Clockwork()
        self.chance = dice(SEED)
        self.story = Story(clockwork)
        self.node = Node(self.chance)
        disk = Disk(clockwork, self.chance)
        self.central = CentralHost(clockwork, folder, disk, self.node, self._now_ms)
        self.checker = Checker(self.central, self._violated)
        self._protocol, self._kiosks = protocol, 0
        self._last_shown = ""

    def _now_ms(self) -> int:
        return EPOCH_MS + int(self.clockwork.now_s * 1000)

    def open(self) -> None:
        self.central.disk.after_commit = self.checker.after_central_commit
        self.node.on_payment = self._on_payment
        self.central.start()

    def visit(self, plan: Plan, observer: Watch) -> Row:
        """A new kiosk, its first customer, and how it ends."""
        self.violations, self.story.lines, self._last_shown = [], [], ""
        self.machine = machine = self._new_machine(observer)
        self.machines = [machine]
        self.guest = Guest(self.clockwork, machine, plan)
        self.central.register(machine.build.kiosk_id, machine.public_key)
        machine.start()
        self.clockwork.spawn(Process("people"), self.guest.live)
        self.clockwork.run(self.clockwork.now_s + VISIT_S_MAX, self._is_over)
        if not self._is_over():
            self._violated(f"it never comes to rest: {self._restlessness()}")
        self.checker.at_the_end(self.machines)
        row = self._row()
        machine.cut_mains()
        return row

    def _new_machine(self, observer: Watch) -> WatchedMachine:
        """A key of its own for each, and the same luck: up to the cut they live the same life."""
        self._kiosks += 1
        name, luck = f"kiosk-{self._kiosks}", dice(SEED)
        machine = WatchedMachine(
            self.clockwork,
            dice(self._kiosks),
            self.folder / name,
            Build(kiosk_id=name, protocol=self._protocol, motor_speed=1.0),
            Network(self.clockwork, luck, self.central),
            self.story,
            self._violated,
            watch=observer,
        )
        limits = machine.config.limits.model_copy(update={"session_minor": LIMIT_MINOR})
        machine.config = machine.config.model_copy(update={"limits": limits})
        machine.disk = WatchedDisk(self.clockwork, luck, before_commit=observer.before_commit)
        machine.disk.after_commit = self._after_commit
        machine.screen.on_show = self._on_show
        return machine

    # --- the cut

    def cut(self, kind: Cut) -> None:
        """Here and now; the task that runs ends with its process."""
        self.story.tell(f"the cut: {kind.value}")
        self.guest.leaves_s = float("inf")
        machine = self.machine
        match kind:
            case Cut.CORE:
                machine.kill()
            case Cut.DEVICE:
                machine.do("power off")
            case Cut.MAINS:
                machine.cut_mains()
            case Cut.CABLE:
                machine.acceptor.unplug()
        self.clockwork.after(OUT_S, lambda: self._mend(kind))
        self.clockwork.point(Moment.COMMIT)  # of any kind: who is dead goes no further

    def _mend(self, kind: Cut) -> None:
        machine = self.machine
        match kind:
            case Cut.DEVICE:
                machine.do("power on")
            case Cut.MAINS:
                machine.restore_mains()
            case Cut.CABLE:
                machine.acceptor.plug()
        self.guest.leaves_s = self.clockwork.now_s + PATIENCE_S

    # --- what is seen

    def _is_over(self) -> bool:
        return self.is_broken or (self.guest.has_gone and self._is_quiet())

    def _after_commit(self) -> None:
        if not self.checker.has_books(self.machine):
            return
        self.checker.after_kiosk_commit(self.machine)
        names = self.checker.rows(
            self.machine.config.database, "SELECT kind FROM outbox UNION SELECT event FROM journal"
        )
        self.machine.watch.after_commit({name for (name,) in names})

    def _on_show(self, snapshot: Snapshot) -> None:
        self.checker.on_show(self.machine, snapshot)
        self._last_shown = ENDS.get(snapshot.state, self._last_shown)

    def _row(self) -> Row:
        bills = self.checker.rows(
            self.machine.config.database,
            "SELECT coalesce(outcome, 'in transit'), coalesce(reason, '') FROM bill",
        )
        acceptor = self.machine.acceptor.simulator.acceptor
        places = {
            "inside": acceptor.bill,
            "cashbox": acceptor.cashbox.contents,
            "customer": acceptor.tally.given_back,
            "taken out": acceptor.tally.taken_out,
        }
        return Row(
            booked=" and ".join(outcome for outcome, _ in bills) or "not seen",
            place=" and ".join(place for place, found in places.items() if found),
            shown=self._last_shown,
            reasons=tuple(reason for _, reason in bills if reason),
            violations=tuple(self.violations),
            story=tuple(self.story.lines),
        )


@contextmanager
def a_shop(protocol: str) -> Iterator[Shop]:
    folder = Path(tempfile.mkdtemp(prefix="cut-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
    try:
        shop = Shop(folder, protocol)
        with (
            product_in(shop.clockwork, shop.chance),
            mock.patch.object(watch, "WATCH_EVERY_S", WATCH_EVERY_S),
        ):
            shop.open()
            try:
                yield shop
            finally:
                shop.clockwork.end()
                shop.checker.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def live(protocol: str, kind: Cut, phases: tuple[Phase, ...] = PHASES) -> dict[str, Row]:
    """One column of a protocol's table: a row for each phase, by its name."""
    rows: dict[str, Row] = {}
    learnt: dict[Plan, Marks] = {}
    with a_shop(protocol) as shop:
        for phase in phases:
            if protocol in phase.why_not:
                continue
            if phase.plan not in learnt and not isinstance(phase.moment, Motion):
                rehearsal = Watch()
                shop.visit(phase.plan, rehearsal)
                learnt[phase.plan] = rehearsal.marks
            marks = learnt.get(phase.plan, {})
            cutter = Cutter(phase, kind, marks, shop.clockwork, shop.cut)
            rows[phase.name] = shop.visit(phase.plan, cutter)
            if not cutter.has_cut:
                raise LookupError(f"{protocol}: the moment {phase.name!r} never came")
    return rows
