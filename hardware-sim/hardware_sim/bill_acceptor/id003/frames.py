"""ID-003 frames as the acceptor writes and reads them.

Responsible for: checksum, building replies, and finding whole requests in whatever bytes arrive.
Not responsible for: what a request means.

Source: JCM ID-003 communication specification, message format: SYNC, length of the whole frame,
command, data, and a CRC-16/KERMIT over all of it, low byte first.
"""

from dataclasses import dataclass

SYNC = 0xFC
_SHORTEST, _LONGEST = 5, 64  # the longest is a choice: known requests of hosts stay below 20 bytes
INTER_BYTE_S = 0.1  # a choice: bytes of one frame follow each other within a millisecond or two


@dataclass(frozen=True)
class Request:
    command: int
    data: bytes


def checksum(data: bytes) -> bytes:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0x8408 if crc & 1 else crc >> 1
    return crc.to_bytes(2, "little")


def frame(code: int, data: bytes = b"") -> bytes:
    body = bytes([SYNC, _SHORTEST + len(data), code]) + data
    return body + checksum(body)


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
            start = self._buffer.find(SYNC)
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
            if checksum(whole[:-2]) != whole[-2:]:
                self._buffer = self._buffer[1:]
                continue
            self._buffer = self._buffer[length:]
            return Request(whole[2], whole[3:-2])
