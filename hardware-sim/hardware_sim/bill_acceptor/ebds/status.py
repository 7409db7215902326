"""The six bytes of state that are in every EBDS reply to a poll, and in most others.

Responsible for: putting the machine's state into bits. Not responsible for: what is told only once.
"""

from hardware_sim.bill_acceptor.ebds.events import Event
from hardware_sim.bill_acceptor.ebds.tables import (
    NOTE_SHIFT,
    Condition,
    Exceptional,
    Miscellaneous,
    State,
)
from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Motion, Part

_STARTING = (Motion.POWERED_UP, Motion.INITIALISING)
_STATES = {
    Motion.ACCEPTING: State.ACCEPTING,
    Motion.ESCROWED: State.ESCROWED,
    Motion.STACKING: State.STACKING,
    Motion.RETURNING: State.RETURNING,
    Motion.REJECTING: State.RETURNING,
}
_EVENT_STATES = {
    Event.STACKED: State.STACKED,
    Event.BLANK: State.STACKED,
    Event.RETURNED: State.RETURNED,
}
_EVENT_CONDITIONS = {Event.CHEATED: Condition.CHEATED, Event.REJECTED: Condition.REJECTED}


class Status:
    def __init__(self, acceptor: Acceptor, model_and_revision: bytes) -> None:
        self._acceptor = acceptor
        self._model_and_revision = model_and_revision
        self._powering_up = True
        self._path_open = False
        self.calibrating = False
        acceptor.listen(self._note)

    def _note(self, event: str, **_facts: object) -> None:
        if event == "cleared":
            self._path_open = True

    def power_up(self) -> None:
        self._powering_up = True
        self.calibrating = False

    def spell(self, event: Event | None, note_index: int, *, invalid: bool) -> bytes:
        if self._acceptor.motion not in _STARTING:
            self._powering_up = self._path_open = False
        state, condition = self._state(), self._condition()
        if event is not None:
            state |= _EVENT_STATES.get(event, State(0))
            condition |= _EVENT_CONDITIONS.get(event, Condition(0))
        exceptional = self._exceptional()
        if invalid:
            exceptional |= Exceptional.INVALID_COMMAND
        with_note = exceptional | note_index << NOTE_SHIFT
        four = bytes([state, condition, with_note, self._miscellaneous()])
        return four + self._model_and_revision

    def _state(self) -> State:
        acceptor = self._acceptor
        if acceptor.motion in _STARTING:
            empty = acceptor.bill is None
            return State.IDLING if empty and self._powering_up else State(0)
        troubled = acceptor.failure is not None or acceptor.motion is Motion.STOPPED
        if troubled or self.calibrating:
            return State(0)
        if acceptor.motion in _STATES:
            return _STATES[acceptor.motion]
        return State(0) if acceptor.cashbox.full else State.IDLING

    def _condition(self) -> Condition:
        acceptor = self._acceptor
        bits = {
            Condition.JAMMED: acceptor.jammed,
            Condition.CASSETTE_FULL: acceptor.cashbox.present and acceptor.cashbox.full,
            Condition.CASSETTE_ATTACHED: acceptor.cashbox.present,
            Condition.PAUSED: acceptor.second_bill is not None,
            Condition.CALIBRATION: self.calibrating,
        }
        return Condition(sum(bit for bit, is_set in bits.items() if is_set))

    def _exceptional(self) -> Exceptional:
        bits = {
            Exceptional.POWER_UP: self._powering_up,
            Exceptional.FAILURE: self._acceptor.failure is not None,
            Exceptional.TRANSPORT_OPEN: self._path_open,
        }
        return Exceptional(sum(bit for bit, is_set in bits.items() if is_set))

    def _miscellaneous(self) -> Miscellaneous:
        acceptor, bill = self._acceptor, self._acceptor.bill
        stopped = acceptor.motion is Motion.STOPPED
        past_the_lever = bill is not None and bill.part is Part.STACKER
        bits = {
            Miscellaneous.STALLED: stopped and not acceptor.jammed and acceptor.failure is None,
            Miscellaneous.PRE_STACK: acceptor.motion is Motion.STACKING and past_the_lever,
        }
        return Miscellaneous(sum(bit for bit, is_set in bits.items() if is_set))
