"""Packets of SSI as a decoder hears and sends them.

Length (of all but the checksum), opcode, source, status, data, and the 16-bit sum's two's complement, high byte first.
Source: SE-923 Integration Guide, figure 6-1 and table 6-2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from hardware_sim.link import Clock

RETRANSMIT, CONTINUED = 0x01, 0x02
CODE_128, QR_CODE = 0x03, 0x1C
STATUS = 3  # its place
_FROM_DECODER, _FROM_HOST = 0x00, 0x04
_SHORTEST = 4
HOST_CHARACTER_S = 0.2  # "Host Character Time-out", as delivered


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
class Heard:
    opcode: int = 0
    status: int = 0
    data: bytes = b""
    is_whole: bool = True


def packet(opcode: int, data: bytes = b"", status: int = 0) -> bytes:
    body = bytes([_SHORTEST + len(data), opcode, _FROM_DECODER, status]) + data
    return body + (0x10000 - sum(body)).to_bytes(2, "big")


class PacketEar:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heard = b""
        self._heard_s = 0.0

    def hear(self, data: bytes) -> Iterator[Heard]:
        """WAKEUP and other bytes between packets are passed over; half a packet is forgotten."""
        if data:
            if self._clock() - self._heard_s > HOST_CHARACTER_S:
                self._heard = b""
            self._heard_s = self._clock()
        self._heard += data
        while len(self._heard) >= _SHORTEST:
            length = self._heard[0]
            if length < _SHORTEST or self._heard[2] != _FROM_HOST:
                self._heard = self._heard[1:]
                continue
            if len(self._heard) < length + 2:
                return
            body, check = self._heard[:length], self._heard[length : length + 2]
            self._heard = self._heard[length + 2 :]
            if (sum(body) + int.from_bytes(check, "big")) & 0xFFFF:
                yield Heard(is_whole=False)
            else:
                yield Heard(body[1], body[STATUS], body[STATUS + 1 :])
