"""Power cuts at random, by a seed, while people buy: what is killed, what the supervisor does, what they do.

One loop in one thread, on a desk of real processes. The seed fixes what happens and roughly when; what the processes
make of it is theirs. Not responsible for what must be true afterwards; see `reckoning.py`.
"""

import queue
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bip_utils import SegwitBech32Encoder

from kiosk.screen_link.intents import (
    CancelRequested,
    DismissRequested,
    FinishRequested,
    Intent,
    ScanAgainRequested,
    SendRequested,
    StartRequested,
    TermsAccepted,
    WalletConfirmed,
)
from kiosk.screen_link.snapshot import ScreenState, Snapshot
from stater_demo.desk import Desk
from stater_demo.part import Event
from stater_demo.problem import DemoProblem
from stater_demo.touchscreen import Touchscreen

S = ScreenState
STEP_S = 0.004
RESTART_S = 0.3  # RestartSec= of the units is 1
TOUCH_EVERY_S = 0.4
OFFER_EVERY_S = 0.25
BILL_S = 1.5  # a person waits so long for the bill just offered
LULL_S = 2.0
LONGEST_LULL_S = 4.0  # the moment does not come
PATIENCE_S = 90.0  # with the last customer, once nothing more goes wrong
BILLS = (1, 5, 10, 20, 50, 100)
# What a blow waits for: as the simulator tells it of a bill, or as the screen shows it. Close behind hurts most.
MOMENTS = ("inserted", "escrowed", "stacking", "stacked", "credit_acknowledged", "power")
STATES = (S.QUOTING, S.PREPARING, S.REVIEWING, S.PAYING, S.PAID, S.RECOVERING, S.DISPUTED)
CLOSE_S = 0.1


@dataclass
class Storm:
    """What goes wrong, and the supervisor who starts again what was killed."""

    desk: Desk
    rng: random.Random
    tell: Callable[[str], None]
    heard: "queue.SimpleQueue[str]" = field(default_factory=queue.SimpleQueue)
    due_s: float = 0.0
    moment: str = ""  # what the next blow waits for, if anything
    later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def hear(self, part: str, event: Event) -> None:
        if part == "bill-acceptor":
            self.heard.put(str(event["event"]))

    def tick(self, *, raging: bool) -> None:
        now_s = time.monotonic()
        for entry in [each for each in self.later if each[0] <= now_s]:
            self.later.remove(entry)
            entry[1]()
        while not self.heard.empty():
            if self.heard.get() == self.moment:
                self.moment, self.due_s = "", now_s + self.rng.uniform(0, CLOSE_S)
        if raging and now_s >= self.due_s:
            self._strike()
            self.moment = self.rng.choice((*MOMENTS, *MOMENTS, *STATES, ""))
            self.due_s = now_s + (LONGEST_LULL_S if self.moment else self.rng.uniform(0, LULL_S))

    @property
    def is_over(self) -> bool:
        return not self.later

    def _strike(self) -> None:
        blows: dict[Callable[[], None], int] = {
            lambda: self._kill("kiosk-core", self.desk.start_core): 6,
            lambda: self._kill("central", self.desk.start_central): 3,
            lambda: self._interrupt("power off", "power on"): 2,
            lambda: self._interrupt("unplug", "plug"): 2,
            self._cut_network: 2,
        }
        if "kiosk-screen" in self.desk.parts:
            blows[lambda: self._kill("kiosk-screen", self._start_screen)] = 1
        self.rng.choices(list(blows), list(blows.values()))[0]()

    def _kill(self, name: str, start: Callable[[], None]) -> None:
        part = self.desk.parts[name]
        if not part.running:
            return
        self.tell(f"kill {name}")
        part.kill()
        self._after(RESTART_S, start, f"start {name}")

    def _start_screen(self) -> None:
        self.desk.start_screen(grab_dir=self.desk.folder / "grabbed")

    def _interrupt(self, off: str, on: str) -> None:
        acceptor = self.desk.parts["bill-acceptor"]
        self.tell(off)
        acceptor.tell(off)
        self._after(self.rng.uniform(0.05, 1.5), lambda: acceptor.tell(on), on)

    def _cut_network(self) -> None:
        self.tell("cut network")
        self.desk.cable.cut()
        self._after(self.rng.uniform(0.1, 3.0), self.desk.cable.restore, "restore network")

    def _after(self, wait_s: float, act: Callable[[], None], story: str) -> None:
        def told() -> None:
            self.tell(story)
            act()

        self.later.append((time.monotonic() + wait_s, told))


