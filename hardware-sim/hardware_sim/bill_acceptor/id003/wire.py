"""An ID-003 acceptor's half of the dialogue: each request in, at most one reply out.

Responsible for: statuses, operations and settings, and the device's own patience: how long it
waits in escrow, how long it bears a host that has gone silent, how late an acknowledgement may be.
Not responsible for: movement and money, which are the model's; the line, which is the link's.

Source: JCM ID-003 communication specification; behaviour of a real JCM from the logs and notes of
RT-circuits/ccnet-poc (Session-logs, flow_id003_escrow.md).
"""

from collections.abc import Iterator

from hardware_sim.bill_acceptor.id003.frames import Request, RequestReader, frame
from hardware_sim.bill_acceptor.id003.settings import Settings
from hardware_sim.bill_acceptor.id003.tables import (
    BOOT_VERSION,
    CURRENCIES,
    GET_BOOT_VERSION,
    GET_CURRENCIES,
    GET_SERIAL_NUMBER,
    GET_VERSION,
    REJECT_INHIBITED,
    REJECT_UNRECOGNISED,
    SERIAL_NUMBER,
    Operation,
    Status,
    version,
)
from hardware_sim.bill_acceptor.model import INHIBITED, UNRECOGNISED, Acceptor
from hardware_sim.bill_acceptor.parts import Motion, Part
from hardware_sim.link import Clock

ESCROW_S = 10.0  # unanswered in escrow: logs show the bill back after 10 to 11 s
SILENCE_S = 3.0  # not polled while a bill is in: it comes back after about 3 s
ACKNOWLEDGE_WITHIN_S = 60.0  # an ACK a minute late no longer helped a real device; only RESET did

_UNANSWERED = "unanswered"
_REASONS = {
    INHIBITED: REJECT_INHIBITED,
    UNRECOGNISED: REJECT_UNRECOGNISED,
    _UNANSWERED: REJECT_INHIBITED,
}
_MOTIONS = {
    Motion.INITIALISING: Status.INITIALIZE,
    Motion.ACCEPTING: Status.ACCEPTING,
    Motion.STACKING: Status.STACKING,
    Motion.STACKED: Status.STACKED,
    Motion.RETURNING: Status.RETURNING,
    Motion.CHEATED: Status.CHEATED,
}
_POWER_UP = {
    None: Status.POWER_UP,
    Part.ACCEPTOR: Status.POWER_UP_BILL_IN_ACCEPTOR,
    Part.STACKER: Status.POWER_UP_BILL_IN_STACKER,
}

Reply = tuple[int, bytes]
_ACK: Reply = (Status.ACK, b"")
_INVALID: Reply = (Status.INVALID_COMMAND, b"")


