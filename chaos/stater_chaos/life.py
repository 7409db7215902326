"""One seed: a world is built, lives, is mended, comes to rest, and is judged."""

import logging
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hardware_sim.bill_acceptor.protocols import PROTOCOLS
from hardware_sim.link import LineFaults
from kiosk.screen_link.snapshot import ScreenState
from stater_chaos.central_host import CentralHost
from stater_chaos.checker import Checker
from stater_chaos.clockwork import START_S, Clockwork, Process, dice
from stater_chaos.customer import Customers
from stater_chaos.disk import Disk
from stater_chaos.machine import EPOCH_MS, Build, Machine
from stater_chaos.mischief import Mischief, taste
from stater_chaos.network import Network
from stater_chaos.node import Node
from stater_chaos.seams import product_in
from stater_chaos.story import Story

LIFE_S_MAX = 3_600.0
REST_S_MAX = 3_600.0
BLOCK_EVERY_S = 45.0
IN_MEMORY = Path("/dev/shm")  # noqa: S108  # a file there costs no disk; elsewhere a temporary folder does


@dataclass(frozen=True)
class Outcome:
    seed: int
    violation: str | None
    story: tuple[str, ...]
    sales: int
    sales_with_cash: int
    injected: Counter[str]
    crashes: int
    checks: int
    seconds: float  # of the world's own time


