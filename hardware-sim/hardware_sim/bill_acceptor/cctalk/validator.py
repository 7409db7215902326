"""What a ccTalk bill validator does of its own accord: its events, its inhibits and its patience.

Responsible for: turning what happens inside into events, starting up without being told to, and
closing itself when nobody polls, when the stacker is full or gone, and when a part breaks.
Not responsible for: movement and money, which are the model's; requests and bytes.

Source: ccTalk Generic Specification v4.7, Part 1 (18.1, polling) and Part 3 (bill events; the sessions
of appendix 16).
"""

from collections.abc import Callable

from hardware_sim.bill_acceptor.cctalk.event_log import EventLog
from hardware_sim.bill_acceptor.cctalk.tables import (
    CREDIT,
    ESCROW,
    FAILURE_EVENTS,
    MODE_AT_POWER_UP,
    USES_ESCROW,
    Currency,
    Event,
    Fault,
)
from hardware_sim.bill_acceptor.model import INHIBITED, UNRECOGNISED, Acceptor
from hardware_sim.bill_acceptor.parts import Credit, Motion, Part
from hardware_sim.link import Clock

WATCHDOG_S = 5.0  # not polled for so long, it inhibits itself until the host lifts that
ESCROW_S = 30.0  # about this long; routing with 255 starts it again

_REASONS = {INHIBITED: Event.INHIBITED_SERIAL, UNRECOGNISED: Event.INVALID_VALIDATION}
_JAMS = {Part.ACCEPTOR: Event.JAM_UNSAFE, Part.STACKER: Event.JAM_IN_STACKER}
_SORTING_OUT = (Motion.INITIALISING, Motion.RETURNING, Motion.STACKING)


class Validator:
    def __init__(self, acceptor: Acceptor, currency: Currency, clock: Clock) -> None:
        self._acceptor = acceptor
        self._currency = currency
        self._clock = clock
        self._events = EventLog()
        self._watched_from_s = self._extended_s = clock()
        self._starting = False
        self._known_full = False
        self._logged_credit: Credit | None = None
        self.mode = MODE_AT_POWER_UP
        self._reactions: dict[str, Callable[[], None]] = {
            "escrowed": self._react_to_escrow,
            "rejected": self._react_to_reject,
            "returned": self._react_to_return,
            "cheated": lambda: self._log(Event.PULLED_BACKWARDS),
            "jammed": self._react_to_jam,
            "failed": self._react_to_failure,
            "cashbox_removed": self._react_to_missing_stacker,
            "cashbox_replaced": lambda: self._log(Event.STACKER_INSERTED),
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
            self._finish_start()
        self._log_credit()
        self._watch_fullness()
        self._lose_patience()

    def restart(self) -> None:
        """As at power-up: the events and the settings are gone, and so is a credit not yet read."""
        self._starting = True
        self._events.clear()
        self.mode = MODE_AT_POWER_UP
        self._watched_from_s = self._clock()
        self._acceptor.recovers_credit = False
        self._acceptor.reset()
        self._acceptor.enabled = frozenset()

    def read_events(self) -> bytes:
        """Nothing on this wire acknowledges a credit; a host that reads on has had the chance."""
        self._watched_from_s = self._clock()
        credit = self._acceptor.credit_due
        if credit is not None and credit.shown_s is None:
            credit.shown_s = self._clock()
            self._acceptor.report("credit_reported", value=credit.value)
        elif credit is not None:
            self._acceptor.acknowledge()
        return self._events.read()

    def extend_escrow(self) -> None:
        self._extended_s = self._clock()

    def fault(self) -> Fault | int:
        acceptor = self._acceptor
        if acceptor.failure is not None:
            return acceptor.failure
        if acceptor.jammed:
            return Fault.BILL_JAMMED
        if not acceptor.cashbox.present:
            return Fault.STACKER_MISSING
        return Fault.STACKER_FULL if acceptor.cashbox.full else Fault.NONE

    def _finish_start(self) -> None:
        """What was found wrong is told; what was sorted out meanwhile is not."""
        acceptor = self._acceptor
        self._starting = self._known_full = False
        acceptor.recovers_credit = True  # for as long as there is power, it knows its bills
        if acceptor.failure is not None:
            self._react_to_failure()
        if acceptor.jammed:
            self._react_to_jam()
        if not acceptor.cashbox.present:
            self._react_to_missing_stacker()

    def _log_credit(self) -> None:
        credit = self._acceptor.credit_due
        if credit is not None and credit is not self._logged_credit:
            self._logged_credit = credit
            self._events.add(self._currency.bill_type(credit.value), CREDIT)

    def _watch_fullness(self) -> None:
        full = self._acceptor.cashbox.full
        if full and not self._known_full and not self._starting:
            self._log(Event.STACKER_FULL)
            self._inhibit()
        self._known_full = full and not self._starting

    def _lose_patience(self) -> None:
        acceptor, now_s = self._acceptor, self._clock()
        if now_s - self._watched_from_s > WATCHDOG_S:
            self._watched_from_s = now_s
            self._inhibit()
        if acceptor.motion is not Motion.ESCROWED or acceptor.second_bill is not None:
            return
        if now_s - max(acceptor.since_s, self._extended_s) > ESCROW_S:
            acceptor.give_back()

    def _inhibit(self) -> None:
        if self._acceptor.slot_open:
            self._acceptor.slot_open = False
            self._log(Event.MASTER_INHIBIT_ACTIVE)

    def _log(self, event: int) -> None:
        self._events.add(0, event)

    def _notice(self, event: str, **_: object) -> None:
        react = self._reactions.get(event)
        if react is not None and not self._starting:
            react()

    def _react_to_escrow(self) -> None:
        if self.mode & USES_ESCROW:
            self._events.add(self._currency.bill_type(self._acceptor.bill_inside().value), ESCROW)
        else:
            self._acceptor.stack(credit_at_lever=False)

    def _react_to_reject(self) -> None:
        reason = self._acceptor.reason
        known = _REASONS.get(reason)
        self._log(int(reason, 16) if known is None else known)

    def _react_to_return(self) -> None:
        if self._acceptor.bill is None:  # else it was a second bill, which had never come in
            self._log(Event.RETURNED)

    def _react_to_jam(self) -> None:
        self._log(_JAMS[self._acceptor.bill_inside().part])

    def _react_to_failure(self) -> None:
        event = FAILURE_EVENTS.get(Fault(self.fault()))
        if event is not None:
            self._log(event)
        self._inhibit()

    def _react_to_missing_stacker(self) -> None:
        self._log(Event.STACKER_REMOVED)
        self._inhibit()
