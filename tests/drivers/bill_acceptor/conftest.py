"""A hand-moved ID-003 device: raw bytes, built here without the driver's codec."""

from collections.abc import Callable
from typing import Any

import pytest

from drivers.bill_acceptor.commands import AcceptorCommand
from drivers.bill_acceptor.decision import Decision
from drivers.bill_acceptor.events import AcceptorEvent
from drivers.bill_acceptor.id003.protocol import Id003

VERSION = b"U(USA)-10-SS ID003-05V128-45 01JAN24 1A2B"
USD_TABLE = (
    bytes.fromhex(  # 1, 5, 10, 20 as themselves; 50 as 5 x 10, 100 as 1 x 10 x 10; 62, 68 unused
        "61010100 62000000 63010500 64010A00 65011400 66010501 67010102 68000000"
    )
)
REPLY_S = 0.01


def frame(text: str) -> bytes:
    """Frame the code and data given in hexadecimal, with a bit by bit CRC of our own."""
    payload = bytes.fromhex(text)
    body = bytes([0xFC, len(payload) + 4]) + payload
    crc = 0
    for byte in body:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x8408 if crc & 1 else crc >> 1
    return body + bytes([crc & 0xFF, crc >> 8])


class Bench:
    """The protocol against a device whose status a test sets, on a clock a test moves."""

    def __init__(self, currency: str = "USD") -> None:
        self.protocol = Id003(currency)
        self.now_s = 1000.0
        self.status = "1A"
        self.table = USD_TABLE
        self.refused: set[int] = set()
        self.lost = 0  # so many answers of the device get lost
        self.is_mute = False
        self.on: dict[int, str | Callable[[], None]] = {}  # a request changes the status, or more
        self.events: list[AcceptorEvent] = []
        self.sent: list[bytes] = []  # payloads: code and data
        self._decision = Decision(b"", (), self.now_s)

    def connect(self) -> None:
        self._take(self.protocol.connected(self.now_s))

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

    def say(self, status: str, seconds: float = 0.5) -> list[AcceptorEvent]:
        self.status = status
        return self.run(seconds)

    def ready(self) -> "Bench":
        self.connect()
        self.run()
        self.events.clear()
        self.sent.clear()
        return self

    def codes(self, *but: int) -> list[int]:
        return [payload[0] for payload in self.sent if payload[0] not in {0x11, *but}]

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
            self.sent.append(decision.send[2:-2])

    def _answer(self, request: bytes) -> bytes:
        payload = request[2:-2]
        code = payload[0]
        assert request == frame(payload.hex())
        if self.is_mute:
            return b""
        status = self.status
        effect = self.on.get(code)
        if isinstance(effect, str):
            self.status = effect
        elif effect:
            effect()
        if self.lost:
            self.lost -= 1
            return b""
        if code == 0x50:
            return b""
        if code in self.refused:
            return frame("4B")
        if code == 0x11:
            return frame(status)
        if code == 0x88:
            return frame("88" + VERSION.hex())
        if code == 0x8A:
            return frame("8A" + self.table.hex())
        return frame("50") if code < 0x50 else frame(payload.hex())


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def ready_bench() -> Bench:
    return Bench().ready()


@pytest.fixture(scope="session")  # a maker, so that Hypothesis may ask it again and again
def new_bench() -> Callable[[str], Bench]:
    return Bench


@pytest.fixture
def framed() -> Callable[[str], bytes]:
    return frame


@pytest.fixture
def names() -> Callable[[list[Any]], list[str]]:
    return lambda events: [type(event).__name__ for event in events]
