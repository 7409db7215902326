"""The bill in a machine that repeats a credit until our ACK, and the credit it becomes.

Responsible for: one BillStacked per credit however often the line repeats it, and exactly one end for every bill
that was in escrow, unless the device cannot vouch for it.
Not responsible for: which status means what; each protocol's `cycle` knows, and calls.
"""

from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

from drivers.bill_acceptor.events import (
    AcceptorEvent,
    Bill,
    BillEscrowed,
    BillRejected,
    BillReturned,
    BillStacked,
    CreditSettled,
    PoweredUp,
)
from drivers.bill_acceptor.status_tables import Status
from drivers.faults import RejectReason


@dataclass
class Held:
    """A bill in the machine that is not yet credit."""

    bill: Bill | None  # None: found inside by a driver that did not see its escrow
    offered: bool = True  # the core may decide; False after a break, until escrow is seen again
    decision: int | None = None  # what the core wants: the request to stack, return or hold
    stack_sent: bool = False
    found: bool = False  # at power-up: RESET gives it back
    going_out: bool = False
    rejection: BillRejected | None = None  # told when the bill is out: it may jam on its way
    unvouched: bool = False  # only a further word of the device says where it went


@dataclass
class Credit:
    acknowledged: bool = False  # by the core: it is committed
    acks_sent: int = 0  # since the last RESET or power-up, behind which the credit may come back
    resets: int = 0


class BillCycle:
    def __init__(self) -> None:
        self.held: Held | None = None
        self.credit: Credit | None = None
        self.refusing = False  # the bill in escrow has no denomination; it goes back
        self.lost_sight = False  # a bill ended without the device's word; AcceptorReady says so
        self._last = -1

    @property
    def is_empty(self) -> bool:
        return self.held is None and self.credit is None

    @property
    def decision(self) -> int | None:
        return self.held.decision if self.held else None

    def link_lost(self) -> None:
        """A decision belongs to the escrow it was made for; escrow is told, and decided, anew."""
        self._withdraw_offer()
        self._last = -1

    def reset_sent(self) -> None:
        self._broken()
        if self.credit:
            self.credit.resets += 1

    def decide(self, decision: int) -> None:
        """A decision about a bill that is not in escrow (any more) comes too late, and means nothing."""
        if self.held and self.held.offered:
            self.held.decision = decision

    def stack_sent(self) -> None:
        """From here on the bill may reach the cashbox without our being told."""
        if self.held:
            self.held.stack_sent = True

    def acknowledge(self) -> None:
        """The core has committed the credit."""
        if self.credit:
            self.credit.acknowledged = True

    def ack_sent(self) -> None:
        if self.credit:
            self.credit.acks_sent += 1

    # -- what a status means -------------------------------------------------------------------------

    def _is_new(self, code: int) -> bool:
        last, self._last = self._last, code
        return code != last

    def _settle(
        self, code: int, moved_on: Container[int], moved_on_after_ack: Container[int]
    ) -> list[AcceptorEvent]:
        if not self.credit:
            return []
        if code in moved_on or (self.credit.acks_sent and code in moved_on_after_ack):
            self.credit = None
            return [CreditSettled()]
        return []

    def _credited(self, bill: Bill | None) -> list[AcceptorEvent]:
        if self.credit:
            return []
        self.held, self.credit = None, Credit()
        return [BillStacked(bill)]

    def _escrow(self, bill: Bill | None, status: Status) -> list[AcceptorEvent]:
        """None is a bill without a denomination here: it is refused."""
        if self.held and self.held.offered and self.held.bill == bill:
            return []
        if self.refusing and bill is None:
            return []
        ended = self._end() if self.held and self.held.bill not in {None, bill} else []
        self.refusing = bill is None
        if bill is None:
            self.held = None
            words = f"{status.code:02X} {status.data.hex(' ').upper()} has no denomination here"
            return [*ended, BillRejected(RejectReason.NOT_RECOGNISED, words, from_escrow=False)]
        self.held = Held(bill)
        return [*ended, BillEscrowed(bill)]

    def _rejecting(self, reason: RejectReason, vendor_code: str) -> list[AcceptorEvent]:
        if self.held:
            self.held.going_out = True
            if not self.held.found:
                self.held.rejection = BillRejected(reason, vendor_code, from_escrow=True)
            return []
        return [] if self.refusing else [BillRejected(reason, vendor_code, from_escrow=False)]

    def _powered_up(self, found: Literal["nowhere", "acceptor", "stacker"]) -> list[AcceptorEvent]:
        self._broken()
        if found == "acceptor":
            self.held = Held(self.held.bill if self.held else None, offered=False, found=True)
        return [PoweredUp(found)]

    def _jammed(self, held: Held) -> None:
        self._broken()
        held.unvouched, held.going_out = True, False  # a person may take it out now

    def _broken(self) -> None:
        self._withdraw_offer()
        if self.credit:
            self.credit.acks_sent = 0
        if self.held and not self.held.found:
            self.held.unvouched = True
            self.held.going_out = False

    def _withdraw_offer(self) -> None:
        if self.held:
            self.held.offered, self.held.decision = False, None

    def _end(self) -> list[AcceptorEvent]:
        """The machine is empty: the bill went back, unless nobody can say so."""
        held, self.held, self.refusing = self.held, None, False
        if held is None:
            return []
        if self._may_be_inside(held) and not held.going_out:
            self.lost_sight = True
            return []
        return [held.rejection or BillReturned(held.bill)]

    def _may_be_inside(self, held: Held) -> bool:
        return held.unvouched
