"""What an EBDS acceptor has to tell once: each event is in one reply and, while that is repeated, in its repetitions.

Responsible for: the order of events, and what it means that the host went on after hearing one.
"""

from enum import Enum, auto

from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Motion

_MOST = 16  # a host that polls hears each before the next can happen


class Event(Enum):
    STACKED = auto()  # a credit
    RETURNED = auto()
    REJECTED = auto()
    CHEATED = auto()
    RETRIEVED = auto()
    BLANK = auto()  # a stacked report of no bill, after a power-up or with a new cassette


class Events:
    def __init__(self, acceptor: Acceptor) -> None:
        self._acceptor = acceptor
        self._waiting = [Event.BLANK]
        self._told: Event | None = None
        self.tells_retrieved = False
        acceptor.listen(self._note)

    def _note(self, event: str, **_facts: object) -> None:
        motion = self._acceptor.motion
        if event == "returned" and motion in (Motion.RETURNING, Motion.REJECTING):
            self._owe(Event.RETURNED if motion is Motion.RETURNING else Event.REJECTED)
            if self.tells_retrieved:
                self._owe(Event.RETRIEVED)
        elif event == "cheated":
            self._owe(Event.CHEATED)
        elif event == "cashbox_replaced":
            self._owe(Event.BLANK)

    def _owe(self, event: Event) -> None:
        if len(self._waiting) < _MOST:
            self._waiting.append(event)

    def forget(self) -> None:
        """As a power-up does; a credit is not forgotten, the model keeps it."""
        self._waiting = [Event.BLANK]
        self._told = None
        self.tells_retrieved = False

    def next(self, *, extended: bool) -> Event | None:
        """What this reply tells; a BLANK comes only to hosts that want extended notes."""
        acceptor = self._acceptor
        if acceptor.motion in (Motion.POWERED_UP, Motion.INITIALISING):
            return None
        if acceptor.credit_due is not None:
            self._told = Event.STACKED
            return Event.STACKED
        if not extended and Event.BLANK in self._waiting:
            self._waiting.remove(Event.BLANK)
        at_rest = acceptor.motion is Motion.RESTING
        tellable = (each for each in self._waiting if at_rest or each is not Event.BLANK)
        self._told = next(tellable, None)
        return self._told

    def heard(self) -> None:
        """The host sent a new message, so it has the last reply."""
        told, self._told = self._told, None
        if told is Event.STACKED:
            self._acceptor.acknowledge()
        elif told is not None:
            self._waiting.remove(told)
