"""Bytes to packets of SSP, and back.

Responsible for: finding packets in whatever the line brings. Garbage, halves and wrong checks are skipped,
byte by byte, so that a good packet behind them is found; nothing on the wire raises.
Not responsible for: what a packet means, what an encrypted one hides (`encryption`), or how long to wait for
the rest of one (`discard` it then).

Packet: 7F | SEQ and ID | LEN | DATA.. | CRC low | CRC high. SEQ is bit 7, LEN counts the data. A 7F behind
the first byte is sent twice, in the CRC too. Source: ITL SSP Protocol Manual GA138 v2.2, transport layer.
"""

from collections.abc import Callable
from functools import reduce
from typing import Generic, TypeVar

from drivers.bill_acceptor.dialect import Dialect
from drivers.bill_acceptor.ssp.frames import (
    ENCRYPTED,
    Command,
    CommandCode,
    Reply,
    ResponseCode,
)
from drivers.bill_acceptor.ssp.poll_events import read_events

STX = 0x7F
DATA_BYTES_MAX = 255  # LEN is one byte
OVERHEAD_BYTES = 4  # SEQ and ID, LEN, CRC

PacketT = TypeVar("PacketT", Command, Reply)


def crc(data: bytes) -> int:
    """CRC-16/CMS: polynomial 8005, initial value FFFF, not reflected; the low byte is sent first."""
    return reduce(lambda value, byte: _shifted(value ^ byte << 8), data, 0xFFFF)


def _shifted(value: int) -> int:
    for _ in range(8):
        value = value << 1 ^ (0x8005 if value & 0x8000 else 0)
    return value & 0xFFFF


def encode(packet: Command | Reply) -> bytes:
    """Raises ValueError when the data do not fit a packet."""
    data = bytes([packet.code]) + packet.data
    if len(data) > DATA_BYTES_MAX:
        raise ValueError(f"{len(data)} bytes of data do not fit an SSP packet")
    body = bytes([packet.sequence << 7 | packet.address, len(data)]) + data
    body += crc(body).to_bytes(2, "little")
    return bytes([STX]) + body.replace(bytes([STX]), bytes([STX, STX]))


class Decoder(Generic[PacketT]):
    """Give it the direction: `Decoder(Reply)` hears the device, `Decoder(Command)` the host."""

    def __init__(self, make: Callable[[int, bytes, int, int], PacketT]) -> None:
        self._make: Callable[[int, bytes, int, int], PacketT] = make
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[PacketT]:
        """The packets that are complete now."""
        self._buffer += data
        packets: list[PacketT] = []
        while (start := self._buffer.find(STX)) >= 0:
            del self._buffer[:start]
            body, end = _unstuffed(self._buffer)
            if body is None:
                del self._buffer[:1]  # this 7F began nothing; a packet may begin right behind it
            elif end is None:
                return packets
            else:
                packets.append(self._make(body[2], body[3:-2], body[0] >> 7, body[0] & 0x7F))
                del self._buffer[:end]
        self._buffer.clear()
        return packets

    def discard(self) -> None:
        """Forget a half packet: its rest did not come in time, what comes next is a new one."""
        self._buffer.clear()


def _unstuffed(raw: bytearray) -> tuple[bytes | None, int | None]:
    """The packet that begins with `raw`: its body and its end. No body: there is none; no end: not yet."""
    body = bytearray()
    at = 1
    while at < len(raw):
        if raw[at] == STX and not body:
            return None, None  # no device has the address 7F
        if raw[at] == STX:
            if at + 1 == len(raw):
                return b"", None
            if raw[at + 1] != STX:
                return None, None  # a single 7F begins the next packet
            at += 1
        body.append(raw[at])
        at += 1
        if len(body) > 1 and len(body) == body[1] + OVERHEAD_BYTES:
            return (bytes(body), at) if _check_holds(body) else (None, None)
    return b"", None


def _check_holds(body: bytearray) -> bool:
    return body[1] > 0 and crc(bytes(body[:-2])) == int.from_bytes(body[-2:], "little")


def describe(packet: Command | Reply) -> str:
    """A packet in words, for a person who reads a log."""
    if packet.code == ENCRYPTED:
        return f"encrypted, {len(packet.data)} bytes"
    if isinstance(packet, Reply) and packet.code == ResponseCode.OK and packet.data:
        events, rest = read_events(packet.data)
        if not rest:
            return "OK, as events: " + ", ".join(event.name for event in events)
    return f"{packet.name} {packet.data.hex(' ').upper()}".rstrip()


DIALECT = Dialect(
    host=lambda: Decoder(Command),
    device=lambda: Decoder(Reply),
    encode=encode,
    describe=describe,
    hellos=(
        encode(Command(CommandCode.SYNC, sequence=1)),
    ),  # a poll would accept a bill in escrow
)
