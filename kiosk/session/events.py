"""All that can happen to the core, past tense. Intents and device events are defined where they arise."""

from dataclasses import dataclass

from drivers.bill_acceptor import events as acceptor
from drivers.printer.events import PrinterEvent
from drivers.scanner.events import ScannerEvent
from kiosk.clock import ClockCompared
from kiosk.screen_link.intents import Intent
from kiosk_wire.messages import Quote, Transfer


@dataclass(frozen=True)
class CoreStarted:
    """The first event of a process: what was cut short is taken up here."""


@dataclass(frozen=True)
class DeadlinePassed:
    """The current state has lasted as long as it may."""


@dataclass(frozen=True)
class ThreadsSeen:
    """Which threads stand still: every one of them, by its fault code, when that changes."""

    stuck: frozenset[str]


@dataclass(frozen=True)
class QuoteReceived:
    quote: Quote


@dataclass(frozen=True)
class TransferSeen:
    """Central's word on a transfer: the answer to a prepare, or its progress."""

    transfer: Transfer


@dataclass(frozen=True)
class CentralRefused:
    """Central understood, and said no."""

    request_id: str
    code: str
    detail: str


@dataclass(frozen=True)
class CentralConfused:
    """Central answered what is no answer."""

    request_id: str
    detail: str


@dataclass(frozen=True)
class CentralReached:
    network: str


@dataclass(frozen=True)
class CentralLost:
    detail: str


@dataclass(frozen=True)
class OutboxRefused:
    """Central does not take what this kiosk reports. It would pay none of it: no sale may start."""

    detail: str


@dataclass(frozen=True)
class OutboxAcknowledged:
    through_seq: int


CentralEvent = (
    QuoteReceived
    | TransferSeen
    | CentralRefused
    | CentralConfused
    | CentralReached
    | CentralLost
    | OutboxRefused
    | OutboxAcknowledged
)
Event = (
    CoreStarted
    | DeadlinePassed
    | ThreadsSeen
    | ClockCompared
    | CentralEvent
    | Intent
    | acceptor.AcceptorEvent
    | ScannerEvent
    | PrinterEvent
)

MONEY_FACTS = (
    acceptor.BillEscrowed,
    acceptor.BillStacked,
    acceptor.CreditSettled,
    acceptor.BillReturned,
    acceptor.BillRejected,
    acceptor.AcceptorReady,
    acceptor.PoweredUp,
)
"""Never refused: each has a row in every state."""
