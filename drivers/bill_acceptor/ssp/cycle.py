"""The bill in the machine and the credit it becomes, as SSP's events tell it.

Responsible for: one BillStacked per bill however the device words it, and exactly one end for every bill that
was in escrow, unless the device cannot vouch for it.
Not responsible for: what to send, and when.

The rule of credit: NOTE CREDIT (EE), or a word at power-up that a bill went into the cashbox (E2, CA) or the
store (CB), and nothing else. Between EE and the bill's rest in the stacker a loss of power makes the device
name the same bill again with E2: so a credit is settled only once the bill has come to rest, and until then
every such word is the same credit. An event in two polls running is one event. Source: ITL SSP Protocol Manual
GA138 v2.2, event descriptions; GA973, which warns not to rely on the order of EE and EB.
"""

from collections.abc import Mapping
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
from drivers.bill_acceptor.ssp.escrow import Choice
from drivers.bill_acceptor.ssp.faults import BY_HOST, SHAKING, reject_of
from drivers.bill_acceptor.ssp.poll_events import Event
from drivers.bill_acceptor.ssp.poll_events import EventCode as E
from drivers.faults import RejectReason

CLEARED_IN = frozenset({E.CLEARED_TO_CASHBOX, E.INTO_STACKER_AT_RESET, E.INTO_STORE_AT_RESET})
CLEARED_OUT = frozenset({E.CLEARED_FROM_FRONT, E.DISPENSED_AT_RESET})
CREDITS = CLEARED_IN | {E.NOTE_CREDIT}
POWER_UPS = CLEARED_IN | CLEARED_OUT | {E.SLAVE_RESET}
_JAMS = frozenset({E.SAFE_JAM, E.UNSAFE_JAM, E.JAM_RECOVERY})
_LASTING = frozenset({E.READ, E.STACKING, E.REJECTING, E.INITIALISING}) | SHAKING | _JAMS
NOT_AT_REST = CREDITS | _LASTING
_CREDIT_MAY_RETURN = CREDITS | _JAMS | {E.STACKING, E.SLAVE_RESET, E.INITIALISING}
_AT_REST = frozenset({E.STACKED, E.STORED_IN_PAYOUT})
# What may be told twice only because no EVENT ACK came; the others are states that last.
_PASSING = (
    POWER_UPS
    | {E.NOTE_CREDIT, E.REJECTED, E.STACKED, E.STORED_IN_PAYOUT, E.FRAUD_ATTEMPT}
    | {*(E.CASHBOX_REMOVED, E.CASHBOX_REPLACED, E.TRANSFERRED_TO_STACKER, E.BARCODE_ACKNOWLEDGED)}
)


@dataclass
class Held:
    """A bill in the machine that is not yet credit."""

    bill: Bill | None  # None: found in escrow by a driver that did not see it come
    in_escrow: bool = True
    choice: Choice | None = None
    offered: bool = False  # the core was told, since the link stands
    refused: bool = False  # it has no denomination here; it goes back, and that was told
    out_of_sight: bool = False  # let go to the stacker, and a reply since then was given up


@dataclass
class Credit:
    is_at_rest: bool  # the bill; before, a loss of power makes the device name it again
    acknowledged: bool = False  # by the core: it is committed
    is_kept: bool = True  # by the device, as its last reply, for as long as we send nothing new
    acks_sent: int = 0


