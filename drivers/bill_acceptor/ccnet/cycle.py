"""The bill in the machine and the credit it becomes, as CCNET's statuses tell it.

Responsible for: what each status says of them.
Not responsible for: what holds for ID-003 too (`bill_cycle`); what to send, and when.

The rule of credit: BILL STACKED (81) and nothing else. The device repeats it until our ACK, so a repetition, also
after RESET or a power cycle, is the same credit until the device shows that it has moved on: between two
credits lies an escrow. Every end of a bill has its word: 81, RETURNED (82) or REJECTING (1C).
Source: CCNET Protocol Description, Document 1, v2.6.0, responses to POLL and bill accept sequences.
"""

from collections.abc import Mapping
from typing import Literal

from drivers.bill_acceptor.bill_cycle import BillCycle, Held
from drivers.bill_acceptor.ccnet.faults import reject_of
from drivers.bill_acceptor.ccnet.frames import Reply, ReplyCode
from drivers.bill_acceptor.events import (
    AcceptorEvent,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillReturned,
    BillStacking,
)

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
_FOUND: Mapping[int, Literal["nowhere", "acceptor", "stacker"]] = {
    ReplyCode.POWER_UP: "nowhere",
    ReplyCode.POWER_UP_IN_VALIDATOR: "acceptor",
    ReplyCode.POWER_UP_IN_STACKER: "stacker",
}


class Cycle(BillCycle):
    def found_unnamed(self) -> None:
        """In escrow before we came, and the device does not tell its table now: it goes back."""
        if self.held is None:
            self.held = Held(None, offered=False)

    def seen(self, status: Reply, named: Bill | None) -> list[AcceptorEvent]:
        """What a status tells. `named` is the bill its data name, when it is one of ours."""
        is_new = self._is_new(status.code)
        events = self._settle(status.code, _MOVED_ON, _MOVED_ON_AFTER_ACK)
        if status.code == ReplyCode.STACKED:
            return events + self._stacked(named)
        if status.code == ReplyCode.ESCROW:
            return events + self._escrow(named, status)
        if status.code == ReplyCode.HOLDING:
            return events + self._holding()
        if status.code in _FOUND:
            return events + (self._powered_up(_FOUND[status.code]) if is_new else [])
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
            return self._rejecting(*reject_of(status.data))
        if status.code == ReplyCode.RETURNED:
            return self._returned()
        if self.held and status.code == ReplyCode.RETURNING:
            self.held.going_out = True
        elif self.held and status.code in _BREAKS:
            self._jammed(self.held)
        elif self.held and self.held.stack_sent and status.code in _BREAKS_STACKING:
            self._broken()
        return []

    def _stacked(self, named: Bill | None) -> list[AcceptorEvent]:
        held = self.held
        return self._credited((named or held.bill) if held and held.bill else None)

    def _holding(self) -> list[AcceptorEvent]:
        """It names no bill; only the one we put on hold before the link was lost can be in there."""
        held = self.held
        if held is None or held.bill is None or held.offered or held.unvouched:
            return []
        self.held = Held(held.bill)
        return [BillEscrowed(held.bill)]

    def _returned(self) -> list[AcceptorEvent]:
        refused, self.refusing = self.refusing, False
        held, self.held = self.held, None
        if held is None:
            return [] if refused else [BillReturned(None)]
        return [held.rejection or BillReturned(held.bill)]

    def _may_be_inside(self, held: Held) -> bool:
        """Every end of a bill has its word; without one, it went back only if it cannot be inside."""
        return held.unvouched or held.stack_sent
