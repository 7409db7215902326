"""The set-up of an EBDS device, one message after the other: its name, its table of bills, its escrow.

Source: EBDS protocol specification, auxiliary and extended messages; TerminalClient
(EBDSCashAcceptor.cpp) asks for the table line by line, decapod-atm/ebds ends it at the first blank line.
A device without the table of extended notes may have the older one of seven values (06).
"""

from collections.abc import Mapping
from enum import Enum, auto

from drivers.bill_acceptor.ebds.frames import (
    Auxiliary,
    Configuration,
    Extended,
    MessageType,
    Mode,
    Notice,
    Reply,
    Request,
)
from drivers.bill_acceptor.ebds.notes import (
    LONG_INHIBITS,
    SHORT_INHIBITS,
    TABLE_INDEX_MAX,
    Note,
    bills_of,
    enabled_notes,
    read_note,
    read_value_table,
)
from drivers.bill_acceptor.events import Bill

TRIES_MAX = 3  # a choice: then silence to one message counts as a refusal
ESCROW_TIMEOUT_S = 127  # the longest there is; the session decides long before, a dead kiosk never
NO_BILLS = 0x00
ALL_BILLS = 0x7F


class Step(Enum):
    TYPE = auto()
    APPLICATION = auto()
    NOTES = auto()
    VALUE_TABLE = auto()
    ESCROW_TIMEOUT = auto()
    LONG_INHIBITS = auto()
    SHORT_INHIBITS = auto()
    DONE = auto()
    FAILED = auto()  # it names no bills: nothing can be taken


_AFTER = {  # each step, when it was answered, and when it was refused
    Step.TYPE: (Step.APPLICATION, Step.APPLICATION),
    Step.APPLICATION: (Step.NOTES, Step.NOTES),
    Step.NOTES: (Step.ESCROW_TIMEOUT, Step.VALUE_TABLE),
    Step.VALUE_TABLE: (Step.ESCROW_TIMEOUT, Step.FAILED),
    Step.ESCROW_TIMEOUT: (Step.LONG_INHIBITS, Step.LONG_INHIBITS),
    Step.LONG_INHIBITS: (Step.DONE, Step.SHORT_INHIBITS),
    Step.SHORT_INHIBITS: (Step.DONE, Step.DONE),
}
_INHIBITS = {Step.LONG_INHIBITS: LONG_INHIBITS, Step.SHORT_INHIBITS: SHORT_INHIBITS}


class SetUp:
    """How far the set-up has come, and what it has learnt."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self.table: dict[int, Note] = {}
        self.has_extended_notes = True
        self._texts: dict[Step, str] = {}
        self.at = Step.TYPE
        self._index = 1
        self._failures = 0

    @property
    def is_done(self) -> bool:
        return self.at is Step.DONE

    @property
    def bills(self) -> Mapping[int, Bill]:
        return bills_of(self.table, self._currency)

    @property
    def notes(self) -> int:
        """The first byte of a poll that takes all bills of ours. With extended notes the inhibits choose."""
        if not self.bills or self.has_extended_notes:
            return ALL_BILLS if self.bills else NO_BILLS
        return enabled_notes(self.bills, 1)[0]

    @property
    def firmware(self) -> str:
        return " ".join(text for text in self._texts.values() if text)

    def restart(self) -> None:
        """What was learnt stays until it is learnt anew: a bill may be in escrow meanwhile."""
        self.at = Step.TYPE
        self._index, self._failures = 1, 0

    def poll(self, notes: int, action: Mode) -> Request:
        return Request(MessageType.HOST << 4, self._settings(notes, action))

    def request(self) -> Request | None:
        """None when there is nothing (more) to ask."""
        match self.at:
            case Step.TYPE:
                return _auxiliary(Auxiliary.TYPE)
            case Step.APPLICATION:
                return _auxiliary(Auxiliary.APPLICATION)
            case Step.NOTES:
                return self._extended(Extended.NOTE, bytes([self._index]))
            case Step.VALUE_TABLE:
                return self._extended(Extended.VALUE_TABLE)
            case Step.ESCROW_TIMEOUT:
                timeout = bytes([ESCROW_TIMEOUT_S, ESCROW_TIMEOUT_S])
                return self._extended(Extended.ESCROW_TIMEOUT, timeout)
            case Step.LONG_INHIBITS | Step.SHORT_INHIBITS:
                mask = enabled_notes(self.bills, _INHIBITS[self.at])
                return self._extended(Extended.INHIBITS, mask)
        return None

    def answered(self, request: Request, reply: Reply) -> None:
        if not self._is_asking(request):
            return
        if _is_refusal(request, reply):
            self._go_on(refused=True)
        elif self.at in {Step.TYPE, Step.APPLICATION}:
            self._texts[self.at] = reply.text
            self._go_on()
        elif self.at is Step.NOTES:
            self._on_note(read_note(reply.extension))
        elif self.at is Step.VALUE_TABLE:
            self.table, self.has_extended_notes = read_value_table(reply.extension), False
            self._go_on(refused=not self.table)
        else:
            self._go_on()

    def unanswered(self, request: Request) -> bool:
        """True when it has been tried often enough."""
        if not self._is_asking(request):
            return False
        self._failures += 1
        if self._failures < TRIES_MAX:
            return False
        self._go_on(refused=True)
        return True

    def _is_asking(self, request: Request) -> bool:
        asking = self.request()
        return asking is not None and (asking.type, asking.data) == (request.type, request.data)

    def _on_note(self, note: Note) -> None:
        if self._index == 1:
            self.table, self.has_extended_notes = {}, True
        if note.bill is None:
            self._go_on(refused=not self.table)
            return
        if note.index != self._index:
            return  # a line asked for before: ask again
        self.table[note.index] = note
        self._failures, self._index = 0, self._index + 1
        if self._index > TABLE_INDEX_MAX:
            self._go_on()

    def _go_on(self, *, refused: bool = False) -> None:
        self.at = _AFTER[self.at][refused]
        if self.at is Step.LONG_INHIBITS and not self.has_extended_notes:
            self.at = Step.DONE  # the poll itself says which of the seven may be taken
        self._index, self._failures = 1, 0

    def _extended(self, subtype: Extended, data: bytes = b"") -> Request:
        settings = self._settings(NO_BILLS, Mode(0))
        return Request(MessageType.EXTENDED << 4, bytes([subtype]) + settings + data)

    def _settings(self, notes: int, action: Mode) -> bytes:
        mode = Mode.ANY_ORIENTATION | Mode.ESCROW | action
        configuration = Configuration.POLICY_B
        if self.has_extended_notes:
            configuration |= Configuration.EXTENDED_NOTES
        return bytes([notes, mode, configuration])


def _auxiliary(subtype: Auxiliary) -> Request:
    return Request(MessageType.AUXILIARY << 4, bytes([0, 0, subtype]))


def _is_refusal(request: Request, reply: Reply) -> bool:
    if reply.status and Notice.INVALID_COMMAND in reply.status.notice:
        return True
    if request.type == MessageType.AUXILIARY:
        return reply.type != MessageType.AUXILIARY
    if request.subtype in {Extended.NOTE, Extended.VALUE_TABLE}:
        return reply.subtype != request.subtype
    return reply.status is None  # settings are answered by a status of either kind
