"""The bill in the machine and the credit it becomes, as CCNET's statuses tell it.

Responsible for: one BillStacked per BILL STACKED (81) however often the line repeats it, and exactly one end
for every bill that was in escrow, unless the device cannot say.
Not responsible for: what to send, and when.

The rule of credit: BILL STACKED and nothing else. The device repeats it until our ACK, so a repetition, also
after RESET or a power cycle, is the same credit until the device shows that it has moved on: between two
credits lies an escrow. Every end of a bill has its word: 81, RETURNED (82) or REJECTING (1C).
Source: CCNET Protocol Description, Document 1, v2.6.0, responses to POLL and bill accept sequences.
"""

from dataclasses import dataclass

from drivers.bill_acceptor.ccnet.faults import reject_of
from drivers.bill_acceptor.ccnet.frames import POWER_UPS, Reply, ReplyCode, RequestCode
from drivers.bill_acceptor.events import (
    AcceptorEvent,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillRejected,
    BillReturned,
    BillStacked,
    BillStacking,
    CreditSettled,
    PoweredUp,
)
from drivers.faults import RejectReason

# The device shows one of these only when the credit before is done with. STACKING, INITIALISE, power-ups
# and jams are not among them: BILL STACKED may come back behind them.
_MOVED_ON = frozenset(
    {
        ReplyCode.IDLING,
        ReplyCode.DISABLED,
        ReplyCode.ACCEPTING,
        ReplyCode.ESCROW,
        ReplyCode.REJECTING,
        ReplyCode.RETURNING,
        ReplyCode.RETURNED,
        ReplyCode.HOLDING,
    }
)
_MOVED_ON_AFTER_ACK = frozenset({ReplyCode.CASSETTE_FULL, ReplyCode.CASSETTE_REMOVED})
_BILL_ENDED = frozenset({ReplyCode.IDLING, ReplyCode.DISABLED, ReplyCode.ACCEPTING})
_BREAKS = frozenset({ReplyCode.VALIDATOR_JAMMED, ReplyCode.CASSETTE_JAMMED, ReplyCode.FAILURE})
_BREAKS_STACKING = frozenset(
    {ReplyCode.CASSETTE_FULL, ReplyCode.CASSETTE_REMOVED, ReplyCode.CHEATED}
)


@dataclass
class Held:
    """A bill in the machine that is not yet credit."""

    bill: Bill | None  # None: found inside by a driver that did not see its escrow
    offered: bool = True  # the core may decide; False after a break, until escrow is seen again
    decision: RequestCode | None = None  # what the core wants: STACK, RETURN or HOLD
    stack_sent: bool = False
    found: bool = False  # POWER UP WITH BILL IN VALIDATOR: RESET gives it back
    going_out: bool = False
    rejection: BillRejected | None = None  # told when the bill is out: it may jam on its way
    unvouched: bool = False  # only a further word of the device says where it went


@dataclass
class Credit:
    acknowledged: bool = False  # by the core: it is committed
    acks_sent: int = 0  # since the last RESET or power-up, behind which 81 may come back
    resets: int = 0