class Id003:
    def __init__(self, acceptor: Acceptor, currency: str, clock: Clock) -> None:
        self._acceptor = acceptor
        self._clock = clock
        self._reader = RequestReader()
        self._denominations = CURRENCIES[currency]
        self._settings = Settings(acceptor, self._denominations)
        self._facts = {
            GET_VERSION: version(currency),
            GET_BOOT_VERSION: BOOT_VERSION,
            GET_CURRENCIES: b"".join(each.record for each in self._denominations),
            GET_SERIAL_NUMBER: SERIAL_NUMBER,
        }
        self._polled_s = clock()
        self._held_until_s = clock()
        self._waited_from_s = clock()

    def hear(self, data: bytes) -> Iterator[bytes]:
        """The replies to what has just come, frame by frame; call it also when nothing came."""
        self._acceptor.tick()
        self._lose_patience()
        if self._acceptor.motion is Motion.OFF:
            self._reader = RequestReader()
            return
        for request in self._reader.feed(data, self._clock()):
            reply = self._answer(request)
            if reply is not None:
                yield frame(*reply)

    def _lose_patience(self) -> None:
        acceptor, now_s = self._acceptor, self._clock()
        if acceptor.second_bill is not None:
            return
        escrowed = acceptor.motion is Motion.ESCROWED
        if (escrowed or acceptor.motion is Motion.ACCEPTING) and (
            now_s - max(self._polled_s, acceptor.since_s) > SILENCE_S
        ):
            acceptor.give_back()
        elif escrowed and now_s > self._decide_by_s():
            acceptor.reject(_UNANSWERED)

    def _decide_by_s(self) -> float:
        return ESCROW_S + max(self._acceptor.since_s, self._held_until_s, self._waited_from_s)

    def _answer(self, request: Request) -> Reply | None:
        command, data = request.command, request.data
        if command == Operation.ACK:
            self._hear_acknowledgement()
            return None
        if command == Operation.STATUS_REQUEST and not data:
            self._polled_s = self._clock()
            return self._status()
        if command == Operation.RESET and not data:
            self._acceptor.reset()
            self._settings.forget()
            return _ACK
        if command in self._facts and not data:
            return command, self._facts[command]
        reply = self._settings.answer(command, data) or self._decide_escrow(command, data)
        return reply or _INVALID

    def _hear_acknowledgement(self) -> None:
        credit = self._acceptor.credit_due
        if credit is None or credit.shown_s is None:
            return
        if self._clock() - credit.shown_s <= ACKNOWLEDGE_WITHIN_S:
            self._acceptor.acknowledge()

    def _decide_escrow(self, command: int, data: bytes) -> Reply | None:
        acceptor = self._acceptor
        if acceptor.motion is not Motion.ESCROWED or self._trouble():
            return None
        if command == Operation.HOLD and len(data) == 1:
            # The unit of the operand is a choice: seconds, after which escrow goes on.
            self._held_until_s = self._clock() + data[0]
        elif command == Operation.WAIT and not data:
            self._waited_from_s = self._clock()  # a choice: the time in escrow starts again
        elif command in (Operation.STACK_1, Operation.STACK_2) and not data:
            acceptor.stack(credit_at_lever=command == Operation.STACK_1)
        elif command == Operation.RETURN and not data:
            acceptor.give_back()
        else:
            return None
        return _ACK

    def _status(self) -> Reply:
        acceptor = self._acceptor
        if acceptor.motion is Motion.POWERED_UP:
            return _POWER_UP[acceptor.bill.part if acceptor.bill else None], b""
        if acceptor.motion is Motion.INITIALISING:
            return Status.INITIALIZE, b""
        if acceptor.credit_due:
            return self._show_credit()
        return self._trouble() or self._movement() or self._rest()

    def _show_credit(self) -> Reply:
        credit = self._acceptor.credit_due
        if credit is not None and credit.shown_s is None:
            credit.shown_s = self._clock()
            self._acceptor.report("credit_reported", value=credit.value)
        return Status.VEND_VALID, b""

    def _trouble(self) -> Reply | None:
        acceptor = self._acceptor
        if acceptor.failure is not None:
            return Status.FAILURE, bytes([acceptor.failure])
        if acceptor.jammed:
            in_stacker = acceptor.bill_inside().part is Part.STACKER
            return Status.STACKER_JAM if in_stacker else Status.ACCEPTOR_JAM, b""
        if not acceptor.cashbox.present:
            return Status.STACKER_OPEN, b""
        if acceptor.second_bill is not None:
            return Status.PAUSE, b""
        return None

    def _movement(self) -> Reply | None:
        acceptor = self._acceptor
        if acceptor.motion is Motion.ESCROWED:
            if self._clock() < self._held_until_s:
                return Status.HOLDING, b""
            return Status.ESCROW, bytes([self._escrow_code(acceptor.bill_inside().value)])
        if acceptor.motion is Motion.REJECTING:
            reason = acceptor.reason
            return Status.REJECTING, bytes([_REASONS.get(reason) or int(reason, 16)])
        if acceptor.motion is Motion.STACKING and acceptor.credit is not None:
            return Status.STACKED, b""  # acknowledged at the lever, on its way into the cashbox
        status = _MOTIONS.get(acceptor.motion)
        return None if status is None else (status, b"")

    def _rest(self) -> Reply:
        if self._acceptor.cashbox.full:
            return Status.STACKER_FULL, b""
        return Status.IDLE if self._acceptor.slot_open else Status.INHIBITED, b""

    def _escrow_code(self, value: int) -> int:
        return next(each.escrow_code for each in self._denominations if each.value == value)
