"""A hand-moved CCNET validator: raw bytes, built here without the driver's codec."""

from collections.abc import Callable

from drivers.bill_acceptor.ccnet.protocol import Ccnet
from drivers.bill_acceptor.commands import AcceptorCommand
from drivers.bill_acceptor.decision import Decision
from drivers.bill_acceptor.events import AcceptorEvent

ACK, NAK, RESET, POLL, ENABLE = 0x00, 0xFF, 0x30, 0x33, 0x34
STACK, RETURN, IDENTIFICATION, HOLD, BILL_TABLE = 0x35, 0x36, 0x37, 0x38, 0x41

NAME = b"SM-US1234      " + b"27A123456789" + bytes(7)
NAMED = "SM-US1234 27A123456789"
USD_TABLE = b"".join(  # 1, 2 unused, 5, 10, 20, 50, 100; type 4 is the twenty
    bytes([digit]) + letters + bytes([exponent])
    for digit, letters, exponent in [
        (1, b"USA", 0),
        (0, bytes(3), 0),
        (5, b"USA", 0),
        (1, b"USA", 1),
        (2, b"USA", 1),
        (5, b"USA", 1),
        (1, b"USA", 2),
    ]
).ljust(120, b"\0")
REPLY_S = 0.01


def frame(text: str, address: int = 3) -> bytes:
    """Frame what is given in hexadecimal, with a bit by bit CRC of our own."""
    payload = bytes.fromhex(text)
    body = bytes([0x02, address, len(payload) + 5]) + payload
    crc = 0
    for byte in body:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x8408 if crc & 1 else crc >> 1
    return body + bytes([crc & 0xFF, crc >> 8])


class CcnetBench:
    """The protocol against a device whose status a test sets, on a clock a test moves."""

    def __init__(self, currency: str = "USD") -> None:
        self.protocol = Ccnet(currency)
        self.now_s = 1000.0
        self.status = "19"
        self.table = USD_TABLE
        self.refused: set[int] = set()
        self.lost = 0  # so many answers of the device get lost
        self.is_mute = False
        self.on: dict[int, str | Callable[[], None]] = {}  # a request changes the status, or more
        self.events: list[AcceptorEvent] = []
        self.sent: list[bytes] = []  # payloads: code and data; ACK and NAK among them
        self.sent_at_s: list[float] = []
        self._decision = Decision(b"", (), self.now_s)

    def connect(self) -> None:
        self._take(self.protocol.connected(self.now_s))

    def reconnect(self) -> None:
        self.protocol.disconnected()
        self.connect()

    def command(self, command: AcceptorCommand) -> None:
        self._take(self.protocol.commanded(command, self.now_s))

    def hear(self, *statuses: str) -> None:
        """Frames at once, in one read, that no turn of the bench has asked for."""
        self._take(self.protocol.received(b"".join(map(frame, statuses)), self.now_s))

    def run(self, seconds: float = 1.0) -> list[AcceptorEvent]:
        """Let time pass; the events of that time."""
        before = len(self.events)
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self._turn(end_s)
        return self.events[before:]

    def say(self, status: str, seconds: float = 0.7) -> list[AcceptorEvent]:
        self.status = status
        return self.run(seconds)

    def ready(self) -> "CcnetBench":
        self.connect()
        self.run()
        self.events.clear()
        self.forget()
        return self

    def forget(self) -> None:
        self.sent.clear()
        self.sent_at_s.clear()

    def codes(self, *but: int) -> list[int]:
        """What was sent, without polls, without ACK and NAK."""
        passed = {ACK, NAK, POLL, *but}
        return [payload[0] for payload in self.sent if payload[0] not in passed]

    def verdicts(self) -> list[int]:
        return [payload[0] for payload in self.sent if payload[0] in {ACK, NAK}]

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
            self.sent.append(decision.send[3:-2])
            self.sent_at_s.append(self.now_s)

    def _answer(self, request: bytes) -> bytes:
        payload = request[3:-2]
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
        if code in {ACK, NAK}:
            return b""
        if self.lost:
            self.lost -= 1
            return b""
        return frame(self._words(code, status))

    def _words(self, code: int, status: str) -> str:
        if code in self.refused:
            return "30"
        if code == POLL:
            return status
        if code == IDENTIFICATION:
            return NAME.hex()
        return self.table.hex() if code == BILL_TABLE else "00"
