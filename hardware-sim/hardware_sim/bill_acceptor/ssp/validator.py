"""What an SSP validator does of its own accord: its events, its slot and its patience.

Responsible for: which events a poll is told and in which order, which of them wait for an EVENT ACK,
starting up without being told to, and closing itself when no command comes.
Not responsible for: movement and money, which are the model's; commands and bytes.

Source: ITL SSP Protocol Manual GA138, event tables of the banknote validators. A unit is taken to say
that it is disabled, or has no cashbox, on every poll for as long as that is so.
"""

from collections.abc import Callable

from hardware_sim.bill_acceptor.model import INHIBITED, UNRECOGNISED, Acceptor
from hardware_sim.bill_acceptor.parts import Credit, Motion, Part, Place
from hardware_sim.bill_acceptor.ssp.tables import (
    ACCEPTED,
    ACKNOWLEDGED_EVENTS,
    BY_HOST,
    CHANNEL_INHIBITED,
    ESCROW_TIME_OUT,
    NOT_RECOGNISED,
    Dataset,
    Event,
)
from hardware_sim.link import Clock

PATIENCE_S = 10.0  # no command for so long: disabled, and a bill in escrow is rejected

_REASONS = {INHIBITED: CHANNEL_INHIBITED, UNRECOGNISED: NOT_RECOGNISED}
_SORTING_OUT = (Motion.INITIALISING, Motion.RETURNING, Motion.STACKING)

Said = tuple[int, ...]  # an event, with its channel if it has one


