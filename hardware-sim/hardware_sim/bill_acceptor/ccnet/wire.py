"""A CCNET bill validator's half of the dialogue: each request in, at most one reply out.

Responsible for: commands, data that is repeated until it is acknowledged, and the device's own
patience in escrow. A credit (BILL STACKED) outlives reset and power loss until it is acknowledged.
Not responsible for: movement and money, which are the model's; the line, which is the link's.

Source: CCNET Document 1, Common Specifications: software operational rules, bill validator.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hardware_sim.bill_acceptor.ccnet.frames import (
    BILL_VALIDATOR,
    Damaged,
    Request,
    RequestReader,
    frame,
)
from hardware_sim.bill_acceptor.ccnet.polls import Answer, Polls, Tells
from hardware_sim.bill_acceptor.ccnet.settings import Settings
from hardware_sim.bill_acceptor.ccnet.tables import (
    ACK,
    CURRENCIES,
    ILLEGAL_COMMAND,
    NAK,
    Command,
    Status,
    bill_table,
    identification,
)
from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Motion
from hardware_sim.link import Clock

ESCROW_S = 10.0  # unanswered in escrow, and after each HOLD, before the bill goes back
# The document expects an answer to data within 10 ms and takes silence for NAK. A choice: half a
# second, for hosts that are not real-time; a later ACK is not heard and the data comes again.
ACKNOWLEDGE_WITHIN_S = 0.5
NON_RESPONSE_S = 5.0  # a host that was silent for so long gets the present, not a repetition

# IDENTIFICATION and GET BILL TABLE: power-up, initialise, failures, disabled.
_IDLE_ENOUGH = frozenset({*range(0x10, 0x14), Status.DISABLED, *range(0x41, 0x48)})


@dataclass
class Sent:
    """Data that the host has not acknowledged."""

    answer: Answer
    to: int  # the command
    at_s: float


class Ccnet:
    def __init__(self, acceptor: Acceptor, currency: str, clock: Clock) -> None:
        acceptor.recovers_credit = True
        self._acceptor = acceptor
        self._clock = clock
        self._reader = RequestReader()
        self._settings = Settings(acceptor, CURRENCIES[currency])
        self._polls = Polls(acceptor, CURRENCIES[currency])
        self._facts = {
            Command.IDENTIFICATION: identification(currency),
            Command.GET_BILL_TABLE: bill_table(currency),
        }
        self._sent: Sent | None = None
        self._waits_from_s = clock()
        acceptor.listen(self._note)

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
                yield frame(reply)

    def _note(self, event: str, **_facts: object) -> None:
        if event == "power":
            self._sent = None
            self._settings.forget()
        elif event == "escrowed":
            self._waits_from_s = self._acceptor.schedule.now_s
            if not self._settings.waits_in_escrow(self._acceptor.bill_inside().value):
                self._acceptor.stack(credit_at_lever=False)

    def _lose_patience(self) -> None:
        acceptor = self._acceptor
        if acceptor.motion is not Motion.ESCROWED or acceptor.second_bill is not None:
            return
        if self._clock() - self._waits_from_s > ESCROW_S:
            acceptor.give_back()

    def _answer(self, request: Request | Damaged) -> bytes | None:
        if isinstance(request, Damaged):
            # While data waits for its acknowledgement, this may have been it: silence is NAK too.
            return None if self._sent else bytes([NAK])
        if request.address != BILL_VALIDATOR:
            return None
        match request.command, request.data:
            case Command.ACK, b"":
                self._hear_acknowledgement()
                return None
            case Command.NAK, b"":
                return self._again() if self._sent else None
            case Command.POLL, b"":
                return self._poll()
        self._sent = None
        return self._obey(request.command, request.data)

    def _poll(self) -> bytes:
        sent, now_s = self._sent, self._clock()
        if sent and sent.to == Command.POLL and now_s - sent.at_s <= NON_RESPONSE_S:
            return self._again()
        answer = self._polls.answer()
        credit = self._acceptor.credit_due
        if answer.tells is Tells.CREDIT and credit and credit.shown_s is None:
            credit.shown_s = now_s
            self._acceptor.report("credit_reported", value=credit.value)
        return self._send(answer, Command.POLL)

    def _send(self, answer: Answer, to: int) -> bytes:
        self._sent = Sent(answer, to, self._clock())
        return answer.content

    def _again(self) -> bytes:
        sent = self._sent
        if sent is None:
            raise AssertionError("nothing was sent")
        sent.at_s = self._clock()
        return sent.answer.content

    def _hear_acknowledgement(self) -> None:
        sent = self._sent
        if sent is None or self._clock() - sent.at_s > ACKNOWLEDGE_WITHIN_S:
            return
        self._sent = None
        if sent.answer.tells is Tells.CREDIT:
            self._acceptor.acknowledge()
        elif sent.answer.tells is Tells.RETURN:
            self._polls.return_acknowledged()

    def _obey(self, command: int, data: bytes) -> bytes:
        if command == Command.RESET and not data:
            self._polls.expect_reset()
            self._settings.forget()
            self._acceptor.reset()
            return bytes([ACK])
        if command == Command.GET_STATUS and not data:
            return self._send(Answer(self._settings.status), command)
        if command in self._facts and not data:
            if self._polls.answer().status in _IDLE_ENOUGH:
                return self._send(Answer(self._facts[Command(command)]), command)
            return bytes([ILLEGAL_COMMAND])
        done = self._set(command, data) or (not data and self._decide_escrow(command))
        return bytes([ACK if done else ILLEGAL_COMMAND])

    def _set(self, command: int, data: bytes) -> bool:
        if self._acceptor.motion is Motion.POWERED_UP:
            return False
        if command == Command.ENABLE_BILL_TYPES:
            return self._settings.enable(data)
        return command == Command.SET_SECURITY and self._settings.set_security(data)

    def _decide_escrow(self, command: int) -> bool:
        acceptor = self._acceptor
        if acceptor.motion is not Motion.ESCROWED or acceptor.second_bill is not None:
            return False
        if command == Command.STACK:
            acceptor.stack(credit_at_lever=False)
        elif command == Command.RETURN:
            acceptor.give_back()
        elif command == Command.HOLD:
            self._polls.held = True
            self._waits_from_s = self._clock()
        else:
            return False
        return True
