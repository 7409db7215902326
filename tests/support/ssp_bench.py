"""A hand-moved SSP validator: raw bytes, built here without the driver's codec.

It keeps the sequence bit, repeats its last reply to a packet it knows, agrees on a key and counts. What happens to
bills is a test's: it lets events happen, and says what a command leads to.
"""

from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from drivers.bill_acceptor.commands import AcceptorCommand, Enable
from drivers.bill_acceptor.decision import Decision
from drivers.bill_acceptor.events import AcceptorEvent
from drivers.bill_acceptor.ssp.protocol import Ssp

INHIBITS, SETUP, HOST_VERSION, POLL, REJECT = 0x02, 0x05, 0x06, 0x07, 0x08
DISABLE, ENABLE, SYNC, LAST_REJECT, HOLD = 0x09, 0x0A, 0x11, 0x17, 0x18
GENERATOR, MODULUS, KEY_EXCHANGE, POLL_WITH_ACK, EVENT_ACK = 0x4A, 0x4B, 0x4C, 0x56, 0x57
KEYS = {GENERATOR, MODULUS, KEY_EXCHANGE}
POLLS = {POLL, POLL_WITH_ACK}
OK, UNKNOWN, UNFIT, KEY_NOT_SET = b"\xf0", b"\xf2", b"\xf5", b"\xfa"
MARKED = {0xEE, 0xE1, 0xE2, 0xE6, 0xCA, 0xCB}  # told until EVENT ACK
SECRET = 424_494_313
REPLY_S = 0.01


def dataset(currency: str = "USD", version: int = 6) -> bytes:
    """Channels 1 to 7: 1, 2 (unused), 5, 10, 20, 50, 100; channel 5 is the twenty."""
    values = [1, 0, 5, 10, 20, 50, 100]
    country = currency.encode()
    short = b"\x00" + b"0414" + country + (1).to_bytes(3, "big")
    short += bytes([7, *values, *[2] * 7]) + (100).to_bytes(3, "big") + bytes([version])
    if version < 6:
        return short
    return short + country * 7 + b"".join(value.to_bytes(4, "little") for value in values)


