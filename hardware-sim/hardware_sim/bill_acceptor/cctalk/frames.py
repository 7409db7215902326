"""ccTalk frames as the bill validator reads and writes them, with either checksum.

Responsible for: building replies, and finding whole requests in whatever bytes arrive.
Not responsible for: what a request means; the echo, which is the single wire's.

Source: ccTalk Generic Specification v4.7, Part 1: message packets of the 8-bit checksum and of the
16-bit CRC, and the 50 ms after which a receiver gives a broken frame up.
"""

from binascii import crc_hqx
from collections.abc import Callable
from dataclasses import dataclass

HOST, BROADCAST, VALIDATOR = 1, 0, 40
_OVERHEAD = 5  # both forms: four bytes before the data and one after it
INTER_BYTE_S = 0.05


@dataclass(frozen=True)
class Request:
    header: int
    data: bytes = b""


@dataclass(frozen=True)
class Framing:
    """One of the two checks: how a frame is closed, and whether it arrived whole."""

    close: Callable[[int, int, bytes], bytes]  # destination, header, data
    is_whole: Callable[[bytes], bool]


def _close_with_sum(destination: int, header: int, data: bytes) -> bytes:
    frame = bytes([destination, len(data), VALIDATOR, header]) + data
    return frame + bytes([-sum(frame) & 0xFF])


def _sum_is_zero(frame: bytes) -> bool:
    return sum(frame) & 0xFF == 0


def _close_with_crc(destination: int, header: int, data: bytes) -> bytes:
    low, high = _crc(destination, header, data)
    return bytes([destination, len(data), low, header]) + data + bytes([high])


def _crc_is_right(frame: bytes) -> bool:
    return _crc(frame[0], frame[3], frame[4:-1]) == bytes([frame[2], frame[-1]])


def _crc(destination: int, header: int, data: bytes) -> bytes:
    """CRC-16/XMODEM, over all but the places where it is sent itself."""
    checked = bytes([destination, len(data), header]) + data
    return crc_hqx(checked, 0).to_bytes(2, "little")


SUM = Framing(_close_with_sum, _sum_is_zero)
CRC = Framing(_close_with_crc, _crc_is_right)


class RequestReader:
    """Finds requests to this device; what is damaged, or another's, is passed over in silence."""

    def __init__(self, framing: Framing) -> None:
        self._is_whole = framing.is_whole
        self._buffer = b""
        self._heard_s = 0.0

    def feed(self, data: bytes, now_s: float) -> list[Request]:
        if now_s - self._heard_s > INTER_BYTE_S:
            self._buffer = b""
        if data:
            self._heard_s = now_s
        self._buffer += data
        requests = []
        while (frame := self._next_frame()) is not None:
            if frame[0] in (VALIDATOR, BROADCAST):
                requests.append(Request(frame[3], frame[4:-1]))
        return requests

    def _next_frame(self) -> bytes | None:
        if len(self._buffer) < 2:
            return None
        length = self._buffer[1] + _OVERHEAD
        if len(self._buffer) < length:
            return None
        frame, rest = self._buffer[:length], self._buffer[length:]
        if not self._is_whole(frame):
            self._buffer = b""  # nothing marks where a frame begins: only a gap does
            return None
        self._buffer = rest
        return frame
