"""SSP packets as the validator reads and writes them.

Responsible for: checksum, stuffing, building replies, and finding whole packets in whatever arrives.
Not responsible for: sequence, encryption, or what a packet means.

Source: ITL SSP Protocol Manual GA138, transport layer. A validator has no time-out: a start byte that
is not doubled begins a new packet, wherever it comes.
"""

from dataclasses import dataclass

START = 0x7F
SEQUENCE = 0x80  # of the byte that follows the start
_HEAD, _CHECK = 2, 2  # bytes before and after the data


@dataclass(frozen=True)
class Packet:
    address: int
    sequence: int  # 0 or SEQUENCE
    data: bytes


def checksum(data: bytes) -> bytes:
    """CRC-16/CMS: polynomial 8005, from FFFF, not reflected; low byte first on the wire."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x8005 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc.to_bytes(2, "little")


def wrap(packet: Packet) -> bytes:
    body = bytes([packet.sequence | packet.address, len(packet.data)]) + packet.data
    stuffed = (body + checksum(body)).replace(b"\x7f", b"\x7f\x7f")
    return bytes([START]) + stuffed


class PacketReader:
    """Finds packets; what is damaged or broken off is passed over in silence."""

    def __init__(self) -> None:
        self._packet: bytearray | None = None
        self._after_start = False

    def feed(self, data: bytes) -> list[Packet]:
        return [packet for byte in data if (packet := self._take(byte)) is not None]

    def _take(self, byte: int) -> Packet | None:
        if byte == START and not self._after_start:
            self._after_start = True
            return None
        if byte == START and self._packet is None:
            return None  # no packet begins with a doubled start: the second is the one
        if self._after_start and byte != START:
            self._packet = bytearray()
        self._after_start = False
        if self._packet is None:
            return None
        self._packet.append(byte)
        return self._finished(bytes(self._packet))

    def _finished(self, packet: bytes) -> Packet | None:
        if len(packet) < _HEAD or len(packet) < _HEAD + packet[1] + _CHECK:
            return None
        self._packet = None
        if checksum(packet[:-_CHECK]) != packet[-_CHECK:]:
            return None
        address, sequence = packet[0] & ~SEQUENCE, packet[0] & SEQUENCE
        return Packet(address, sequence, packet[_HEAD:-_CHECK])
