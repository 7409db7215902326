"""An EBDS acceptor's half of the dialogue: each new request in, one reply out, the same again for a repetition.

Responsible for: the alternating bit, the host's commands, what a power-up does with a bill by the
host's policy, the silence of a soft reset, and the device's patience in escrow, if the host set one.
A credit is acknowledged when a new request (with the other bit) follows the reply that told it.
Not responsible for: movement and money, which are the model's; the line, which is the link's.

Source: EBDS protocol specification, as recorded by the public sources that `tables` names.
"""

from collections.abc import Iterator

from hardware_sim.bill_acceptor.ebds.events import Event, Events
from hardware_sim.bill_acceptor.ebds.frames import Request, RequestReader, frame
from hardware_sim.bill_acceptor.ebds.settings import Settings, policy
from hardware_sim.bill_acceptor.ebds.status import Status
from hardware_sim.bill_acceptor.ebds.tables import (
    BLANK_NOTE,
    CURRENCIES,
    MODEL_AND_REVISION,
    RETRIEVED_ACK,
    RETRIEVED_EVENT,
    RETRIEVED_OFF,
    RETRIEVED_ON,
    SOFT_RESET,
    WAYS_ROUND,
    Extended,
    Kind,
    Mode,
    Note,
    Policy,
    auxiliary_replies,
    value_table,
)
from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Motion
from hardware_sim.link import Clock

SILENT_AFTER_RESET_S = 6.0  # devices are silent for 5 to 8 s
WRONG_WAY_ROUND = "wrong way round"

Reply = tuple[int, bytes]


