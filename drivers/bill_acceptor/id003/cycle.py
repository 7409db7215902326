"""The bill in the machine and the credit it becomes, as ID-003's statuses tell it.

Responsible for: one BillStacked per VEND VALID cycle however often the line repeats it, and exactly one end
for every bill that was in escrow, unless the device cannot vouch for it.
Not responsible for: what to send, and when.

The rule of credit: VEND VALID (15) and nothing else is credit; STACKED (16) may be missed, and never is.
The device repeats VEND VALID until our ACK, so a repetition, also after RESET or a power cycle, is the same
credit until the device shows that it has moved on. Source: JCM ID-003 protocol specification, and what a
real device did in RT-circuits/ccnet-poc (Application/flow_id003_escrow.md).
"""

from dataclasses import dataclass

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
from drivers.bill_acceptor.id003.faults import reject_of
from drivers.bill_acceptor.id003.frames import POWER_UPS, Reply, ReplyCode, RequestCode
from drivers.faults import RejectReason

# The device shows one of these only when the credit before is done with. STACKING, INITIALISE, power-ups
# and jams are not among them: VEND VALID may come back behind them.
_MOVED_ON = frozenset(
    {
        ReplyCode.IDLE,
        ReplyCode.INHIBITED,
        ReplyCode.ACCEPTING,
        ReplyCode.ESCROW,
        ReplyCode.REJECTING,
        ReplyCode.RETURNING,
        ReplyCode.HOLDING,
    }
)
_MOVED_ON_AFTER_ACK = frozenset({ReplyCode.STACKED, ReplyCode.STACKER_FULL})
_BILL_ENDED = frozenset({ReplyCode.IDLE, ReplyCode.INHIBITED, ReplyCode.ACCEPTING})
_BREAKS = frozenset({ReplyCode.ACCEPTOR_JAM, ReplyCode.STACKER_JAM, ReplyCode.FAILURE})
_BREAKS_STACKING = frozenset(
    {ReplyCode.STACKER_FULL, ReplyCode.STACKER_OPEN, ReplyCode.CHEATED, ReplyCode.STACKED}
)


@dataclass
class Held:
    """A bill in the machine that is not yet credit."""

    bill: Bill | None  # None: found inside at power-up, by a driver that did not see its escrow
    offered: bool = True  # the core may decide; False after a break, until escrow is seen again
    decision: RequestCode | None = None  # what the core wants: STACK_1, RETURN or HOLD
    stack_sent: bool = False
    found: bool = False  # POWER UP WITH BILL IN ACCEPTOR: RESET gives it back
    going_out: bool = False
    rejection: BillRejected | None = None  # told when the bill is out: it may jam on its way
    unvouched: bool = (
        False  # something broke; only a further word of the device says where it went
    )


@dataclass
class Credit:
    acknowledged: bool = False  # by the core: it is committed
    acks_sent: int = 0  # since the last RESET or power-up, behind which VEND VALID may come back
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

    @property
    def decision(self) -> RequestCode | None:
        return self.held.decision if self.held else None

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

    def stack_sent(self) -> None:
        """From here on the bill may reach the cashbox without our being told."""
        if self.held:
            self.held.stack_sent = True

    def acknowledge(self) -> None:
        """The core has committed the credit."""
        if self.credit:
            self.credit.acknowledged = True

    def seen(self, status: Reply, escrowed: Bill | None) -> list[AcceptorEvent]:
        """What a status tells. `escrowed` is the bill of an ESCROW status; None refuses it."""
        is_new = status.code != self._last
        self._last = status.code
        events = self._settle(status.code)
        if status.code == ReplyCode.VEND_VALID:
            return events + self._vend_valid()
        if status.code == ReplyCode.ESCROW:
            return events + self._escrow(escrowed, status.data)
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
        if self.held and status.code == ReplyCode.RETURNING:
            self.held.going_out = True
        elif self.held and status.code in _BREAKS:
            self._broken()
            self.held.unvouched, self.held.going_out = True, False  # a person may take it out now
        elif self.held and self.held.stack_sent and status.code in _BREAKS_STACKING:
            self._broken()
        return []

    def _vend_valid(self) -> list[AcceptorEvent]:
        if self.credit:
            return []
        bill = self.held.bill if self.held else None
        self.held, self.credit = None, Credit()
        return [BillStacked(bill)]

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
            vendor_code = f"13 {data.hex(' ').upper()} has no denomination here"
            return [*ended, BillRejected(RejectReason.NOT_RECOGNISED, vendor_code, False)]
        self.held = Held(bill)
        return [*ended, BillEscrowed(bill)]

    def _rejecting(self, data: bytes) -> list[AcceptorEvent]:
        reason, vendor_code = reject_of(data)
        if self.held:
            self.held.going_out = True
            if not self.held.found:
                self.held.rejection = BillRejected(reason, vendor_code, from_escrow=True)
            return []
        return [] if self.refusing else [BillRejected(reason, vendor_code, from_escrow=False)]

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
        """The machine is empty: the bill went back, unless nobody can say so."""
        held, self.held, self.refusing = self.held, None, False
        if held is None:
            return []
        if held.unvouched and not held.going_out:
            self.lost_sight = True
            return []
        return [held.rejection or BillReturned(held.bill)]
