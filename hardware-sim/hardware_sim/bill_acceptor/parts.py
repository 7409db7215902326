"""The parts of a bill acceptor: where a bill can be, how fast it moves, the cashbox, and the tally."""

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

CAPACITY_BILLS = 600  # a common size of cashbox; a choice


class Report(Protocol):
    """Whoever wants to know what happened; a bill's `value` is in whole units of its currency."""

    def __call__(self, event: str, **facts: object) -> None: ...


class Part(StrEnum):
    """The two halves of the machine that a power-up or a jam tells apart."""

    ACCEPTOR = "acceptor"
    STACKER = "stacker"


class Place(StrEnum):
    HEAD = "head"
    ESCROW = "escrow"
    TRANSPORT = "transport"  # past escrow, before the stacker's lever: it can still come back
    STACKER = "stacker"  # past the lever: no way back
    MOUTH = "mouth"  # offered to the customer


class Motion(StrEnum):
    OFF = "off"
    POWERED_UP = "powered_up"  # nothing moves before the host's first reset
    INITIALISING = "initialising"
    RESTING = "resting"
    ACCEPTING = "accepting"
    ESCROWED = "escrowed"
    STACKING = "stacking"
    STACKED = "stacked"
    RETURNING = "returning"
    REJECTING = "rejecting"
    CHEATED = "cheated"
    STOPPED = "stopped"  # a jam, a failure or a missing cashbox holds everything


@dataclass
class Bill:
    value: int
    place: Place

    @property
    def part(self) -> Part:
        return Part.STACKER if self.place is Place.STACKER else Part.ACCEPTOR


@dataclass
class Credit:
    """What the host must be told, and acknowledge, for one bill."""

    value: int
    shown_s: float | None = None
    acknowledged: bool = False


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds of each movement, near those of a mid-range validator; all of them are choices."""

    accept_s: float = 1.0
    lever_s: float = 0.6  # escrow to the stacker's lever, the point of no return
    store_s: float = 0.4  # the lever to the cashbox
    stacked_s: float = 0.3
    return_s: float = 0.8
    initialise_s: float = 1.5
    # What people and displays take; a faster motor does not hurry them.
    take_s: float = 0.4  # a customer takes the bill that comes back
    second_bill_s: float = 2.0  # a customer pulls a second bill out again
    cheated_s: float = 2.0

    def sped_up(self, speed: float) -> "Timing":
        return replace(
            self,
            accept_s=self.accept_s / speed,
            lever_s=self.lever_s / speed,
            store_s=self.store_s / speed,
            stacked_s=self.stacked_s / speed,
            return_s=self.return_s / speed,
            initialise_s=self.initialise_s / speed,
        )


@dataclass
class Cashbox:
    contents: Counter[int] = field(default_factory=Counter)
    present: bool = True
    declared_full: bool = False

    @property
    def full(self) -> bool:
        return self.declared_full or self.contents.total() >= CAPACITY_BILLS

    def put(self, value: int) -> None:
        self.contents[value] += 1


@dataclass
class Tally:
    """Every bill the slot ever took, and where those that left have gone."""

    inserted: Counter[int] = field(default_factory=Counter)
    given_back: Counter[int] = field(default_factory=Counter)  # to the customer, cheats included
    taken_out: Counter[int] = field(default_factory=Counter)  # by the person who cleared a jam
    collected: Counter[int] = field(default_factory=Counter)  # with a cashbox that was removed