class Cycle:
    def __init__(self) -> None:
        self.held: Held | None = None
        self.credit: Credit | None = None
        self.refusing = False  # the bill in escrow has no denomination; it goes back
        self.lost_sight = False  # a bill ended without the device's word; AcceptorReady says so
        self._last = -1

    @property
    def is_empty(self) -> bool:
        return self.held is None and self.credit is None

    def link_lost(self) -> None:
        """A decision belongs to the escrow it was made for; escrow is told, and decided, anew."""
        self._withdraw_offer()
        self._last = -1

    def reset_sent(self) -> None:
        self._broken()
        if self.credit:
            self.credit.resets += 1

    def decide(self, decision: RequestCode) -> None:
        """A decision about a bill that is not in escrow (any more) comes too late, and means nothing."""
        if self.held and self.held.offered:
            self.held.decision = decision

    def acknowledge(self) -> None:
        """The core has committed the credit."""
        if self.credit:
            self.credit.acknowledged = True

    def ack_sent(self) -> None:
        if self.credit:
            self.credit.acks_sent += 1

    def found_unnamed(self) -> None:
        """In escrow before we came, and the device does not tell its table now: it goes back."""
        if self.held is None:
            self.held = Held(None, offered=False)

    def seen(self, status: Reply, named: Bill | None) -> list[AcceptorEvent]:
        """What a status tells. `named` is the bill its data name, when it is one of ours."""
        is_new = status.code != self._last
        self._last = status.code
        events = self._settle(status.code)
        if status.code == ReplyCode.STACKED:
            return events + self._stacked(named)
        if status.code == ReplyCode.ESCROW:
            return events + self._escrow(named, status.data)
        if status.code == ReplyCode.HOLDING:
            return events + self._holding()
        if status.code in POWER_UPS:
            return events + (self._powered_up(status.code) if is_new else [])
        if status.code in _BILL_ENDED:
            events += self._end()
        if is_new:
            events += self._entered(status)
        return events

    def _entered(self, status: Reply) -> list[AcceptorEvent]:
        if status.code == ReplyCode.ACCEPTING:
            return [BillAccepting()]
        if status.code == ReplyCode.STACKING:
            return [BillStacking()]
        if status.code == ReplyCode.REJECTING:
            return self._rejecting(status.data)
        if status.code == ReplyCode.RETURNED:
            return self._returned()
        if self.held and status.code == ReplyCode.RETURNING:
            self.held.going_out = True
        elif self.held and status.code in _BREAKS:
            self._broken()
            self.held.unvouched, self.held.going_out = True, False  # a person may take it out now
        elif self.held and self.held.stack_sent and status.code in _BREAKS_STACKING:
            self._broken()
        return []

    def _stacked(self, named: Bill | None) -> list[AcceptorEvent]:
        if self.credit:
            return []
        held, self.held, self.credit = self.held, None, Credit()
        return [BillStacked((named or held.bill) if held and held.bill else None)]

    def _settle(self, code: int) -> list[AcceptorEvent]:
        if not self.credit:
            return []
        if code in _MOVED_ON or (self.credit.acks_sent and code in _MOVED_ON_AFTER_ACK):
            self.credit = None
            return [CreditSettled()]
        return []

    def _escrow(self, bill: Bill | None, data: bytes) -> list[AcceptorEvent]:
        if self.held and self.held.offered and self.held.bill == bill:
            return []
        if self.refusing and bill is None:
            return []
        ended = self._end() if self.held and self.held.bill not in {None, bill} else []
        self.refusing = bill is None
        if bill is None:
            self.held = None
            vendor_code = f"80 {data.hex(' ').upper()} has no denomination here"
            return [*ended, BillRejected(RejectReason.NOT_RECOGNISED, vendor_code, False)]
        self.held = Held(bill)
        return [*ended, BillEscrowed(bill)]

    def _holding(self) -> list[AcceptorEvent]:
        """It names no bill; only the one we put on hold before the link was lost can be in there."""
        held = self.held
        if held is None or held.bill is None or held.offered or held.unvouched:
            return []
        self.held = Held(held.bill)
        return [BillEscrowed(held.bill)]

    def _rejecting(self, data: bytes) -> list[AcceptorEvent]:
        reason, vendor_code = reject_of(data)
        if self.held:
            self.held.going_out = True
            if not self.held.found:
                self.held.rejection = BillRejected(reason, vendor_code, from_escrow=True)
            return []
        return [] if self.refusing else [BillRejected(reason, vendor_code, from_escrow=False)]

    def _returned(self) -> list[AcceptorEvent]:
        refused, self.refusing = self.refusing, False
        held, self.held = self.held, None
        if held is None:
            return [] if refused else [BillReturned(None)]
        return [held.rejection or BillReturned(held.bill)]

    def _powered_up(self, code: int) -> list[AcceptorEvent]:
        self._broken()
        if code == ReplyCode.POWER_UP:
            return [PoweredUp("nowhere")]
        if code == ReplyCode.POWER_UP_IN_STACKER:
            return [PoweredUp("stacker")]
        self.held = Held(self.held.bill if self.held else None, offered=False, found=True)
        return [PoweredUp("acceptor")]

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
        """The machine is empty, and nothing told where a bill went: back, when it cannot be inside."""
        held, self.held, self.refusing = self.held, None, False
        if held is None:
            return []
        if (held.unvouched or held.stack_sent) and not held.going_out:
            self.lost_sight = True
            return []
        return [held.rejection or BillReturned(held.bill)]