@dataclass
class Customers:
    """One after the other, each with a wallet and a few bills; they do what the screen asks for."""

    desk: Desk
    rng: random.Random
    tell: Callable[[str], None]
    watch: Callable[[str], None]  # each state that the screen shows
    to_come: int
    addresses: list[str] = field(default_factory=list)
    purse: list[int] = field(default_factory=list)
    screen: Touchscreen | None = None
    shown: Snapshot | None = None
    _touched: Snapshot | None = None
    _touched_s: float = 0.0
    _offered_s: float = 0.0
    _on_phone: str = ""
    _bill_in_slot: bool = False

    def close(self) -> None:
        if self.screen is not None:
            self.screen.close()
            self.screen, self.shown = None, None

    @property
    def have_gone(self) -> bool:
        at_rest = self.shown is not None and self.shown.state is S.IDLE
        return not self.to_come and at_rest and not self.purse

    def tick(self) -> None:
        shown = self._look()
        if shown is None:
            return
        if self.shown is None or shown.state is not self.shown.state:
            self.tell(f"       {shown.state.value}")
            self.watch(shown.state.value)
        self.shown = shown
        if shown.state is S.INSERTING and self.purse and shown.service.status != "out_of_service":
            self._offer()
        elif (wish := self._wish(shown)) is not None:
            self._touch(shown, wish)

    def _look(self) -> Snapshot | None:
        if self.screen is not None and self.screen.hung_up:
            self.close()
        if self.screen is None:
            try:
                self.screen = Touchscreen(self.desk.socket, patience_s=0)
            except DemoProblem:
                return None
        return self.screen.latest

    def _wish(self, shown: Snapshot) -> Intent | None:
        match shown.state:
            case S.IDLE:
                return self._arrive() if self.to_come else self._leave()
            case S.WARNING:
                return TermsAccepted()
            case S.SCANNING:
                return self._hold_up_phone()
            case S.CONFIRMING_WALLET:
                # The phone of somebody before may still be in view.
                ours = shown.address in self.addresses[-1:]
                return WalletConfirmed() if ours else ScanAgainRequested()
            case S.INSERTING | S.JAMMED if time.monotonic() - self._offered_s > BILL_S:
                self.purse = []
                return FinishRequested() if shown.can_finish else CancelRequested()
            case S.REVIEWING:
                return SendRequested()
            case S.PAID | S.QUEUED | S.DISPUTED | S.CANCELLED:
                return DismissRequested()
            case _:
                return None

    def _arrive(self) -> Intent | None:
        if self._touched is not None and time.monotonic() - self._touched_s < TOUCH_EVERY_S:
            return None
        self.to_come -= 1
        self.addresses.append(self._new_address())
        self.purse = self.rng.choices(BILLS, k=self.rng.randint(1, 4))
        self.tell(f"customer with {self.purse}")
        return StartRequested()

    def _hold_up_phone(self) -> None:
        if self.addresses and self.addresses[-1] != self._on_phone:
            self._on_phone = self.addresses[-1]
            self.desk.parts["camera"].tell(f"show bitcoin:{self._on_phone}")

    def _new_address(self) -> str:
        """One for each, so that no payment can pass for another."""
        if self.desk.node is None:
            return str(SegwitBech32Encoder.Encode("bcrt", 0, self.rng.randbytes(20)))
        self.desk.node.mine(
            1
        )  # or the wallet's unconfirmed coins become a chain too long to relay
        return self.desk.phone.new_address()

    def _leave(self) -> None:
        self.purse = []

    def _offer(self) -> None:
        """The next one when the last has gone somewhere, or nothing comes of it; now and then too early."""
        waited_s = time.monotonic() - self._offered_s
        if waited_s > (BILL_S if self._bill_in_slot else OFFER_EVERY_S):
            self._offered_s = time.monotonic()
            self.desk.parts["bill-acceptor"].tell(f"insert {self.purse[-1]}")

    def hear(self, part: str, event: Event) -> None:
        """A bill that the slot drew in has left the purse, whatever comes of it."""
        if part != "bill-acceptor":
            return
        if event["event"] == "inserted" and self.purse:
            self.purse.pop()
            self._bill_in_slot = True
        elif event["event"] in ("stacked", "returned"):
            self._bill_in_slot = False

    def _touch(self, shown: Snapshot, wish: Intent) -> None:
        """Again after a while: the touch may have been the last thing that a dying core got."""
        now_s = time.monotonic()
        news = self._touched is None or self._touched.state is not shown.state
        if self.screen is None or not (news or now_s - self._touched_s > TOUCH_EVERY_S):
            return
        self._touched, self._touched_s = shown, now_s
        try:
            self.screen.touch(wish)
        except DemoProblem:
            self.close()


def rage(desk: Desk, seed: int, sales: int, tell: Callable[[str], None]) -> None:
    """Until so many customers have come and gone, and everything runs again."""
    rng = random.Random(seed)
    began_s = time.monotonic()
    tell(f"seed {seed}, {sales} sales, {desk.protocol}")

    def timed(story: str) -> None:
        tell(f"{time.monotonic() - began_s:7.3f} {story}")

    storm = Storm(desk, rng, timed)
    customers = Customers(desk, rng, timed, storm.heard.put, sales)

    def hear(part: str, event: Event) -> None:
        storm.hear(part, event)
        customers.hear(part, event)

    desk.on_event = hear
    storm.due_s, calm_s = began_s + LULL_S, 0.0
    try:
        while not (customers.have_gone and storm.is_over):
            storm.tick(raging=customers.to_come > 0 or bool(customers.purse))
            customers.tick()
            for name in ("kiosk-core", "central"):
                by_itself = storm.is_over and not desk.parts[name].running
                assert not by_itself, f"{name} ended by itself: its log is in {desk.folder}"
            if not customers.to_come:
                calm_s = calm_s or time.monotonic()
                assert time.monotonic() - calm_s < PATIENCE_S, f"no rest: {customers.shown}"
            time.sleep(STEP_S)
    finally:
        customers.close()
        desk.on_event = None
