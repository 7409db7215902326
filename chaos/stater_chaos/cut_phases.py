"""The moments in a bill's life at which a cut may fall, and the kinds of cut. Data; nothing happens here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hardware_sim.bill_acceptor.parts import Timing

JUST_PAST_S = 0.001


class Cut(StrEnum):
    CORE = "core killed"
    DEVICE = "device without power"
    MAINS = "mains cut"
    CABLE = "cable pulled"


class Plan(StrEnum):
    """What the customer puts in."""

    FITS = "a bill that is taken"
    OVER_LIMIT = "a bill over the limit, which goes back"
    REJECTED = "a bill that the acceptor does not recognise"


@dataclass(frozen=True)
class Commit:
    """Round the first commit that writes this fact, or notes this event in the journal."""

    name: str
    is_before: bool = False


@dataclass(frozen=True)
class Write:
    """In the write to the port that sets the bill in motion: half of its bytes are out, or all."""

    motion: str  # as the simulator reports it
    is_half: bool = False


@dataclass(frozen=True)
class Motion:
    """So long after the simulator has reported this."""

    event: str
    delay_s: Callable[[Timing], float]


@dataclass(frozen=True)
class Phase:
    name: str
    words: str
    plan: Plan
    moment: Commit | Write | Motion
    why_not: Mapping[str, str] = field(default_factory=dict)  # by protocol that does not have it


_NO_ACK = "ccTalk has no acknowledgement of a credit: the kiosk opens the device's mask, and that is *settled*."

PHASES = (
    Phase(
        "drawn in",
        "The bill is half way to where it is examined.",
        Plan.FITS,
        Motion("accepting", lambda t: t.accept_s / 2),
    ),
    Phase(
        "in escrow, not decided",
        "The kiosk has heard of the bill; the commit of its decision has not begun.",
        Plan.FITS,
        Commit("stack_decided", is_before=True),
    ),
    Phase(
        "decided, nothing sent",
        "The decision to stack is on disk; no command has left.",
        Plan.FITS,
        Commit("stack_decided"),
    ),
    Phase(
        "command half sent",
        "Half the bytes of the command are on the wire.",
        Plan.FITS,
        Write("stacking", is_half=True),
    ),
    Phase(
        "command sent",
        "All its bytes have left. A device that loses its power does so before it hears them; any other obeys.",
        Plan.FITS,
        Write("stacking"),
    ),
    Phase(
        "stacking, could come back",
        "The bill moves; half way to the point of no return.",
        Plan.FITS,
        Motion("stacking", lambda t: t.lever_s / 2),
    ),
    Phase(
        "past the point of no return",
        "It has just passed the stacker's lever, and is not in the cashbox yet.",
        Plan.FITS,
        Motion("stacking", lambda t: t.lever_s + JUST_PAST_S),
    ),
    Phase(
        "reported, not credited",
        "The kiosk has heard of the credit; its commit has not begun.",
        Plan.FITS,
        Commit("bill_credited", is_before=True),
    ),
    Phase(
        "credited, not acknowledged",
        "The credit is on disk; the device has not been told.",
        Plan.FITS,
        Commit("bill_credited"),
    ),
    Phase(
        "acknowledged",
        "The device has heard that the credit is taken; the kiosk does not know that yet.",
        Plan.FITS,
        Motion("credit_acknowledged", lambda _: JUST_PAST_S),
        {"cctalk": _NO_ACK, "cctalk-crc16": _NO_ACK},
    ),
    Phase(
        "settled",
        "The kiosk has on disk that the device will not repeat the credit.",
        Plan.FITS,
        Commit("CreditSettled"),
    ),
    Phase(
        "return decided, nothing sent",
        "Another bill, over the limit: the decision to give it back is on disk; no command has left.",
        Plan.OVER_LIMIT,
        Commit("bill_escrowed"),
    ),
    Phase(
        "going back",
        "That bill is half way out.",
        Plan.OVER_LIMIT,
        Motion("returning", lambda t: t.return_s / 2),
    ),
    Phase(
        "rejected",
        "A bill that the device does not recognise is half way out.",
        Plan.REJECTED,
        Motion("rejected", lambda t: t.return_s / 2),
    ),
)
