"""The people before a machine: customers of every kind, and somebody of the shop with a key."""

import random
from dataclasses import dataclass, field

import numpy as np
from bip_utils import SegwitBech32Encoder

from drivers.scanner.picture import Picture
from hardware_sim.qr_code import qr_modules
from kiosk.screen_link import intents
from kiosk.screen_link.snapshot import ScreenState, Snapshot
from stater_chaos.clockwork import Clockwork
from stater_chaos.machine import Machine

S = ScreenState
THINK_S = 0.8
BILLS = (1, 5, 10, 20, 50, 100)
WALLETS = 8
LOOK_S = 4.0  # a customer looks again after this, whatever the screen does
ANY_INTENT = (
    intents.StartRequested(),
    intents.TermsAccepted(),
    intents.WalletConfirmed(),
    intents.ScanAgainRequested(),
    intents.FinishRequested(),
    intents.InsertMoreRequested(),
    intents.SendRequested(),
    intents.CancelRequested(),
    intents.DismissRequested(),
)

_pictures: dict[str, Picture] = {}


def wallet(number: int) -> str:
    program = bytes([number + 1] * 20)
    return str(SegwitBech32Encoder.Encode("bcrt", 0, program))


def picture_of(address: str) -> Picture:
    """What the camera sees of a phone with this address on it."""
    if address not in _pictures:
        modules = qr_modules(f"bitcoin:{address}".encode(), "M")
        if modules is None:
            raise ValueError(f"{address} is too long for a code")
        framed = np.pad(~modules, 4, constant_values=True)
        _pictures[address] = (
            np.kron(framed, np.ones((4, 4), dtype=np.uint8)).astype(np.uint8) * 255
        )
    return _pictures[address]


@dataclass
class Visit:
    """One person's plan."""

    bills: list[int]
    patience: float  # how likely they see it through, step by step
    fidgets: float  # how likely they touch what is not theirs to touch
    address: str
    started: bool = False


@dataclass
class Customers:
    """One after another, until the shop closes."""

    clockwork: Clockwork
    chance: random.Random
    machine: Machine
    visits_left: int
    fidgets: float = 0.05
    visit: Visit = field(init=False)

    def __post_init__(self) -> None:
        self.visit = self._next_visit()

    def _next_visit(self) -> Visit:
        chance = self.chance
        return Visit(
            bills=[chance.choice(BILLS) for _ in range(chance.choice((1, 1, 2, 2, 3, 5)))],
            patience=chance.choice((1.0, 1.0, 0.97, 0.8)),
            fidgets=self.fidgets,
            address=wallet(chance.randrange(WALLETS)),
        )

    def live(self) -> None:
        while self.visits_left > 0:
            self.clockwork.wait(LOOK_S, self.machine.screen.changed)
            self.clockwork.wait(self.chance.random() * THINK_S)
            snapshot = self.machine.screen.shown
            if snapshot is not None:
                self._act(snapshot)

    def _act(self, seen: Snapshot) -> None:
        chance, visit = self.chance, self.visit
        # Once more means away with it and back, as the words on the screen have it.
        once_more = seen.state is S.SCANNING_AGAIN and self.machine.phone is None
        shows = seen.state is S.SCANNING or once_more
        self.machine.phone = picture_of(visit.address) if shows else None
        if chance.random() < visit.fidgets:
            self._touch(chance.choice(ANY_INTENT))
        if chance.random() < visit.fidgets:
            self._insert(chance.choice(BILLS))
        if chance.random() > visit.patience:
            return
        if seen.state is S.IDLE and visit.started:
            self.visits_left -= 1
            self.visit = self._next_visit()
        elif seen.state is S.IDLE:
            visit.started = True
            self._touch(intents.StartRequested())
        elif seen.state is S.INSERTING:
            self._pay(seen)
        elif (intent := STEPS.get(seen.state)) is not None:
            self._touch(intent)

    def _pay(self, seen: Snapshot) -> None:
        visit = self.visit
        if visit.bills:
            if self._insert(visit.bills[0]):
                visit.bills.pop(0)
        elif seen.can_finish:
            self._touch(intents.FinishRequested())
        elif seen.can_cancel:
            self._touch(intents.CancelRequested())

    def _insert(self, value: int) -> bool:
        return bool(self.machine.do(f"insert {value}")["event"] != "not_taken")

    def _touch(self, intent: intents.Intent) -> None:
        self.machine.screen.touch(intent)


STEPS: dict[ScreenState, intents.Intent] = {
    S.WARNING: intents.TermsAccepted(),
    S.CONFIRMING_WALLET: intents.WalletConfirmed(),
    S.REVIEWING: intents.SendRequested(),
    S.PAID: intents.DismissRequested(),
    S.QUEUED: intents.DismissRequested(),
    S.DISPUTED: intents.DismissRequested(),
    S.CANCELLED: intents.DismissRequested(),
}
