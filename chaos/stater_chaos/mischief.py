"""What breaks, when, and who mends it: by seed. Each seed has a taste of its own for some kinds of trouble."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from stater_chaos.central_host import CentralHost
from stater_chaos.clockwork import Clockwork, Death, Moment
from stater_chaos.machine import QUICK_FSYNC_S, Machine
from stater_chaos.network import QUICK_S
from stater_chaos.story import Story

SOON = {Moment.COMMIT: 2, Moment.WIRE: 20, Moment.LINE: 2}  # on average after so many
SPITE_S = (0.0, 0.05, 0.3, 1.0)  # at the very moment, or soon
BILL_MOVES = ("accepting", "escrowed", "stacking", "credit_reported", "stacked", "returning")
YEAR_MS = 365 * 86_400_000


AT_A_BILL = (
    *("core killed", "mains cut", "acceptor without power", "cable pulled", "acceptor mute"),
    *("line noise", "jam", "cheat", "acceptor deaf", "slow disk", "disk full"),
)


def taste(chance: random.Random) -> frozenset[str]:
    """A few kinds of trouble for a life: of all, or of those that meet a bill on its way."""
    known, most = chance.choice(((sorted(KINDS), 6), (AT_A_BILL, 3)))
    return frozenset(chance.sample(known, chance.randint(1, most)))


@dataclass
class Mischief:
    clockwork: Clockwork
    chance: random.Random
    machines: list[Machine]
    central: CentralHost
    story: Story
    every_s: float
    spite: float
    tastes: frozenset[str] = frozenset()
    injected: Counter[str] = field(default_factory=Counter)
    is_over: bool = False

    def live(self) -> None:
        kinds = [kind for kind in KINDS if kind in self.tastes]
        while kinds and not self.is_over:
            self.clockwork.wait(self.chance.expovariate(1 / self.every_s))
            if not self.is_over:
                self._do(self.chance.choice(kinds), self.chance.choice(self.machines))

    def watch(self, machine: Machine, event: str) -> None:
        """Trouble likes company: a bill that moves draws it."""
        if event in BILL_MOVES and self.tastes and self.chance.random() < self.spite:
            kind = self.chance.choice(sorted(self.tastes))
            self.later(
                self.chance.choice(SPITE_S),
                lambda: None if self.is_over else self._do(kind, machine),
            )

    def _do(self, kind: str, machine: Machine) -> None:
        self.injected[kind] += 1
        self.story.tell(f"{machine.build.kiosk_id}: {kind}")
        KINDS[kind](self, machine)

    def death(self) -> Death:
        moment = self.chance.choice((Moment.COMMIT, *Moment))
        return Death(moment, 1 + int(self.chance.expovariate(1 / SOON[moment])))

    def later(self, most_s: float, call: Callable[[], object]) -> None:
        self.clockwork.after(self.chance.random() * most_s, call)

    def heal(self) -> None:
        """Everything is mended, and stays so."""
        self.is_over = True
        self.story.tell("everything is mended")
        self.central.node.is_away, self.central.node.loses_answers = False, 0.0
        self.central.disk.is_full = False
        self.central.process.death = None
        for machine in self.machines:
            self._heal(machine)

    def _heal(self, machine: Machine) -> None:
        machine.process.death = None
        machine.disk.is_full, machine.disk.slowest_s = False, QUICK_FSYNC_S
        machine.network.is_cut, machine.network.slowest_s = False, QUICK_S
        machine.network.loses = machine.network.repeats = 0.0
        machine.clock.wrong_by_ms = 0
        machine.screen.is_up = machine.camera_works = machine.printer.plugged = True
        machine.acceptor.plug()
        machine.acceptor.simulator.faults.muted_until_s = 0.0
        if not machine.has_power:
            machine.restore_mains()
        for words in ("power on", "replace-cashbox", "clear"):
            machine.do(words)


def _kill_core(m: Mischief, machine: Machine) -> None:
    machine.process.death = m.death()


def _kill_central(m: Mischief, _machine: Machine) -> None:
    m.central.process.death = Death(Moment.COMMIT, m.chance.randrange(1, 30))


def _kill_both(m: Mischief, machine: Machine) -> None:
    _kill_core(m, machine)
    _kill_central(m, machine)


def _crash_screen(m: Mischief, machine: Machine) -> None:
    machine.screen.is_up = False
    m.later(8, lambda: setattr(machine.screen, "is_up", True))


def _cut_mains(m: Mischief, machine: Machine) -> None:
    if machine.has_power:
        machine.cut_mains()
        m.later(20, lambda: None if machine.has_power else machine.restore_mains())


def _cut_device_power(m: Mischief, machine: Machine) -> None:
    machine.do("power off")
    m.later(15, lambda: machine.do("power on") if machine.has_power else None)


def _pull_cable(m: Mischief, machine: Machine) -> None:
    machine.acceptor.unplug()
    m.later(12, machine.acceptor.plug)


def _mute(m: Mischief, machine: Machine) -> None:
    machine.do(f"mute {m.chance.random() * 6:.3f}")


def _noise(m: Mischief, machine: Machine) -> None:
    machine.do(f"corrupt {m.chance.randrange(1, 12)}")


def _deafen(m: Mischief, machine: Machine) -> None:
    machine.acceptor.writes_to_lose = m.chance.randrange(1, 8)


def _jam(m: Mischief, machine: Machine) -> None:
    machine.do(m.chance.choice(("jam acceptor", "jam stacker", "jam")))
    for wait_s in (10, 30, 60):
        words = m.chance.choice(("clear", "clear", "clear into-cashbox"))
        m.clockwork.after(m.chance.random() * wait_s, lambda w=words: machine.do(w))  # type: ignore[misc]


def _cheat(_m: Mischief, machine: Machine) -> None:
    machine.do("cheat")


def _reject(_m: Mischief, machine: Machine) -> None:
    machine.do("reject")


def _cashbox(m: Mischief, machine: Machine) -> None:
    machine.do("remove-cashbox")
    m.later(30, lambda: machine.do("replace-cashbox"))


def _cut_network(m: Mischief, machine: Machine) -> None:
    machine.network.is_cut = True
    m.later(45, lambda: setattr(machine.network, "is_cut", False))


def _bad_network(m: Mischief, machine: Machine) -> None:
    line = machine.network
    line.loses, line.repeats = m.chance.random() * 0.4, m.chance.random() * 0.5
    line.slowest_s = m.chance.choice((0.05, 1.0, 6.0))

    def mend() -> None:
        line.loses = line.repeats = 0.0
        line.slowest_s = QUICK_S

    m.later(60, mend)


def _clock_jump(m: Mischief, machine: Machine) -> None:
    machine.clock.wrong_by_ms = m.chance.choice(
        (0, -5_000, 3_600_000, -3_600_000, -20 * YEAR_MS, YEAR_MS)
    )


def _disk_full(m: Mischief, machine: Machine) -> None:
    machine.disk.is_full = True
    m.later(20, lambda: setattr(machine.disk, "is_full", False))


def _slow_disk(m: Mischief, machine: Machine) -> None:
    machine.disk.slowest_s = m.chance.choice((0.05, 0.5, 3.0))
    m.later(40, lambda: setattr(machine.disk, "slowest_s", QUICK_FSYNC_S))


def _central_disk_full(m: Mischief, _machine: Machine) -> None:
    m.central.disk.is_full = True
    m.later(30, lambda: setattr(m.central.disk, "is_full", False))


def _node_away(m: Mischief, _machine: Machine) -> None:
    m.central.node.is_away = True
    m.later(30, lambda: setattr(m.central.node, "is_away", False))


def _node_deaf(m: Mischief, _machine: Machine) -> None:
    m.central.node.loses_answers = 0.5
    m.later(60, lambda: setattr(m.central.node, "loses_answers", 0.0))


def _reorganise(m: Mischief, _machine: Machine) -> None:
    m.central.node.reorganise()


def _forget_mempool(m: Mischief, _machine: Machine) -> None:
    m.central.node.forget_mempool()


def _printer(m: Mischief, machine: Machine) -> None:
    machine.printer.plugged = False
    m.later(30, lambda: setattr(machine.printer, "plugged", True))


def _camera(m: Mischief, machine: Machine) -> None:
    machine.camera_works = False
    m.later(30, lambda: setattr(machine, "camera_works", True))


KINDS: dict[str, Callable[[Mischief, Machine], None]] = {
    "core killed": _kill_core,
    "central killed": _kill_central,
    "core and central killed": _kill_both,
    "screen crashed": _crash_screen,
    "mains cut": _cut_mains,
    "acceptor without power": _cut_device_power,
    "cable pulled": _pull_cable,
    "acceptor mute": _mute,
    "line noise": _noise,
    "acceptor deaf": _deafen,
    "jam": _jam,
    "cheat": _cheat,
    "bill rejected": _reject,
    "cashbox out": _cashbox,
    "network cut": _cut_network,
    "network slow, lossy, repeating": _bad_network,
    "clock jump": _clock_jump,
    "disk full": _disk_full,
    "slow disk": _slow_disk,
    "central's disk full": _central_disk_full,
    "node away": _node_away,
    "node's answers lost": _node_deaf,
    "block reorganised": _reorganise,
    "mempool forgotten": _forget_mempool,
    "printer unplugged": _printer,
    "camera gone": _camera,
}
