"""What a decision asks for. Facts are written in the same transaction as the state; acts follow the commit.

What stays in force while a state lasts (bills enabled, camera on, a question open at central) is not an
effect: it is derived from the state in `kiosk/core/standing.py`, and so survives a crash by itself.
"""

from dataclasses import dataclass
from typing import Any

from drivers.printer.document import Document
from kiosk_wire.messages import EventKind


@dataclass(frozen=True)
class Fact:
    """A row for the outbox, and through it for the book of bills."""

    kind: EventKind
    session_id: str | None
    body: dict[str, Any]


@dataclass(frozen=True)
class StackBill:
    pass


@dataclass(frozen=True)
class ReturnBill:
    pass


@dataclass(frozen=True)
class AcknowledgeCredit:
    pass


@dataclass(frozen=True)
class Print:
    job_id: str
    document: Document


Act = StackBill | ReturnBill | AcknowledgeCredit | Print
