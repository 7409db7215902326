"""CCNET frames as the validator writes and reads them.

Responsible for: checksum, building replies, and finding whole requests in whatever bytes arrive.
Not responsible for: what a request means, or for whom it is.

Source: CCNET Document 1, Common Specifications, message format: SYNC, address, length of the whole
frame, command, data, and a CRC-16/KERMIT over all of it, low byte first. A frame longer than 250
bytes says length 0, and its true length in two bytes, high byte first, behind the command.
"""

from dataclasses import dataclass

SYNC = 0x02
BILL_VALIDATOR = 0x03
_SHORTEST, _LONGEST = 6, 250
_LONG_FORM, _SHORTEST_LONG_FORM = 0, 8
_LONGEST_HEARD = 1024  # a choice: no request to a validator outside a download comes near it
INTER_BYTE_S = 0.1  # the document says 5 ms; an operating system is less exact


@dataclass(frozen=True)
class Request:
    address: int
    command: int
    data: bytes


@dataclass(frozen=True)
class Damaged:
    """A whole frame whose checksum is wrong, with nothing behind it."""


def checksum(data: bytes) -> bytes:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0x8408 if crc & 1 else crc >> 1
    return crc.to_bytes(2, "little")


def frame(content: bytes) -> bytes:
    """A reply: its content has no command byte of its own."""
    body = bytes([SYNC, BILL_VALIDATOR, len(content) + 5]) + content
    return body + checksum(body)


class RequestReader:
    """Finds requests; noise is passed over, and of a damaged request at most one is told."""

    def __init__(self) -> None:
        self._buffer = b""
        self._heard_s = 0.0

    def feed(self, data: bytes, now_s: float) -> list[Request | Damaged]:
        if now_s - self._heard_s > INTER_BYTE_S:
            self._buffer = b""
        if data:
            self._heard_s = now_s
        self._buffer += data
        heard = []
        while (request := self._next()) is not None:
            heard.append(request)
        return heard

    def _next(self) -> Request | Damaged | None:
        while True:
            start = self._buffer.find(SYNC)
            self._buffer = self._buffer[start:] if start >= 0 else b""
            length = _length(self._buffer)
            if length is None or 0 < len(self._buffer) < length:
                return None
            whole = self._buffer[:length]
            if length and checksum(whole[:-2]) == whole[-2:]:
                self._buffer = self._buffer[length:]
                return _request(whole)
            if length and len(self._buffer) == length:
                self._buffer = b""
                return Damaged()
            self._buffer = self._buffer[1:]


def _length(buffer: bytes) -> int | None:
    """Of the frame that begins here: None while that cannot be said, 0 when none begins here."""
    if len(buffer) < 3:
        return None
    if buffer[2] != _LONG_FORM:
        return buffer[2] if _SHORTEST <= buffer[2] <= _LONGEST else 0
    if len(buffer) < 6:
        return None
    length = int.from_bytes(buffer[4:6], "big")
    return length if _SHORTEST_LONG_FORM <= length <= _LONGEST_HEARD else 0


def _request(whole: bytes) -> Request:
    data_starts = 6 if whole[2] == _LONG_FORM else 4
    return Request(address=whole[1], command=whole[3], data=whole[data_starts:-2])