class Cycle:
    def __init__(self) -> None:
        self.bills: Mapping[int, Bill] = {}  # ours, by channel
        self.held: Held | None = None
        self.credit: Credit | None = None
        self.reject_unexplained = False  # LAST REJECT CODE is to be asked
        self.lost_sight = False  # a bill ended without the device's word; AcceptorReady says so
        self.tells_once = False  # it knows no EVENT ACK
        self._was_in_escrow = False  # the bill whose reject is to be explained
        self.may_have_restarted = False  # a word at its start may follow
        self._power_up_told = False
        self._stacked = False  # told of the last bill; may come before its credit
        self._last: frozenset[Event] = frozenset()

    @property
    def is_empty(self) -> bool:
        is_open = self.held or self.credit or self.reject_unexplained
        return not (is_open or self.may_have_restarted)

    @property
    def choice(self) -> Choice | None:
        """What is to become of the bill in escrow."""
        return self.held.choice if self.held and self.held.in_escrow else None

    @property
    def is_escrow_closed_to_polls(self) -> bool:
        """A poll now would accept a bill that nobody has decided to take."""
        return self.held is not None and self.held.in_escrow and self.held.choice != "stack"

    def decide(self, choice: Choice) -> None:
        """A decision about a bill that is not in escrow (any more) comes too late, and means nothing."""
        if self.held and self.held.in_escrow and self.held.offered:
            self.held.choice = choice

    def acknowledge(self) -> None:
        if self.credit:
            self.credit.acknowledged = True

    @property
    def waits_for_commit(self) -> bool:
        """A new command would tell the device that its reply, which tells the credit, was heard."""
        return self.credit is not None and not self.credit.acknowledged and self.credit.is_kept

    def link_lost(self) -> None:
        """A decision belongs to the escrow it was made for; escrow is told, and decided, anew."""
        self._last = frozenset()
        self._may_restart()
        if self.held and self.held.offered:
            self.held.choice, self.held.offered = None, False

    def out_of_touch(self) -> None:
        """A reply was given up, and with it what it told."""
        self._may_restart()
        if self.held and not self.held.in_escrow:
            self.held.out_of_sight = True

    def _may_restart(self) -> None:
        """It may have lost its power meanwhile: a credit may be told again, and a bill moved."""
        self.may_have_restarted |= not self.is_empty

    def memory_lost(self) -> None:
        """Its last reply is gone; what it knows of a credit it tells when it starts."""
        self.out_of_touch()
        if self.credit:
            self.credit.is_kept = False

    # -- what the device says besides its events -----------------------------------------------------

    def escrow_found(self) -> list[AcceptorEvent]:
        """HOLD was obeyed at a new connection. A bill that this driver did not see come goes back."""
        self._another_may_have_come()
        self.held = self.held or Held(None, choice="return")
        self.held.in_escrow = True
        return self._offer(self.held)

    def _another_may_have_come(self) -> None:
        """A device that tells a credit once may have told it in a reply that nobody heard."""
        if self.tells_once and self.held and self.held.out_of_sight:
            self.held, self.lost_sight = None, True

    def escrow_left(self) -> None:
        """Nothing is in escrow (any more): polls are only polls, and tell what becomes of the bill."""
        if self.held:
            self.held.in_escrow = False

    def reject_explained(self, answer: bytes) -> list[AcceptorEvent]:
        self.reject_unexplained = False
        if answer == BY_HOST and not self._was_in_escrow:
            return self._went_back(None)  # at the word of the process before
        reason, vendor_code = reject_of(answer)
        return [BillRejected(reason, vendor_code, self._was_in_escrow)]

    def rested(self) -> list[AcceptorEvent]:
        """For a while nothing has moved, and no word came: what was open ends here."""
        if self.held:
            self.held, self.lost_sight = None, True
        self.may_have_restarted = self._power_up_told = False
        self._came_to_rest()
        return self._settle(set())

    # -- events --------------------------------------------------------------------------------------

    def wants_ack(self, events: list[Event]) -> bool:
        """Money that the core has on record, or what is told a second time. Which events are told until
        EVENT ACK differs by model; one too many does no harm."""
        money = any(event.code in POWER_UPS | CREDITS for event in events)
        return money or any(event in self._last and event.code in _PASSING for event in events)

    def seen(self, events: list[Event]) -> list[AcceptorEvent]:
        """What the events of one poll tell."""
        fresh = [event for event in events if event not in self._last]
        self._last = frozenset(events)
        codes = {event.code for event in events}
        if codes & _AT_REST:
            self._came_to_rest()
        told = self._settle(codes)
        told += self._power_up({event.code for event in fresh})
        for event in fresh:
            told += self._one(event)
        return told

    def _one(self, event: Event) -> list[AcceptorEvent]:
        if event.code in CREDITS:
            return self._credited(event)
        if event.code in CLEARED_OUT:
            bill = self.held.bill if self.held else self._named(event)
            self.held = None
            return self._went_back(bill)
        if event.code == E.READ:
            return self._in_escrow(event) if event.channel else self._being_read()
        if event.code == E.STACKING:
            return [BillStacking()] if self.held else []
        return self._rejected() if event.code == E.REJECTED else []

    def _power_up(self, fresh: set[int]) -> list[AcceptorEvent]:
        if not fresh & POWER_UPS or (self._power_up_told and E.SLAVE_RESET not in fresh):
            return []
        self.may_have_restarted = self._power_up_told = True
        self.escrow_left()
        if fresh & CLEARED_IN:
            return [PoweredUp("stacker")]
        return [PoweredUp("acceptor" if fresh & CLEARED_OUT else "nowhere")]

    def _credited(self, event: Event) -> list[AcceptorEvent]:
        is_at_rest = self._stacked or event.code in CLEARED_IN
        if self.credit:
            self.credit.is_kept, self.credit.is_at_rest = True, is_at_rest
            return []
        bill = self._named(event) or (self.held.bill if self.held else None)
        self.held, self.credit = None, Credit(is_at_rest)
        return [BillStacked(bill)]

    def _came_to_rest(self) -> None:
        self._stacked = True
        if self.credit:
            self.credit.is_at_rest = True

    def _named(self, event: Event) -> Bill | None:
        return self.bills.get(event.channel) or event.bill

    def _being_read(self) -> list[AcceptorEvent]:
        return [] if self.held else [BillAccepting()]

    def _in_escrow(self, event: Event) -> list[AcceptorEvent]:
        self._stacked = False
        bill = self.bills.get(event.channel)
        if self.tells_once and self.held and self.held.out_of_sight:
            return self.escrow_found()
        if self.held and self.held.bill == bill:
            self.held.in_escrow = True
            return self._offer(self.held)
        self.lost_sight |= self.held is not None
        if bill is None:
            self.held = Held(None, choice="return", refused=True)
            vendor_code = f"EF {event.channel:02X} has no denomination here"
            return [BillRejected(RejectReason.NOT_RECOGNISED, vendor_code, False)]
        self.held = Held(bill)
        return self._offer(self.held)

    def _offer(self, held: Held) -> list[AcceptorEvent]:
        if held.bill is None or held.offered:
            return []
        held.offered = True
        return [BillEscrowed(held.bill)]

    def _rejected(self) -> list[AcceptorEvent]:
        held, self.held = self.held, None
        if held and held.refused:
            return []
        if held and held.choice == "return":
            return self._went_back(held.bill)
        self.reject_unexplained, self._was_in_escrow = True, held is not None
        return []

    def _went_back(self, bill: Bill | None) -> list[AcceptorEvent]:
        """Of a bill that this driver did not see come, a device that tells a credit once proves nothing: ours may
        have been credited to the process before, and this be another."""
        if bill is None and self.tells_once:
            self.lost_sight = True
            return []
        return [BillReturned(bill)]

    def _settle(self, codes: set[int]) -> list[AcceptorEvent]:
        if not self.credit or not self.credit.acknowledged or codes & _CREDIT_MAY_RETURN:
            return []
        may_return = self.may_have_restarted or not self.credit.is_at_rest
        if may_return and E.READ not in codes:  # another bill is in: the device has moved on
            return []
        self.credit = None
        return [CreditSettled()]
