"""Bytes to frames of ccTalk, and back.

Responsible for: where a frame may begin and ends, and whether its check holds.
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
from drivers.frame_scan import FrameScan

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


class Decoder(FrameScan[Frame]):
    """Give it the device's address where it is known: then noise hardly ever looks like a beginning.
    It finds the frames to the device (an echo, then) and from it."""

    def __init__(self, check: Check, address: int | None = None) -> None:
        super().__init__()
        self._check = check
        self._address = address

    def _length(self, begun: bytearray) -> int | None:
        if not self._may_begin(begun):
            return 0
        return begun[1] + FRAME_BYTES_MIN if len(begun) > 1 else None

    def _read(self, candidate: bytes) -> Frame | None:
        destination, _, source, header = candidate[:4]
        is_crc = self._check is Check.CRC_16
        frame = Frame(destination, None if is_crc else source, header, candidate[4:-1])
        return frame if encode(frame) == candidate else None

    def _may_begin(self, begun: bytearray) -> bool:
        if len(begun) > 1 and begun[1] > DATA_BYTES_MAX:
            return False
        first = begun[0]
        if self._check is Check.CRC_16:
            return self._address is None or first in {HOST, self._address}
        other = begun[2] if len(begun) > 2 else None
        ends = {first, other if other is not None else HOST}
        return HOST in ends if self._address is None else self._joins(first, other)

    def _joins(self, first: int, other: int | None) -> bool:
        partner = {HOST: self._address, self._address: HOST}.get(first)
        return partner is not None and other in {None, partner}


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