@dataclass
class World:
    seed: int
    folder: Path
    visits: int = 3
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = chance = dice(self.seed)
        self.clockwork = clockwork = Clockwork()
        self.story = Story(clockwork)
        self.node = Node(dice(chance.getrandbits(64)))
        self.central = CentralHost(
            clockwork,
            self.folder,
            Disk(clockwork, chance),
            self.node,
            lambda: EPOCH_MS + int(clockwork.now_s * 1000),
        )
        self.checker = Checker(self.central, self._violated)
        self.machines = [self._machine(number) for number in range(chance.choice((1, 1, 2)))]
        self.mischief = Mischief(
            clockwork,
            dice(chance.getrandbits(64)),
            self.machines,
            self.central,
            self.story,
            every_s=chance.choice((5.0, 15.0, 60.0)),
            spite=chance.choice((0.0, 0.3, 0.8)),
            tastes=taste(chance),
        )
        for machine in self.machines:
            machine.on_event = lambda event, machine=machine: self.mischief.watch(machine, event)  # type: ignore[misc]
        self.customers = [
            Customers(
                clockwork,
                dice(chance.getrandbits(64)),
                machine,
                self.visits,
                fidgets=chance.choice((0.0, 0.03, 0.15)),
            )
            for machine in self.machines
        ]

    def _machine(self, number: int) -> Machine:
        chance, clockwork = self.chance, self.clockwork
        build = Build(
            kiosk_id=f"kiosk-{number + 1}",
            protocol=chance.choice(sorted(PROTOCOLS)),
            has_printer=chance.random() < 0.2,
            second_scan=number > 0,
            motor_speed=chance.choice((1.0, 4.0, 4.0)),
            line_faults=chance.choice(
                (
                    LineFaults(),
                    LineFaults(),
                    LineFaults(lose=0.02, corrupt=0.02, split=0.1, delay_s=0.02),
                )
            ),
        )
        network = Network(clockwork, chance, self.central)
        machine = Machine(
            clockwork,
            chance,
            self.folder / build.kiosk_id,
            build,
            network,
            self.story,
            self._violated,
        )
        machine.disk.after_commit = lambda: self.checker.after_kiosk_commit(machine)
        machine.screen.on_show = lambda snapshot: self.checker.on_show(machine, snapshot)
        return machine

    def _violated(self, why: str) -> None:
        self.violations.append(why)
        self.story.tell(f"VIOLATION: {why}")

    @property
    def is_broken(self) -> bool:
        return bool(self.violations)

    def live(self) -> None:
        clockwork, people = self.clockwork, Process("people")
        for machine in self.machines:
            self.central.register(machine.build.kiosk_id, machine.public_key)
        self.central.disk.after_commit = self.checker.after_central_commit
        self.node.on_payment = self._on_payment
        self.central.start()
        for machine in self.machines:
            machine.start()
        for customers in self.customers:
            clockwork.spawn(people, customers.live)
        clockwork.spawn(people, self.mischief.live)
        clockwork.spawn(people, self._mine)
        clockwork.run(START_S + LIFE_S_MAX, lambda: self.is_broken or self._shop_is_empty())
        if not self.is_broken:
            self.mischief.heal()
            for customers in self.customers:
                customers.visits_left = 0
            clockwork.run(clockwork.now_s + REST_S_MAX, lambda: self.is_broken or self._is_quiet())
        if not self.is_broken and not self._is_quiet():
            self._violated(f"it never comes to rest: {self._restlessness()}")
        if not self.is_broken:
            self.checker.at_the_end(self.machines)

    def _mine(self) -> None:
        while True:
            self.clockwork.wait(BLOCK_EVERY_S)
            self.node.mine()

    def _on_payment(self, transfer_id: str, txid: str) -> None:
        self.checker.on_payment(transfer_id, txid)

    def _shop_is_empty(self) -> bool:
        return all(customers.visits_left <= 0 for customers in self.customers)

    _looked_s = 0.0
    _quiet = False

    def _is_quiet(self) -> bool:
        """Looked at once a second of the world's time: it asks the databases."""
        if self.clockwork.now_s - self._looked_s >= 1.0:
            self._looked_s = self.clockwork.now_s
            self._quiet = not self._restlessness()
        return self._quiet

    def _restlessness(self) -> list[str]:
        open_things = []
        for machine in self.machines:
            shown = machine.screen.shown
            name = machine.build.kiosk_id
            if shown is None or shown.state is not ScreenState.IDLE:
                state = f"{shown.state.value} {shown.service}" if shown else "nothing"
                open_things.append(f"{name} shows {state}")
                continue
            [(behind,)] = self.checker.rows(
                machine.config.database,
                "SELECT (SELECT coalesce(max(seq), 0) FROM outbox) - acknowledged_seq FROM sync",
            )
            if behind:
                open_things.append(f"{name} has {behind} facts that central has not")
            [(on_the_way,)] = self.checker.rows(
                machine.config.database, "SELECT count(*) FROM bill WHERE outcome IS NULL"
            )
            if on_the_way or machine.acceptor.simulator.acceptor.bill is not None:
                open_things.append(f"{name} holds a bill")
        if self.central.is_ready:
            rows = self.checker.rows(
                self.central.database,
                "SELECT transfer_id, state FROM transfers WHERE state IN ('prepared', 'finalized', 'signed')",
            )
            open_things += [f"transfer {transfer} is {state}" for transfer, state in rows]
        else:
            open_things.append("central is not ready")
        return open_things

    def outcome(self) -> Outcome:
        sales = [
            self.checker.rows(
                machine.config.database,
                "SELECT (SELECT count(*) FROM outbox WHERE kind = 'session_started'),"
                " (SELECT count(DISTINCT session_id) FROM bill WHERE outcome = 'credited')",
            )[0]
            for machine in self.machines
        ]
        return Outcome(
            seed=self.seed,
            violation=self.violations[0] if self.violations else None,
            story=tuple(self.story.lines),
            sales=sum(s for s, _ in sales),
            sales_with_cash=sum(c for _, c in sales),
            injected=self.mischief.injected,
            crashes=self.central.crashes + sum(machine.crashes for machine in self.machines),
            checks=self.checker.checks,
            seconds=self.clockwork.now_s - START_S,
        )


def live(seed: int, visits: int = 3) -> Outcome:
    """The same seed, the same life."""
    logging.disable(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
    try:
        world = World(seed, folder, visits)
        with product_in(world.clockwork, world.chance):
            try:
                world.live()
                return world.outcome()
            finally:
                world.clockwork.end()
                world.checker.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        logging.disable(logging.NOTSET)