class Validator:
    def __init__(self, acceptor: Acceptor, dataset: Dataset, clock: Clock) -> None:
        self._acceptor = acceptor
        self._dataset = dataset
        self._clock = clock
        self._happened: list[tuple[float, Said]] = []
        self._waiting_for_ack: list[Said] = []
        self._told_credit: Credit | None = None
        self._starting = self._found_unread = self._known_full = self._escrow_told = False
        self._enabled = False
        self._heard_s = clock()
        self.last_reject = ACCEPTED
        self.counts = {"stacked": 0, "rejected": 0}
        self._reactions: dict[str, Callable[[int], None]] = {
            "accepting": self._react_to_bill,
            "rejected": self._react_to_reject,
            "returned": self._react_to_return,
            "stacked": self._react_to_stack,
            "cheated": lambda value: self._happen(Event.FRAUD_ATTEMPT, self._channel(value)),
            "cashbox_replaced": lambda _: self._happen(Event.CASHBOX_REPLACED),
        }
        acceptor.listen(self._notice)

    def tick(self) -> None:
        acceptor = self._acceptor
        acceptor.tick()
        if acceptor.motion is Motion.OFF:
            return
        if acceptor.motion is Motion.POWERED_UP:
            self.restart()
        if self._starting and acceptor.motion not in _SORTING_OUT:
            self._starting = False
        self._tell_credit()
        self._watch_fullness()
        self._lose_patience()

    def restart(self) -> None:
        """As at power-up: only a bill that still lies in the path, and its credit, are remembered."""
        acceptor = self._acceptor
        self._waiting_for_ack = []
        self._happened = [(self._clock(), (Event.SLAVE_RESET,))]
        self._starting, self._known_full = True, False
        self._enabled = False
        self._heard_s = self._clock()
        bill = acceptor.bill
        self._found_unread = bill is not None and bill.place is Place.HEAD
        acceptor.recovers_credit = bill is not None
        acceptor.reset()
        acceptor.enabled = frozenset()

    def hear(self) -> None:
        self._heard_s = self._clock()

    def enable(self) -> None:
        self._enabled = True
        self._turn_slot()

    def disable(self) -> None:
        self._enabled = False
        self._turn_slot()

    def inhibit(self, mask: int, *, tell: bool) -> None:
        self._acceptor.enabled = self._dataset.allowed(mask)
        if tell and not self._acceptor.enabled:
            self._happen(Event.CHANNELS_INHIBITED)

    def holds_bill(self) -> bool:
        acceptor = self._acceptor
        return acceptor.motion is Motion.ESCROWED and acceptor.second_bill is None

    def give_back(self) -> bool:
        if not self.holds_bill():
            return False
        self.last_reject = BY_HOST
        self._acceptor.give_back()
        return True

    def poll(self, *, with_ack: bool) -> bytes:
        if not self._waiting_for_ack:
            self._accept_what_was_told()
            events = self._events(with_ack=with_ack)
            if with_ack and any(event[0] in ACKNOWLEDGED_EVENTS for event in events):
                self._waiting_for_ack = events
                self._turn_slot()
        else:
            events = self._waiting_for_ack
        return bytes(byte for event in events for byte in event)

    def acknowledge_event(self) -> bool:
        if not self._waiting_for_ack:
            return False
        self._waiting_for_ack = []
        self._turn_slot()
        self._acceptor.acknowledge()
        return True

    def settle_told_credit(self, *, arrived: bool) -> None:
        """A reply to a plain poll is not repeated: what it told is settled, or lost."""
        credit = self._acceptor.credit_due
        if credit is None or credit.shown_s is None or self._waiting_for_ack:
            return
        if arrived:
            self._acceptor.acknowledge()
            return
        credit.acknowledged = True
        self._acceptor.report("credit_lost", value=credit.value)
        if self._acceptor.motion is Motion.STACKED:
            self._acceptor.enter(Motion.RESTING)

    def _accept_what_was_told(self) -> None:
        if self._escrow_told and self.holds_bill():
            self._acceptor.stack(credit_at_lever=True)

    def _events(self, *, with_ack: bool) -> list[Said]:
        """In the order in which they began."""
        if self._starting:
            return [(Event.INITIALISING,)] if with_ack else []
        happened, self._happened = self._happened, []
        events = [event for _, event in happened]
        movement = self._movement()
        if movement is not None:
            began_first = not happened or self._acceptor.since_s <= happened[0][0]
            events.insert(0 if began_first else len(events), movement)
        self._show_credit(events)
        return events + self._standing()

    def _movement(self) -> Said | None:
        motion = self._acceptor.motion
        if motion is Motion.ACCEPTING:
            return Event.READ, 0
        if motion is Motion.ESCROWED:
            self._escrow_told = True
            return Event.READ, self._channel(self._acceptor.bill_inside().value)
        if motion is Motion.STACKING:
            return (Event.STACKING,)
        return (Event.REJECTING,) if motion in (Motion.REJECTING, Motion.RETURNING) else None

    def _standing(self) -> list[Said]:
        acceptor = self._acceptor
        events: list[Said] = []
        if acceptor.jammed:
            in_stacker = acceptor.bill_inside().part is Part.STACKER
            events.append((Event.SAFE_JAM if in_stacker else Event.UNSAFE_JAM,))
        if acceptor.failure is not None:
            events.append((acceptor.failure,))
        if not acceptor.cashbox.present:
            events.append((Event.CASHBOX_REMOVED,))
        if not self._enabled:
            events.append((Event.DISABLED,))
        return events

    def _show_credit(self, events: list[Said]) -> None:
        credit = self._acceptor.credit_due
        told = any(event[0] in (Event.CREDIT, Event.CLEARED_TO_CASHBOX) for event in events)
        if credit is not None and credit.shown_s is None and told:
            credit.shown_s = self._clock()
            self._acceptor.report("credit_reported", value=credit.value)

    def _tell_credit(self) -> None:
        credit = self._acceptor.credit_due
        if credit is not None and credit is not self._told_credit:
            self._told_credit = credit
            if not self._starting:
                self._happen(Event.CREDIT, self._channel(credit.value))

    def _watch_fullness(self) -> None:
        full = self._acceptor.cashbox.full and not self._starting
        if full and not self._known_full:
            self._happen(Event.STACKER_FULL)
        self._known_full = full

    def _lose_patience(self) -> None:
        if self._clock() - self._heard_s <= PATIENCE_S:
            return
        self.disable()
        if self.holds_bill():
            self._acceptor.reject(f"{ESCROW_TIME_OUT:02X}")

    def _turn_slot(self) -> None:
        self._acceptor.slot_open = self._enabled and not self._waiting_for_ack

    def _channel(self, value: int) -> int:
        return self._dataset.channel(value)

    def _happen(self, *event: int) -> None:
        self._happened.append((self._clock(), event))

    def _notice(self, event: str, **facts: object) -> None:
        react, value = self._reactions.get(event), facts.get("value", 0)
        if react is not None and isinstance(value, int):
            react(value)

    def _react_to_bill(self, _: int) -> None:
        self._escrow_told = False

    def _react_to_reject(self, _: int) -> None:
        reason = self._acceptor.reason
        known = _REASONS.get(reason)
        self.last_reject = int(reason, 16) if known is None else known
        self.counts["rejected"] += 1

    def _react_to_return(self, value: int) -> None:
        if self._acceptor.bill is not None:
            return  # it was a second bill, which had never come in
        if self._starting:
            self._happen(
                Event.CLEARED_FROM_FRONT, 0 if self._found_unread else self._channel(value)
            )
        else:
            self._happen(Event.REJECTED)

    def _react_to_stack(self, value: int) -> None:
        self.counts["stacked"] += 1
        if self._starting:
            self._happen(Event.CLEARED_TO_CASHBOX, self._channel(value))
            return
        self._tell_credit()
        self._happen(Event.STACKED)
