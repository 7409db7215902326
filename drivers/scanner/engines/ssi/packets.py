"""Bytes to packets of SSI, and back.

Responsible for: where a packet begins and ends, and whether its checksum holds.
Not responsible for: what it means.

Packet: LEN | OPCODE | SOURCE | STATUS | DATA.. | CHECKSUM high, low. LEN counts all but the checksum, which is
the two's complement of the sum of the bytes before it.
Source: Zebra Simple Serial Interface Programmer's Guide 72E-40451; Symbol SE-923 and SE955 Integration Guides.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

from drivers.frame_scan import FrameScan

HEADER_BYTES = 4
CHECKSUM_BYTES = 2
DATA_BYTES_MAX = 255 - HEADER_BYTES  # LEN is one byte

HOST, DECODER = 0x04, 0x00
RETRANSMIT, CONTINUED = 0x01, 0x02  # bits of STATUS; bit 3 would write the flash


class Opcode(IntEnum):
    PARAM_SEND = 0xC6
    CMD_ACK = 0xD0
    CMD_NAK = 0xD1
    START_DECODE = 0xE4
    STOP_DECODE = 0xE5
    SCAN_ENABLE = 0xE9
    SCAN_DISABLE = 0xEA
    DECODE_DATA = 0xF3


@dataclass(frozen=True)
class Packet:
    opcode: int
    data: bytes = b""
    status: int = 0
    source: int = HOST

    @property
    def is_again(self) -> bool:
        return bool(self.status & RETRANSMIT)

    @property
    def has_more(self) -> bool:
        return bool(self.status & CONTINUED)

    def again(self) -> "Packet":
        return replace(self, status=self.status | RETRANSMIT)

    @property
    def wire_bytes(self) -> int:
        return HEADER_BYTES + len(self.data) + CHECKSUM_BYTES


def encode(packet: Packet) -> bytes:
    """Raises ValueError when the data do not fit a packet."""
    length = HEADER_BYTES + len(packet.data)
    if len(packet.data) > DATA_BYTES_MAX:
        raise ValueError(f"{len(packet.data)} bytes of data do not fit an SSI packet")
    body = bytes([length, packet.opcode, packet.source, packet.status]) + packet.data
    return body + checksum(body)


def checksum(body: bytes) -> bytes:
    return (-sum(body) & 0xFFFF).to_bytes(2, "big")


class Decoder(FrameScan[Packet]):
    """Hears one side: `Decoder(DECODER)` the engine, `Decoder(HOST)` us."""

    def __init__(self, source: int) -> None:
        super().__init__()
        self._source = source

    def _length(self, begun: bytearray) -> int | None:
        if begun[0] < HEADER_BYTES:
            return 0
        if len(begun) < HEADER_BYTES:
            return None
        return begun[0] + CHECKSUM_BYTES if begun[2] == self._source else 0

    def _read(self, candidate: bytes) -> Packet | None:
        body = candidate[:-CHECKSUM_BYTES]
        if checksum(body) != candidate[-CHECKSUM_BYTES:]:
            return None
        return Packet(body[1], body[HEADER_BYTES:], status=body[3], source=body[2])
