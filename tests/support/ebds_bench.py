"""A hand-moved EBDS device: raw bytes, built here without the driver's codec."""

from collections.abc import Callable, Iterable

from drivers.bill_acceptor.commands import AcceptorCommand
from drivers.bill_acceptor.decision import Decision
from drivers.bill_acceptor.ebds.protocol import Ebds
from drivers.bill_acceptor.events import AcceptorEvent, Bill

REPLY_S = 0.01
USD = ("USD001+00", "USD005+00", "USD010+00", "USD020+00", "USD005+01", "USD001+02")
USD_BILLS = tuple(Bill(value * 100, "USD") for value in (1, 5, 10, 20, 50, 100))
FIRMWARE = "SCN6627R 286000123"


def frame(control: int, data: bytes) -> bytes:
    body = bytes([len(data) + 5, control]) + data
    check = 0
    for byte in body:
        check ^= byte
    return b"\x02" + body + b"\x03" + bytes([check])


def record(index: int, letters: str) -> bytes:
    """18 bytes of a note; no letters make it blank."""
    return bytes([index]) + letters.encode() + bytes(17 - len(letters)) if letters else bytes(18)


class Device:
    """What a test sets, it says. The same bit again is answered by the same bytes, and does nothing."""

    def __init__(self) -> None:
        self.status = "01 10 00 00"
        self.note: str | None = (
            None  # in escrow or stacked: nine letters, or "" for a blank report
        )
        self.table: Iterable[str] = USD
        self.values: bytes | None = None  # of the older table
        self.refused: set[int] = set()  # subtypes answered with INVALID COMMAND
        self.unknown: set[int] = set()  # subtypes not answered
        self.tell_instead = False  # a bill stacked, when a line of the table is asked for
        self.bit: int | None = None
        self.said = b""
        self.on_stack: Callable[[], None] = lambda: None
        self.on_return: Callable[[], None] = lambda: None

    def hear(self, control: int, data: bytes) -> bytes:
        if control & 1 == self.bit:
            return self.said
        if control >> 4 != 1 and data[0 if control >> 4 == 7 else -1] in self.unknown:
            return b""
        self.bit = control & 1
        self.said = self._execute(control >> 4, data)
        return self.said

    def _execute(self, type_: int, data: bytes) -> bytes:
        if type_ == 6:
            return self._auxiliary(data[-1])
        if type_ == 7:
            return self._extended(data)
        if data[1] & 0x20:
            self.on_stack()
        if data[1] & 0x40:
            self.on_return()
        if self.note is not None:
            return self._reply(7, b"\x02" + self._status() + record(0, self.note))
        return self._reply(2, self._status())

    def _auxiliary(self, subtype: int) -> bytes:
        if subtype in self.refused:
            return self._reply(2, self._status(2))
        texts = {0x04: b"SCN6627R" + bytes(12), 0x07: b"286000123"}
        return b"" if subtype == 0x7F else self._reply(6, texts[subtype])

    def _extended(self, data: bytes) -> bytes:
        if data[0] in self.refused:
            return self._reply(2, self._status(2))
        if data[0] == 2 and self.tell_instead:
            self.status = "11 10 00 00"
            return self._reply(7, b"\x02" + self._status() + record(0, USD[3]))
        if data[0] == 2:
            lines = [*self.table, *[""] * 128]
            return self._reply(7, b"\x02" + self._status() + record(data[4], lines[data[4] - 1]))
        if data[0] == 6:
            return self._reply(7, b"\x06" + self._status() + (self.values or b""))
        return self._reply(2, self._status())

    def _status(self, notice: int = 0) -> bytes:
        status = bytes.fromhex(self.status)
        return bytes([*status[:2], status[2] | notice, status[3], 0x54, 0x10])

    def _reply(self, type_: int, data: bytes) -> bytes:
        return frame(type_ << 4 | (self.bit or 0), data)


class Bench:
    """The protocol against a device, on a clock a test moves."""

    def __init__(self, currency: str = "USD") -> None:
        self.device = Device()
        self.protocol = Ebds(currency)
        self.now_s = 1000.0
        self.lost = 0  # so many answers of the device get lost
        self.is_mute = False
        self.events: list[AcceptorEvent] = []
        self.heard: list[bytes] = []  # what the driver sent, whole
        self._decision = Decision(b"", (), self.now_s)

    def connect(self) -> None:
        self._take(self.protocol.connected(self.now_s))

    def new_driver(self) -> None:
        """The process died; the device did not."""
        self.protocol = Ebds("USD")
        self.events.clear()
        self.heard.clear()
        self.connect()

    def command(self, command: AcceptorCommand) -> None:
        self._take(self.protocol.commanded(command, self.now_s))

    def hear(self, data: bytes) -> None:
        self._take(self.protocol.received(data, self.now_s))

    def run(self, seconds: float = 1.0) -> list[AcceptorEvent]:
        """Let time pass; the events of that time."""
        before = len(self.events)
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self._turn(end_s)
        return self.events[before:]

    def say(
        self, status: str, note: str | None = None, seconds: float = 0.5
    ) -> list[AcceptorEvent]:
        self.device.status = status if " " in status else f"{status} 10 00 00"
        self.device.note = note
        return self.run(seconds)

    def ready(self) -> "Bench":
        self.connect()
        self.run(2.0)
        self.events.clear()
        self.heard.clear()
        return self

    def payloads(self) -> list[str]:
        """Control without the bit, and data."""
        return [f"{sent[2] & 0x7E:02X} {sent[3:-2].hex(' ').upper()}" for sent in self.heard]

    def bits(self) -> list[int]:
        return [sent[2] & 1 for sent in self.heard]

    def _turn(self, end_s: float) -> None:
        answer = self._answer(self._decision.send) if self._decision.send else b""
        if answer:
            self.now_s += REPLY_S
            self._take(self.protocol.received(answer, self.now_s))
        else:
            self.now_s = min(max(self._decision.wake_at_s, self.now_s), end_s)
            self._take(self.protocol.ticked(self.now_s))

    def _take(self, decision: Decision) -> None:
        self._decision = decision
        self.events += decision.events
        if decision.send:
            self.heard.append(decision.send)

    def _answer(self, request: bytes) -> bytes:
        assert request == frame(request[2], request[3:-2])
        assert max(request) <= 0x7F
        if self.is_mute:
            return b""
        answer = self.device.hear(request[2], request[3:-2])
        if self.lost:
            self.lost -= 1
            return b""
        return answer