def check(data: bytes) -> bytes:
    """CRC-16/CMS, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x8005) & 0xFFFF if crc & 0x8000 else crc << 1
    return bytes([crc & 0xFF, crc >> 8])


def packet(data: bytes, sequence: int) -> bytes:
    body = bytes([sequence << 7, len(data)]) + data
    return b"\x7f" + (body + check(body)).replace(b"\x7f", b"\x7f\x7f")


class SspBench:
    """The protocol against a device that a test moves, on a clock a test moves."""

    def __init__(self, currency: str = "USD", *, acks: bool = True, encrypts: bool = True) -> None:
        self.protocol = Ssp(currency)
        self.now_s = 1000.0
        self.dataset = dataset()
        self.acks = acks
        self.encrypts = encrypts
        self.is_mute = False
        self.lost = 0  # so many replies get lost
        self.refused: dict[int, bytes] = {}
        self.on: dict[int, str | Callable[[], None]] = {}  # a command leads to events, or more
        self.in_escrow = False
        self.lasting = "E8"  # in every reply to a poll
        self.events: list[AcceptorEvent] = []
        self.sent: list[bytes] = []  # what was commanded, once each
        self.sent_at_s: list[float] = []
        self.packets: list[bytes] = []  # everything on the wire
        self._happened: list[bytes] = []
        self._unacked: list[bytes] = []
        self._sequence: int | None = None
        self._last_reply = b""
        self._key: bytes | None = None
        self._count = 0
        self._numbers: dict[int, int] = {}
        self._decision = Decision(b"", (), self.now_s)

    # -- the test's hands

    def happen(self, events: str, seconds: float = 0.7) -> list[AcceptorEvent]:
        """Events, one after the other in hexadecimal, told at the next poll; what the driver says of them."""
        self._happened += [bytes.fromhex(event) for event in events.split(",")]
        return self.run(seconds)

    def escrow(self, channel: str = "05") -> list[AcceptorEvent]:
        self.in_escrow = True
        return self.happen(f"EF {channel}")

    def power_cycle(self, events: str = "F1") -> None:
        """Nothing of the conversation is left; the settings are gone."""
        self._sequence, self._key, self._last_reply = None, None, b""
        self._happened, self.in_escrow, self.lasting = [], False, "E8"
        self._unacked = []
        self._happened += [bytes.fromhex(event) for event in events.split(",") if event]

    def connect(self) -> None:
        self._take(self.protocol.connected(self.now_s))

    def reconnect(self) -> None:
        self.protocol.disconnected()
        self.connect()

    def new_driver(self) -> None:
        """As after a crash of the process; the device has noticed nothing."""
        self.protocol = Ssp("USD")
        self.events.clear()
        self.forget()
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

    def ready(self) -> "SspBench":
        self.connect()
        self.run(7.0)
        self.command(Enable())
        self.run()
        self.events.clear()
        self.forget()
        return self

    def forget(self) -> None:
        self.sent.clear()
        self.sent_at_s.clear()
        self.packets.clear()

    def codes(self, *but: int) -> list[int]:
        """What was commanded, without polls."""
        return [data[0] for data in self.sent if data[0] not in {*POLLS, *but}]

    def polls(self) -> int:
        return sum(data[0] in POLLS for data in self.sent)

    # -- the line

    def _turn(self, end_s: float) -> None:
        reply = self._reply(self._decision.send) if self._decision.send else b""
        if reply:
            self.now_s += REPLY_S
            self._take(self.protocol.received(reply, self.now_s))
        else:
            self.now_s = min(max(self._decision.wake_at_s, self.now_s), end_s)
            self._take(self.protocol.ticked(self.now_s))

    def _take(self, decision: Decision) -> None:
        self._decision = decision
        self.events += decision.events
        if decision.send:
            self.packets.append(decision.send)

    # -- the device

    def _reply(self, raw: bytes) -> bytes:
        body = raw[1:].replace(b"\x7f\x7f", b"\x7f")
        assert raw[0] == 0x7F
        assert check(body[:-2]) == body[-2:]
        sequence, data = body[0] >> 7, body[2:-2]
        assert len(data) == body[1]
        if self.is_mute:
            return b""
        is_known = sequence == self._sequence and data != bytes([SYNC])
        if not is_known:
            self._sequence = sequence
            self._last_reply = packet(self._answer(data), sequence)
        if self.lost:
            self.lost -= 1
            return b""
        return self._last_reply

    def _answer(self, data: bytes) -> bytes:
        if data[0] != 0x7E:
            return (
                self._obey(data) if self._key is None or data[0] in {*KEYS, SYNC} else KEY_NOT_SET
            )
        if self._key is None:
            return KEY_NOT_SET
        block = Cipher(algorithms.AES(self._key), modes.ECB()).decryptor().update(data[1:])  # noqa: S305
        assert check(block[:-2]) == block[-2:]
        assert int.from_bytes(block[1:5], "little") == self._count
        self._count += 1
        return self.sealed(self._obey(block[5 : 5 + block[0]]), self._count)

    def sealed(self, data: bytes, count: int) -> bytes:
        body = bytes([len(data)]) + count.to_bytes(4, "little") + data
        body += bytes(-(len(body) + 2) % 16)
        encryptor = Cipher(algorithms.AES(self._key or b""), modes.ECB()).encryptor()  # noqa: S305
        return b"\x7e" + encryptor.update(body + check(body))

    def _obey(self, command: bytes) -> bytes:
        self.sent.append(command)
        self.sent_at_s.append(self.now_s)
        code = command[0]
        if code in self.refused:
            return self.refused[code]
        effect = self.on.get(code)
        if isinstance(effect, str):
            self._happened += [bytes.fromhex(event) for event in effect.split(",")]
        elif effect:
            effect()
        if code in KEYS:
            return self._agree(code, int.from_bytes(command[1:], "little"))
        if code in POLLS:
            return self._tell(code)
        if code in {HOLD, REJECT}:
            return self._keep_or_give_back(code)
        if code == EVENT_ACK:
            self._unacked = []
        self.lasting = {ENABLE: "", DISABLE: "E8"}.get(code, self.lasting)
        return OK + {SETUP: self.dataset, LAST_REJECT: b"\x02"}.get(code, b"")

    def _agree(self, code: int, number: int) -> bytes:
        if not self.encrypts:
            return UNKNOWN
        self._numbers[code] = number
        if code != KEY_EXCHANGE:
            return OK
        generator, modulus = self._numbers[GENERATOR], self._numbers[MODULUS]
        shared = pow(number, SECRET, modulus)
        self._key = bytes.fromhex("6745230167452301") + shared.to_bytes(8, "little")
        self._count = 0
        return OK + pow(generator, SECRET, modulus).to_bytes(8, "little")

    def _tell(self, code: int) -> bytes:
        if code == POLL_WITH_ACK and not self.acks:
            return UNKNOWN
        told = self._unacked + self._happened
        self._happened = []
        self._unacked = [each for each in told if code == POLL_WITH_ACK and each[0] in MARKED]
        return OK + b"".join(told) + bytes.fromhex(self.lasting)

    def _keep_or_give_back(self, code: int) -> bytes:
        if not self.in_escrow:
            return UNFIT
        self.in_escrow = code == HOLD
        return OK
