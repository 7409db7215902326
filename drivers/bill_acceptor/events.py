"""What a bill acceptor tells the core, the same for every protocol.

The order for one bill: BillAccepting, BillEscrowed, BillStacking, BillStacked, CreditSettled; or, after
a Return or a refusal, BillReturned or BillRejected.
"""

from dataclasses import dataclass
from typing import Literal

from drivers.faults import FaultCode, RejectReason


@dataclass(frozen=True)
class Bill:
    """A banknote as the device's own table names it."""

    value_minor: int
    currency: str  # ISO 4217


@dataclass(frozen=True)
class AcceptorReady:
    """The device was asked and is set up. It holds no bill, and no credit is unacknowledged.

    `vouches`: what it has not reported did not happen, so a bill that was inside went back. False when the
    device lost its power, broke, was opened, or for another reason cannot say where a bill went.
    """

    denominations: tuple[Bill, ...]
    vouches: bool
    firmware: str


@dataclass(frozen=True)
class AcceptorLost:
    """The port or the device is gone; `AcceptorReady` follows when it is back."""

    code: FaultCode  # ACCEPTOR_MISSING or ACCEPTOR_SILENT
    detail: str


@dataclass(frozen=True)
class PoweredUp:
    """The device has lost its power since we last spoke, and may have forgotten. Said before it is reset,
    so that the core has it on record. What becomes of a bill found inside follows as BillStacked or
    BillReturned; without a bill, or without a further word of it, nobody can vouch for the last one."""

    found_bill: Literal["nowhere", "acceptor", "stacker"]


@dataclass(frozen=True)
class BillAccepting:
    """A bill is being drawn in and examined."""


@dataclass(frozen=True)
class BillEscrowed:
    """The bill is good, held, and waits for Stack or Return. Not yet money."""

    bill: Bill


@dataclass(frozen=True)
class BillStacking:
    """On its way to the cashbox."""


@dataclass(frozen=True)
class BillStacked:
    """The device vouches for the bill: this, and nothing else, is credit.

    `bill` is None when the driver did not see the escrow (it was restarted between), and the journal
    must say which bill it was. Where the protocol repeats a credit until it is acknowledged, the device
    waits for the core's AcknowledgeCredit, which leaves only after the credit is committed.
    """

    bill: Bill | None


@dataclass(frozen=True)
class CreditSettled:
    """The device has taken our acknowledgement and will not report this credit again."""


@dataclass(frozen=True)
class BillReturned:
    """A bill that was in escrow went back to the customer. None when the driver did not see the escrow."""

    bill: Bill | None


@dataclass(frozen=True)
class BillRejected:
    """The acceptor gave a bill back by itself, before or in escrow."""

    reason: RejectReason
    vendor_code: str  # as the vendor's document names it, for the log and the operator
    from_escrow: bool  # True when BillEscrowed had been reported for it


@dataclass(frozen=True)
class AcceptorFault:
    code: FaultCode
    detail: str  # in the vendor's words and numbers


@dataclass(frozen=True)
class AcceptorFaultCleared:
    code: FaultCode


@dataclass(frozen=True)
class CashboxRemoved:
    pass


@dataclass(frozen=True)
class CashboxReplaced:
    pass


AcceptorEvent = (
    AcceptorReady
    | AcceptorLost
    | PoweredUp
    | BillAccepting
    | BillEscrowed
    | BillStacking
    | BillStacked
    | CreditSettled
    | BillReturned
    | BillRejected
    | AcceptorFault
    | AcceptorFaultCleared
    | CashboxRemoved
    | CashboxReplaced
)
