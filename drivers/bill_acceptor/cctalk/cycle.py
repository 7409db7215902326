"""The bill in the machine and the credit it becomes, as the events of ccTalk tell it.

Responsible for: one BillStacked for each credit event, and one end for every bill that was in escrow, unless the
device says nothing of its end.
Not responsible for: which events are new (`history`), and what is asked of the bill in escrow (`escrow`).
Source: ccTalk Generic Specification 4.7, part 3, table 7: (type, 0) is credit, (type, 1) is escrow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.bill_acceptor.cctalk.bills import COUPON
from drivers.bill_acceptor.cctalk.escrow import Held
from drivers.bill_acceptor.cctalk.faults import (
    BREAKS,
    CREDIT,
    ESCROWED,
    REJECTS,
    RETURNED_FROM_ESCROW,
    STACKER_REMOVED,
    reject_of,
)
from drivers.bill_acceptor.cctalk.history import BillEvent, Report
from drivers.bill_acceptor.events import (
    AcceptorEvent,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillRejected,
    BillReturned,
    BillStacked,
    CreditSettled,
)
from drivers.faults import RejectReason

_ENDS = {RETURNED_FROM_ESCROW, *REJECTS, *BREAKS}


@dataclass
class Credit:
    is_committed: bool = False


@dataclass
class Found:
    events: list[AcceptorEvent] = field(default_factory=list)
    went_back: bool = False  # the history proves it of the last bill that was in escrow


class Cycle:
    def __init__(self) -> None:
        self.held: Held | None = None
        self.credit: Credit | None = None

    @property
    def is_empty(self) -> bool:
        return self.held is None and self.credit is None

    @property
    def is_sealed(self) -> bool:
        """A bill may reach the cashbox, or has, and the core has not committed it."""
        if self.credit:
            return not self.credit.is_committed
        return self.held is not None and self.held.is_stacking

    def broken(self, now_s: float) -> None:
        if self.held:
            self.held.lost_sight(now_s)

    def acknowledge(self) -> None:
        """The core has committed the credit."""
        if self.credit:
            self.credit.is_committed = True

    def settle(self) -> list[AcceptorEvent]:
        if not self.credit or not self.credit.is_committed:
            return []
        self.credit = None
        return [CreditSettled()]

    def vanished(self) -> None:
        """The escrow is empty, and the device has said nothing of where the bill went."""
        self.held = None

    def found(
        self, report: Report, bills: Mapping[int, Bill], now_s: float, *, was_sealed: bool
    ) -> Found:
        """What the history tells a driver that has just begun."""
        at = next((at for at, event in enumerate(report.events) if event.a), None)
        if at is None:
            return Found()
        last, later = report.events[at], report.events[:at]
        if last.b == CREDIT and last.a != COUPON:
            return Found(self._credited(last, bills) if was_sealed else [])
        if last.b != ESCROWED:
            return Found()
        end = next((event.b for event in reversed(later) if event.b in _ENDS), None)
        if end == RETURNED_FROM_ESCROW:
            return Found(went_back=True)
        self.held = Held(bills.get(last.a), now_s, is_offered=False)
        self.held.is_stacking = was_sealed
        return Found()

    def seen(
        self, event: BillEvent, bills: Mapping[int, Bill], now_s: float
    ) -> list[AcceptorEvent]:
        if event.a:
            if event.b == ESCROWED:
                return self._escrowed(event, bills.get(event.a), now_s)
            is_credit = event.b == CREDIT and event.a != COUPON
            return self._credited(event, bills) if is_credit else []
        if event.b == RETURNED_FROM_ESCROW:
            return self._returned()
        if event.b in REJECTS:
            return [BillRejected(*reject_of(event), from_escrow=False)]
        is_opened = event.b == STACKER_REMOVED and self.held and self.held.is_stacking
        if event.b in BREAKS or is_opened:
            self.broken(now_s)
        return []

    def _credited(self, event: BillEvent, bills: Mapping[int, Bill]) -> list[AcceptorEvent]:
        held, self.held = self.held, None
        self.credit = Credit()
        return [BillStacked(bills.get(event.a) or (held.bill if held else None))]

    def _escrowed(self, event: BillEvent, bill: Bill | None, now_s: float) -> list[AcceptorEvent]:
        if self.held and self.held.is_stacking and self.held.bill == bill:
            return self.held.offered_again(
                now_s
            )  # sealed, it can take no other: it failed to stack
        self.held = Held(bill, now_s)
        if bill is None:
            vendor_code = f"{event.a} 1 has no denomination here"
            return [BillRejected(RejectReason.NOT_RECOGNISED, vendor_code, from_escrow=False)]
        return [BillAccepting(), BillEscrowed(bill)]

    def _returned(self) -> list[AcceptorEvent]:
        """Also said of a bill that was rejected: that was told already."""
        held, self.held = self.held, None
        return [BillReturned(held.bill)] if held and held.bill else []
