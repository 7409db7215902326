"""The bill in the machine and the credit it becomes, as the statuses of EBDS tell it.

Responsible for: one BillStacked per bill however often the line repeats it, and exactly one end for every
bill that was in escrow, unless the device cannot vouch for it.
Not responsible for: what to send, and when.

The rule of credit: the bit STACKED, with a value, and nothing else. Without a value the device has pushed a
bill away that it gives no credit for, or says so on its way up and when the cassette is put back
(lamassu-machine ignores those too). A second credit needs a second bill: until one is in escrow, STACKED is
the credit before. Source: EBDS protocol specification, as documented in decapod-atm/ebds src/status.rs.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

from drivers.bill_acceptor.ebds.faults import (
    REJECTED,
    is_broken,
    is_cheated,
)
from drivers.bill_acceptor.ebds.frames import Condition, State, Status
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

UNNAMED_REPLIES_MAX = 10  # about a second in which a device may still name the bill in escrow
_INSIDE = State.ESCROWED | State.STACKING | State.RETURNING


class Decision(Enum):
    STACK = auto()
    RETURN = auto()


@dataclass(frozen=True)
class Named:
    """What a reply calls the bill it speaks of."""

    bill: Bill | None  # None: not a bill of ours
    words: str


@dataclass
class Held:
    """A bill in the machine that is not yet credit."""

    bill: Bill | None  # None: found on its way out by a driver that did not see its escrow
    offered: bool = True  # the core may decide; False after a break, until escrow is seen again
    decision: Decision | None = None
    stack_sent: bool = False
    going_out: bool = False
    rejection: BillRejected | None = None
    unvouched: bool = False  # only a further word of the device says where it went


class Cycle:
    def __init__(self) -> None:
        self.held: Held | None = None
        self.has_credit = False  # told, and not let go of by the device
        self.is_committed = False  # the core has the credit on record
        self.refusing = False  # the bill in escrow is not one of ours; it goes back
        self.lost_sight = False  # a bill ended without the device's word; AcceptorReady says so
        self._is_spent = False  # since the last credit no bill was in escrow
        self._is_starting = True  # ours or the device's start, until it is first seen at rest
        self._is_return_told = False  # of the last bill: RETURNED may follow the rest
        self._unnamed = 0
        self._last: Status | None = None

    @property
    def is_empty(self) -> bool:
        return self.held is None and not self.has_credit and not self.refusing

    @property
    def must_wait(self) -> bool:
        """The device has reported a credit and is not to let go of it yet."""
        return self.has_credit and not self.is_committed

    @property
    def decision(self) -> Decision | None:
        if self.refusing:
            return Decision.RETURN
        return self.held.decision if self.held else None

    def link_lost(self) -> None:
        """A decision belongs to the escrow it was made for; escrow is told, and decided, anew."""
        self._withdraw_offer()

    def decide(self, decision: Decision | None) -> None:
        """A decision about a bill that is not in escrow (any more) comes too late, and means nothing."""
        if self.held and self.held.offered:
            self.held.decision = decision

    def stack_sent(self) -> None:
        """From here on the bill may reach the cashbox without our being told."""
        if self.held:
            self.held.stack_sent = True

    def acknowledge(self) -> None:
        self.is_committed = self.has_credit

    def broke(self) -> None:
        """Hands, motors or memory: the device's silence about the bill proves nothing any more."""
        self._withdraw_offer()
        if self.held:
            self.held.unvouched, self.held.going_out, self.held.rejection = True, False, None

    def seen(self, status: Status, named: Named | None, *, is_repeat: bool) -> list[AcceptorEvent]:
        """What a status tells. `named` is None where the reply gives the bill no value."""
        last, self._last = self._last, status
        events: list[AcceptorEvent] = []
        if status.is_powering_up and not (last and last.is_powering_up):
            self.broke()
            self._is_starting = True
            events.append(PoweredUp(_found(status.state)))
        events += self._settle(status, is_repeat=is_repeat)
        if status.is_stacked_event:
            events += self._stacked(named)
        pulled_back = is_cheated(status) and not (last and is_cheated(last))
        if is_broken(status) or pulled_back:
            self.broke()
        began = status.state & ~last.state if last else status.state
        if State.RETURNED in began:
            events += self._returned()
        was_rejected = last is not None and Condition.REJECTED in last.condition
        if Condition.REJECTED in status.condition and not was_rejected:
            events += self._rejected(status)
        if status.is_powering_up or is_broken(status):
            return events
        return events + self._entered(status, began, named)

    def _settle(self, status: Status, *, is_repeat: bool) -> list[AcceptorEvent]:
        """The answer to a new message proves that ours was taken; a repeated one that has lost the
        credit, that the device has."""
        if not self.has_credit:
            return []
        forgot = not status.is_stacked_event and not status.is_powering_up
        if is_repeat and not forgot:
            return []
        self.has_credit = self.is_committed = False
        return [CreditSettled()]

    def _stacked(self, named: Named | None) -> list[AcceptorEvent]:
        if self._is_spent:
            return []
        if named is None:
            if not (self.held and self.held.going_out):
                self.broke()
            return []
        held = self.held
        self.held, self.has_credit, self._is_spent = None, True, True
        # Only a bill that was seen in escrow has a name, as with every protocol.
        return [BillStacked((named.bill or held.bill) if held and held.bill else None)]

    def _returned(self) -> list[AcceptorEvent]:
        if self.refusing:
            return []
        held, self.held = self.held, None
        was_told, self._is_return_told = self._is_return_told, False
        return [] if was_told and held is None else [BillReturned(held.bill if held else None)]

    def _rejected(self, status: Status) -> list[AcceptorEvent]:
        """Told of a bill from escrow when it is out: it may jam on its way."""
        if self.held is None:
            return [] if self.refusing else [BillRejected(*REJECTED, from_escrow=False)]
        if not is_broken(status):
            from_escrow = self.held.bill is not None
            self.held.rejection = BillRejected(*REJECTED, from_escrow=from_escrow)
        return []

    def _entered(self, status: Status, began: State, named: Named | None) -> list[AcceptorEvent]:
        if State.ESCROWED in status.state and not status.is_stacked_event:
            return self._escrow(named)
        self._unnamed = 0
        if self._is_starting and State.RETURNING in status.state and not self.refusing:
            self.held = self.held or Held(None, offered=False)
        if self.held and (State.RETURNING in status.state or self.held.rejection):
            self.held.going_out = True
        if State.STACKING in status.state:
            return [BillStacking()] if State.STACKING in began else []
        if status.state & _INSIDE or not status.state:
            return []
        self._is_starting = False
        events = self._end()
        if State.ACCEPTING in began:
            self._is_return_told = False
            events.append(BillAccepting())
        return events

    def _escrow(self, named: Named | None) -> list[AcceptorEvent]:
        if self.refusing or (self.held and self.held.offered and _agrees(named, self.held)):
            return []
        if named is None and self.held:
            named = Named(self.held.bill, "")
        if named is None and self._unnamed < UNNAMED_REPLIES_MAX:
            self._unnamed += 1
            return []
        ended = [] if self.held is None or _agrees(named, self.held) else self._end()
        self._unnamed, self._is_spent = 0, False
        if named is None or named.bill is None:
            words = named.words if named else "not named"
            self.refusing = True
            reason = RejectReason.NOT_RECOGNISED
            return [*ended, BillRejected(reason, f"d0 04 escrowed, {words}", False)]
        self.held, self._is_return_told = Held(named.bill), False
        return [*ended, BillEscrowed(named.bill)]

    def _withdraw_offer(self) -> None:
        if self.held:
            self.held.offered, self.held.decision = False, None

    def _end(self) -> list[AcceptorEvent]:
        """The machine is empty: the bill went back, unless nobody can say so."""
        held, self.held, self.refusing = self.held, None, False
        if held is None:
            return []
        if held.going_out:
            self._is_return_told = held.rejection is None
            return [held.rejection or BillReturned(held.bill)]
        if held.unvouched or held.stack_sent:
            self.lost_sight = True
            return []
        return [BillReturned(held.bill)]


def _agrees(named: Named | None, held: Held) -> bool:
    return named is None or named.bill == held.bill


def _found(state: State) -> Literal["nowhere", "acceptor", "stacker"]:
    if state & (State.STACKING | State.STACKED):
        return "stacker"
    return "acceptor" if state & (State.ESCROWED | State.RETURNING) else "nowhere"
