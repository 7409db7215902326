"""Bytes to frames of ccTalk, and back.

Responsible for: finding frames in whatever the line brings. Garbage, halves and wrong checks are skipped, byte by
byte, so that a good frame behind them is found; nothing on the wire raises.
Not responsible for: what a frame means, or which of them is our own echo.

Frame with the sum:    destination | n | source | header | n bytes | check, all bytes together 0 modulo 256.
Frame with the CRC-16: destination | n | CRC low | header | n bytes | CRC high, the CRC-16/XMODEM of the others.
Source: ccTalk Generic Specification 4.7, part 1 section 8, part 3 appendix 7 (CRC).
"""

from binascii import crc_hqx  # CRC-16/XMODEM: polynomial 0x1021, initial value 0

from drivers.bill_acceptor.cctalk.frames import (
    ADDRESSES,
    DATA_BYTES_MAX,
    HOST,
    Check,
    Frame,
    Header,
    Request,
)
from drivers.bill_acceptor.dialect import Dialect

FRAME_BYTES_MIN = 5


def encode(frame: Frame) -> bytes:
    """Raises ValueError when the data do not fit a frame."""
    if len(frame.data) > DATA_BYTES_MAX:
        raise ValueError(f"{len(frame.data)} bytes of data do not fit a ccTalk frame")
    head = bytes([frame.destination, len(frame.data)])
    tail = bytes([frame.header]) + frame.data
    if frame.source is None:
        low, high = crc_hqx(head + tail, 0).to_bytes(2, "little")
        return head + bytes([low]) + tail + bytes([high])
    body = head + bytes([frame.source]) + tail
    return body + bytes([-sum(body) & 0xFF])


def describe(frame: Frame) -> str:
    """In words, for a person who reads a line: ROUTE_BILL 01, DONE 03 03 00."""
    return f"{frame.name} {frame.data.hex(' ').upper()}".strip()


class Decoder:
    """Give it the device's address where it is known: then noise hardly ever looks like a beginning."""

    def __init__(self, check: Check, address: int | None = None) -> None:
        self._check = check
        self._address = address
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now, to the device (an echo, then) and from it."""
        self._buffer += data
        frames = []
        while self._buffer:
            length = self._buffer[1] + FRAME_BYTES_MIN if len(self._buffer) > 1 else None
            frame = None
            if self._may_begin():
                if length is None or length > len(self._buffer):
                    break
                frame = _read(bytes(self._buffer[:length]), self._check)
            if frame:
                frames.append(frame)
            del self._buffer[: length if frame else 1]
        return frames

    def discard(self) -> None:
        """Forget a half frame: its rest did not come in time, what comes next is a new one."""
        self._buffer.clear()

    def _may_begin(self) -> bool:
        if len(self._buffer) > 1 and self._buffer[1] > DATA_BYTES_MAX:
            return False
        first = self._buffer[0]
        if self._check is Check.CRC_16:
            return self._address is None or first in {HOST, self._address}
        other = self._buffer[2] if len(self._buffer) > 2 else None
        ends = {first, other if other is not None else HOST}
        return HOST in ends if self._address is None else self._joins(first, other)

    def _joins(self, first: int, other: int | None) -> bool:
        partner = {HOST: self._address, self._address: HOST}.get(first)
        return partner is not None and other in {None, partner}


def _read(candidate: bytes, check: Check) -> Frame | None:
    destination, _, source, header = candidate[:4]
    is_crc = check is Check.CRC_16
    frame = Frame(destination, None if is_crc else source, header, candidate[4:-1])
    return frame if encode(frame) == candidate else None


class Finder:
    """One direction of a line whose check is not known, or changes."""

    def __init__(self, *, replies: bool) -> None:
        self._replies = replies
        # One frame in 256 with a CRC-16 has a good sum as well; the other way round it is one in 65536.
        self._decoders = (Decoder(Check.CRC_16), Decoder(Check.SUM_8))

    def feed(self, data: bytes) -> list[Frame]:
        found = [decoder.feed(data) for decoder in self._decoders]
        ours = ([f for f in frames if f.is_reply == self._replies] for frames in found)
        return next((frames for frames in ours if frames), [])

    def discard(self) -> None:
        for decoder in self._decoders:
            decoder.discard()


DIALECT = Dialect(
    host=lambda: Finder(replies=False),
    device=lambda: Finder(replies=True),
    encode=encode,
    describe=describe,
    hellos=tuple(encode(Request(Header.SIMPLE_POLL).to(ADDRESSES[0], check)) for check in Check),
)
