"""A hand-moved ccTalk bill validator: raw bytes, built here without the driver's codec."""

from collections.abc import Callable
from typing import Any

from drivers.bill_acceptor.cctalk.protocol import CcTalk
from drivers.bill_acceptor.commands import AcceptorCommand
from drivers.bill_acceptor.decision import Decision
from drivers.bill_acceptor.events import AcceptorEvent, AcceptorReady, Bill

EVENTS, ROUTE, MODE, MASK, MASTER, SELF_CHECK, BILL_ID = 159, 154, 153, 231, 228, 232, 157
STACK, RETURN, EXTEND = (ROUTE, b"\x01"), (ROUTE, b"\x00"), (ROUTE, b"\xff")
OPEN, CLOSED = (MASK, b"\x3f\x00"), (MASK, b"\x00\x00")  # six bill types, or none
ONE, FIVE, TEN, TWENTY, FIFTY, HUNDRED = (Bill(v * 100, "USD") for v in (1, 5, 10, 20, 50, 100))
USD_TABLE = {
    kind: b"US%04dA" % value for kind, value in enumerate((1, 5, 10, 20, 50, 100), start=1)
}
TWENTY_TYPE, FIFTY_TYPE = 4, 5
TEXTS = {246: b"MCI", 244: b"Ardac6", 241: b"AEN-F1-V4.44"}
REPLY_S = 0.01


def crc_16(data: bytes) -> int:
    """Bit by bit: polynomial 0x1021, initial value 0."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def framed(to: int, sender: int, header: int, data: bytes, *, crc: bool = False) -> bytes:
    if crc:
        check = crc_16(bytes([to, len(data), header]) + data)
        return bytes([to, len(data), check & 0xFF, header]) + data + bytes([check >> 8])
    body = bytes([to, len(data), sender, header]) + data
    return body + bytes([256 - sum(body) % 256 & 0xFF])


class CcTalkBench:
    """The protocol against a device whose events a test writes, on a clock a test moves."""

    def __init__(self, currency: str = "USD") -> None:
        self.currency = currency
        self.protocol = CcTalk(currency)
        self.now_s = 1000.0
        self.address, self.crc, self.echoes = 40, False, True
        self.table = dict(USD_TABLE)
        self.scalings = {b"US": b"\x64\x00\x02"}
        self.counter = 0
        self.history = [(0, 0)] * 5
        self.mask, self.mode, self.master = b"\x00\x00", b"\x00", b"\x00"
        self.fault = 0
        self.escrow_full = False
        self.answers: dict[
            int, tuple[int, bytes] | None
        ] = {}  # instead of its own; None is silence
        self.on: dict[tuple[int, bytes], Callable[[], None]] = {}  # a request has an effect
        self.lost = 0  # so many answers get lost
        self.events: list[AcceptorEvent] = []
        self.sent: list[tuple[int, bytes]] = []  # header and data
        self.sent_at: list[float] = []
        self._decision = Decision(b"", (), self.now_s)

    # -- the device ------------------------------------------------------------------------------

    def happen(self, *events: tuple[int, int]) -> None:
        """Without time passing, so that one poll meets them all."""
        for event in events:
            self.counter = self.counter % 255 + 1
            self.history = [event, *self.history[:4]]

    def restart(self) -> None:
        self.counter, self.history = 0, [(0, 0)] * 5
        self.mask, self.mode, self.master = b"\x00\x00", b"\x00", b"\x00"

    def reply(self, header: int, data: bytes = b"") -> bytes:
        return framed(1, self.address, header, data, crc=self.crc)

    # -- the driver ------------------------------------------------------------------------------

    def connect(self) -> None:
        self._take(self.protocol.connected(self.now_s))

    def restart_driver(self) -> None:
        """A new process: it knows nothing."""
        self.protocol = CcTalk(self.currency)
        self.events.clear()
        self.sent.clear()
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

    def say(self, *events: tuple[int, int], seconds: float = 0.5) -> list[AcceptorEvent]:
        self.happen(*events)
        return self.run(seconds)

    def ready(self) -> "CcTalkBench":
        self.connect()
        self.run(3.0)
        assert any(isinstance(event, AcceptorReady) for event in self.events), self.events
        self.events.clear()
        self.sent.clear()
        return self

    def said(self, *kinds: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kinds)]

    def orders(self) -> list[tuple[int, bytes]]:
        """What was sent to change something."""
        return [each for each in self.sent if each[0] in {ROUTE, MODE, MASK, MASTER, 1}]

    # --------------------------------------------------------------------------------------------

    def _turn(self, end_s: float) -> None:
        heard = self._hears(self._decision.send) if self._decision.send else b""
        if heard:
            self.now_s += REPLY_S
            self._take(self.protocol.received(heard, self.now_s))
        else:
            self.now_s = min(max(self._decision.wake_at_s, self.now_s), end_s)
            self._take(self.protocol.ticked(self.now_s))

    def _take(self, decision: Decision) -> None:
        self._decision = decision
        self.events += decision.events

    def _hears(self, wire: bytes) -> bytes:
        """What comes back: our own echo, and an answer if the frame is one of its own kind."""
        echo = wire if self.echoes else b""
        header = wire[3]
        if wire != framed(self.address, 1, header, wire[4:-1], crc=self.crc):
            return echo
        data = wire[4:-1]
        self.sent.append((header, data))
        self.sent_at.append(self.now_s)
        answer = self.answers[header] if header in self.answers else self._answer(header, data)
        if answer is not None and (header, data) in self.on:
            self.on[header, data]()
        if answer is not None and self.lost:
            self.lost -= 1
            return echo
        return echo if answer is None else echo + self.reply(*answer)

    def _answer(self, header: int, data: bytes) -> tuple[int, bytes] | None:
        if header in TEXTS:
            return 0, TEXTS[header]
        if header == EVENTS:
            return 0, bytes([self.counter, *(byte for event in self.history for byte in event)])
        if header == BILL_ID:
            return 0, self.table.get(data[0], b".......")
        if header == 156:
            return 0, self.scalings.get(data, bytes(3))
        if header in {227, 230}:
            return 0, self.master if header == 227 else self.mask
        if header == SELF_CHECK:
            return 0, bytes([self.fault])
        if header == ROUTE:
            return 0, b"" if self.escrow_full else b"\xfe"
        if header in {MODE, MASK, MASTER}:
            name = {MODE: "mode", MASK: "mask", MASTER: "master"}[header]
            setattr(self, name, data)
        return (0, b"") if header in {MODE, MASK, MASTER, 254} else None
