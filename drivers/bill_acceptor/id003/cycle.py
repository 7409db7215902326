"""The bill in the machine and the credit it becomes, as ID-003's statuses tell it.

Responsible for: what each status says of them.
Not responsible for: what holds for CCNET too (`bill_cycle`); what to send, and when.

The rule of credit: VEND VALID (15) and nothing else is credit; STACKED (16) may be missed, and never is.
The device repeats VEND VALID until our ACK, so a repetition, also after RESET or a power cycle, is the same
credit until the device shows that it has moved on. Source: JCM ID-003 protocol specification, and what a
real device did in RT-circuits/ccnet-poc (Application/flow_id003_escrow.md).
"""

from collections.abc import Mapping
from typing import Literal

from drivers.bill_acceptor.bill_cycle import BillCycle
from drivers.bill_acceptor.events import AcceptorEvent, Bill, BillAccepting, BillStacking
from drivers.bill_acceptor.id003.faults import reject_of
from drivers.bill_acceptor.id003.frames import Reply, ReplyCode

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
_FOUND: Mapping[int, Literal["nowhere", "acceptor", "stacker"]] = {
    ReplyCode.POWER_UP: "nowhere",
    ReplyCode.POWER_UP_IN_ACCEPTOR: "acceptor",
    ReplyCode.POWER_UP_IN_STACKER: "stacker",
}


class Cycle(BillCycle):
    def seen(self, status: Reply, escrowed: Bill | None) -> list[AcceptorEvent]:
        """What a status tells. `escrowed` is the bill of an ESCROW status; None refuses it."""
        is_new = self._is_new(status.code)
        events = self._settle(status.code, _MOVED_ON, _MOVED_ON_AFTER_ACK)
        if status.code == ReplyCode.VEND_VALID:
            return events + self._credited(self.held.bill if self.held else None)
        if status.code == ReplyCode.ESCROW:
            return events + self._escrow(escrowed, status)
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
        if self.held and status.code == ReplyCode.RETURNING:
            self.held.going_out = True
        elif self.held and status.code in _BREAKS:
            self._jammed(self.held)
        elif self.held and self.held.stack_sent and status.code in _BREAKS_STACKING:
            self._broken()
        return []
