"""What a CCNET validator says when it is polled.

Responsible for: putting the machine's state, and the events it owes its host, into status codes.
Not responsible for: repeating what was not acknowledged.
"""

from dataclasses import dataclass
from enum import Enum, auto

from hardware_sim.bill_acceptor.ccnet.tables import (
    REJECT_INHIBITED,
    REJECT_UNRECOGNISED,
    BillType,
    Status,
)
from hardware_sim.bill_acceptor.model import INHIBITED, UNRECOGNISED, Acceptor
from hardware_sim.bill_acceptor.parts import Motion, Part

_REASONS = {INHIBITED: REJECT_INHIBITED, UNRECOGNISED: REJECT_UNRECOGNISED}
_MOTIONS = {
    Motion.ACCEPTING: Status.ACCEPTING,
    Motion.STACKING: Status.STACKING,
    Motion.RETURNING: Status.RETURNING,
    Motion.CHEATED: Status.CHEATED,
}
_POWER_UP = {
    None: Status.POWER_UP,
    Part.ACCEPTOR: Status.POWER_UP_BILL_IN_VALIDATOR,
    Part.STACKER: Status.POWER_UP_BILL_IN_STACKER,
}


class Tells(Enum):
    """What an answer's acknowledgement settles."""

    STATE = auto()
    CREDIT = auto()
    RETURN = auto()


@dataclass(frozen=True)
class Answer:
    content: bytes
    tells: Tells = Tells.STATE

    @property
    def status(self) -> int:
        return self.content[0]


class Polls:
    def __init__(self, acceptor: Acceptor, types: tuple[BillType, ...]) -> None:
        self._acceptor = acceptor
        self._types = types
        self._returned: int | None = None  # the type of a bill whose return is not acknowledged
        self._reset_by_host = False
        self.held = False
        acceptor.listen(self._note)

    def _note(self, event: str, **facts: object) -> None:
        match event, facts.get("value"):
            case "returned", int(value) if self._acceptor.motion is Motion.RETURNING:
                self._returned = self._type(value) if self._knows(value) else None
            case "accepting", _:
                self._returned = None
            case "escrowed", _:
                self.held = False
            case (("cleared" | "cashbox_replaced"), _):
                self._reset_by_host = False
            case "power", _:
                self._returned, self._reset_by_host = None, False

    def expect_reset(self) -> None:
        self._returned, self._reset_by_host = None, True

    def return_acknowledged(self) -> None:
        self._returned = None

    def answer(self) -> Answer:
        acceptor = self._acceptor
        if acceptor.motion is Motion.POWERED_UP:
            return _answer(self._power_up())
        if acceptor.motion is Motion.INITIALISING:
            return self._starting()
        if acceptor.credit_due is not None:
            content = bytes([Status.BILL_STACKED, self._type(acceptor.credit_due.value)])
            return Answer(content, Tells.CREDIT)
        if self._returned is not None:
            return Answer(bytes([Status.BILL_RETURNED, self._returned]), Tells.RETURN)
        return self._trouble() or self._movement() or self._rest()

    def _power_up(self) -> Status:
        """A stored bill whose credit is not acknowledged is as good as one in the stacker."""
        acceptor = self._acceptor
        if acceptor.credit_due is not None:
            return Status.POWER_UP_BILL_IN_STACKER
        return _POWER_UP[acceptor.bill.part if acceptor.bill else None]

    def _starting(self) -> Answer:
        """INITIALIZE after a RESET; a choice: BUSY when people's hands made it start anew."""
        acceptor = self._acceptor
        if self._reset_by_host:
            return _answer(Status.INITIALIZE)
        ready_s = acceptor.since_s + acceptor.timing.initialise_s
        tenths = round((ready_s - acceptor.schedule.now_s) * 10)
        return _answer(Status.BUSY, max(1, tenths))

    def _trouble(self) -> Answer | None:
        acceptor = self._acceptor
        if acceptor.failure is not None:
            return _answer(Status.FAILURE, acceptor.failure)
        if acceptor.jammed:
            in_stacker = acceptor.bill_inside().part is Part.STACKER
            return _answer(Status.CASSETTE_JAMMED if in_stacker else Status.VALIDATOR_JAMMED)
        if not acceptor.cashbox.present:
            return _answer(Status.CASSETTE_REMOVED)
        if acceptor.second_bill is not None:
            return _answer(Status.PAUSE)
        return None

    def _movement(self) -> Answer | None:
        acceptor = self._acceptor
        if acceptor.motion is Motion.ESCROWED:
            if self.held:
                return _answer(Status.HOLDING)
            return _answer(Status.ESCROW, self._type(acceptor.bill_inside().value))
        if acceptor.motion is Motion.REJECTING:
            reason = acceptor.reason
            return _answer(Status.REJECTING, _REASONS.get(reason) or int(reason, 16))
        status = _MOTIONS.get(acceptor.motion)
        return None if status is None else _answer(status)

    def _rest(self) -> Answer:
        if self._acceptor.cashbox.full:
            return _answer(Status.CASSETTE_FULL)
        return _answer(Status.IDLING if self._acceptor.slot_open else Status.DISABLED)

    def _knows(self, value: int) -> bool:
        return value in self._acceptor.denominations

    def _type(self, value: int) -> int:
        return next(at for at, each in enumerate(self._types) if each.value == value)


def _answer(status: Status, *data: int) -> Answer:
    return Answer(bytes([status, *data]))