class Ebds:
    def __init__(self, acceptor: Acceptor, currency: str, clock: Clock) -> None:
        self._acceptor = acceptor
        self._clock = clock
        self._notes = CURRENCIES[currency]
        self._value_table = value_table(currency)
        self._auxiliary = auxiliary_replies(currency)
        self._reader = RequestReader()
        self._settings = Settings(acceptor, self._notes)
        self._events = Events(acceptor)
        self._status = Status(acceptor, MODEL_AND_REVISION[currency])
        self._answered: tuple[int, bytes] | None = None  # the last bit, and the frame sent for it
        self._silent_until_s = clock()
        self._note: Note | None = None  # the last bill in escrow, or credited
        self._way_round = WAYS_ROUND - 1
        self._misses_one = False
        acceptor.listen(self._hear_event)

    def hear(self, data: bytes) -> Iterator[bytes]:
        """The replies to what has just come, frame by frame; call it also when nothing came."""
        self._acceptor.tick()
        self._lose_patience()
        if self._acceptor.motion is Motion.OFF or self._clock() < self._silent_until_s:
            self._reader = RequestReader()
            return
        for request in self._reader.feed(data, self._clock()):
            reply = self._answer(request)
            if reply is not None:
                yield reply

    def _hear_event(self, event: str, **_facts: object) -> None:
        if event == "power":
            self._forget()
            self._silent_until_s = self._clock()
        elif event == "accepting":
            self._note = None
            self._misses_one = True  # busy with reading, devices may miss a poll
            self._way_round = (self._way_round + 1) % WAYS_ROUND  # people turn their bills about
            if self._way_round not in self._settings.ways_round:
                self._acceptor.refuse_next = WRONG_WAY_ROUND
        elif event == "escrowed":
            self._note = self._note_of(self._acceptor.bill_inside().value)
            if not self._settings.escrows:
                self._acceptor.stack(credit_at_lever=False)
        elif event in ("returned", "cheated") and self._acceptor.bill is None:
            self._note = None

    def _forget(self) -> None:
        self._settings.forget()
        self._events.forget()
        self._status.power_up()
        self._note = None
        self._answered = None

    def _lose_patience(self) -> None:
        acceptor, timeout_s = self._acceptor, self._settings.escrow_timeout_s
        if not timeout_s or acceptor.motion is not Motion.ESCROWED or acceptor.second_bill:
            return
        if self._clock() - acceptor.since_s > timeout_s:
            acceptor.give_back()

    def _answer(self, request: Request) -> bytes | None:
        if self._misses_one and self._acceptor.motion is Motion.ACCEPTING:
            self._misses_one = False
            return None
        if self._answered is not None and self._answered[0] == request.toggle:
            return self._answered[1]
        self._events.heard()
        if request.kind == Kind.AUXILIARY and request.data == SOFT_RESET:
            self._soft_reset()
            return None
        kind, data = self._obey(request.kind, request.data) or self._invalid()
        reply = frame(kind, request.toggle, data)
        self._answered = request.toggle, reply
        return reply

    def _soft_reset(self) -> None:
        self._acceptor.stop()
        self._acceptor.forget_settings()
        self._acceptor.enter(Motion.POWERED_UP)
        self._forget()
        self._silent_until_s = self._clock() + SILENT_AFTER_RESET_S

    def _invalid(self) -> Reply:
        return Kind.ACCEPTOR, self._state(invalid=True)

    def _obey(self, kind: int, data: bytes) -> Reply | None:
        """None for what is not a valid command."""
        if kind == Kind.HOST and len(data) == 3:
            return self._poll(*data)
        if kind == Kind.EXTENDED and len(data) >= 4:
            return self._extended(data[0], data[4:])
        if kind == Kind.AUXILIARY and len(data) == 3 and data[2] in self._auxiliary:
            return Kind.AUXILIARY, self._auxiliary[data[2]]
        if kind == Kind.CALIBRATE and self._acceptor.motion is Motion.RESTING:
            self._status.calibrating, self._acceptor.slot_open = True, False
            return Kind.CALIBRATE, self._state()
        return None

    def _poll(self, mask: int, mode: int, configuration: int) -> Reply | None:
        if self._acceptor.motion is Motion.POWERED_UP:
            self._start(policy(configuration))
        self._settings.hear(mask, mode, configuration)
        if self._status.calibrating:
            self._acceptor.slot_open = False
        if mode & Mode.STACK and mode & Mode.RETURN:
            return None
        self._decide_escrow(mode)
        return self._report()

    def _start(self, chosen: Policy) -> None:
        """The first poll says what to do with a bill that was in the path."""
        self._acceptor.recovers_credit = chosen is Policy.B
        self._acceptor.holds_escrow = chosen is not Policy.A
        self._acceptor.reset()

    def _decide_escrow(self, mode: int) -> None:
        acceptor = self._acceptor
        if acceptor.motion is not Motion.ESCROWED or acceptor.second_bill is not None:
            return
        if mode & Mode.STACK:
            acceptor.stack(credit_at_lever=False)
        elif mode & Mode.RETURN:
            acceptor.give_back()

    def _report(self) -> Reply:
        event = self._events.next(extended=self._settings.extended)
        if event is Event.STACKED:
            self._show_credit()
        status = self._state(event)
        if event is Event.RETRIEVED:
            return _extended(Extended.NOTE_RETRIEVED, status + RETRIEVED_EVENT)
        if event is Event.BLANK:
            return _extended(Extended.NOTE_SPECIFICATION, status + BLANK_NOTE)
        escrowed = self._acceptor.motion is Motion.ESCROWED
        if self._settings.extended and self._note and (escrowed or event is Event.STACKED):
            specification = self._note.specification(0, self._way_round)
            return _extended(Extended.NOTE_SPECIFICATION, status + specification)
        return Kind.ACCEPTOR, status

    def _show_credit(self) -> None:
        credit = self._acceptor.credit_due
        if credit is None:
            raise AssertionError("no credit is due")
        self._note = self._note_of(credit.value)
        if credit.shown_s is None:
            credit.shown_s = self._clock()
            self._acceptor.report("credit_reported", value=credit.value)

    def _state(self, event: Event | None = None, *, invalid: bool = False) -> bytes:
        """The index of the last bill stays in sight until the next one comes, as devices do it."""
        shown = None if self._settings.extended else self._note
        note_index = shown.index if shown else 0
        return self._status.spell(event, note_index, invalid=invalid)

    def _extended(self, sub_type: int, data: bytes) -> Reply | None:
        if sub_type == Extended.NOTE_SPECIFICATION and len(data) == 1 and data[0]:
            return _extended(sub_type, self._state() + self._specification(data[0]))
        if sub_type == Extended.NOTE_INHIBITS and self._settings.set_inhibits(data):
            return Kind.ACCEPTOR, self._state()
        if sub_type == Extended.ESCROW_TIMEOUT and len(data) == 2:
            self._settings.escrow_timeout_s = data[0]  # the other is that of barcodes
            return _extended(sub_type, self._state())
        if sub_type == Extended.VALUE_TABLE and not data:
            return _extended(sub_type, self._state() + self._value_table)
        if sub_type == Extended.NOTE_RETRIEVED and data in (RETRIEVED_OFF, RETRIEVED_ON):
            self._events.tells_retrieved = data == RETRIEVED_ON
            return _extended(sub_type, self._state() + RETRIEVED_ACK)
        return None

    def _specification(self, index: int) -> bytes:
        if index > len(self._notes):
            return bytes([index]) + BLANK_NOTE[1:]
        return self._notes[index - 1].specification(index)

    def _note_of(self, value: int) -> Note:
        return next(each for each in self._notes if each.value == value)


def _extended(sub_type: int, data: bytes) -> Reply:
    return Kind.EXTENDED, bytes([sub_type]) + data
