"""EBDS frames as the acceptor writes and reads them.

Responsible for: checksum, building replies, and finding whole requests in whatever bytes arrive.
Not responsible for: what a request means, or whether it is a repetition.

Source: EBDS protocol specification, message format: STX, length of the whole frame, control (bit 0
acknowledge, bits 1 to 3 device, bits 4 to 6 type), data, ETX, and the XOR of all between STX and ETX.
The line has seven data bits; a pseudo-terminal cannot enforce that, so the reader does.
"""

from dataclasses import dataclass
from functools import reduce
from operator import xor

STX, ETX = 0x02, 0x03
_SHORTEST, _LONGEST = 5, 0x7F
INTER_BYTE_S = 0.1  # a choice: bytes of one frame follow each other within a millisecond or two


@dataclass(frozen=True)
class Request:
    control: int
    data: bytes

    @property
    def toggle(self) -> int:
        return self.control & 1

    @property
    def kind(self) -> int:
        return self.control >> 4


def checksum(covered: bytes) -> int:
    return reduce(xor, covered, 0)


def frame(kind: int, toggle: int, data: bytes) -> bytes:
    covered = bytes([len(data) + _SHORTEST, kind << 4 | toggle]) + data
    return bytes([STX]) + covered + bytes([ETX, checksum(covered)])


class RequestReader:
    """Finds requests; what is damaged, foreign or broken off is passed over in silence."""

    def __init__(self) -> None:
        self._buffer = b""
        self._heard_s = 0.0

    def feed(self, data: bytes, now_s: float) -> list[Request]:
        if now_s - self._heard_s > INTER_BYTE_S:
            self._buffer = b""
        if data:
            self._heard_s = now_s
        self._buffer += data
        requests = []
        while (request := self._next()) is not None:
            requests.append(request)
        return requests

    def _next(self) -> Request | None:
        while True:
            start = self._buffer.find(STX)
            self._buffer = self._buffer[start:] if start >= 0 else b""
            if len(self._buffer) < 2:
                return None
            length = self._buffer[1]
            if not _SHORTEST <= length <= _LONGEST:
                self._buffer = self._buffer[1:]
                continue
            if len(self._buffer) < length:
                return None
            whole = self._buffer[:length]
            if not _is_sound(whole):
                self._buffer = self._buffer[1:]
                continue
            self._buffer = self._buffer[length:]
            return Request(whole[2], whole[3:-2])


def _is_sound(whole: bytes) -> bool:
    return whole.isascii() and whole[-2] == ETX and checksum(whole[1:-2]) == whole[-1]
