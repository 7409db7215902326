"""Bytes to packets of SSP, and back.

Responsible for: where a packet begins and ends, and whether its check holds.
Not responsible for: what a packet means, what an encrypted one hides (`encryption`), or how long to wait for
the rest of one (`discard` it then).

Packet: 7F | SEQ and ID | LEN | DATA.. | CRC low | CRC high. SEQ is bit 7, LEN counts the data. A 7F behind
the first byte is sent twice, in the CRC too. Source: ITL SSP Protocol Manual GA138 v2.2, transport layer.
"""

from collections.abc import Callable
from functools import reduce
from typing import TypeVar

from drivers.bill_acceptor.dialect import Dialect
from drivers.bill_acceptor.ssp.frames import (
    ENCRYPTED,
    Command,
    CommandCode,
    Reply,
    ResponseCode,
)
from drivers.bill_acceptor.ssp.poll_events import read_events
from drivers.frame_scan import FrameScan

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


class Decoder(FrameScan[PacketT]):
    """Give it the direction: `Decoder(Reply)` hears the device, `Decoder(Command)` the host."""

    def __init__(self, make: Callable[[int, bytes, int, int], PacketT]) -> None:
        super().__init__()
        self._make: Callable[[int, bytes, int, int], PacketT] = make

    def _length(self, begun: bytearray) -> int | None:
        if begun[0] != STX or begun[1:2] == bytes([STX]):  # no device has the address 7F
            return 0
        body = bytearray()
        at = 1
        while at < len(begun):
            if begun[at] == STX:
                at += 1
                if at == len(begun):
                    return None
                if begun[at] != STX:
                    return 0  # a single 7F begins the next packet
            body.append(begun[at])
            at += 1
            if len(body) > 1 and len(body) == body[1] + OVERHEAD_BYTES:
                return at
        return None

    def _read(self, candidate: bytes) -> PacketT | None:
        body = candidate[1:].replace(bytes([STX, STX]), bytes([STX]))
        if not body[1] or crc(body[:-2]) != int.from_bytes(body[-2:], "little"):
            return None
        return self._make(body[2], body[3:-2], body[0] >> 7, body[0] & 0x7F)


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
