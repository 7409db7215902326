"""Bytes to frames of CCNET, and back.

Responsible for: where a frame begins and ends, and whether its check holds.
Not responsible for: what a frame means, or how long to wait for the rest of one (`discard` it then).

Frame: 02 | ADR | LNG | CMD | DATA.. | CRC low | CRC high. LNG counts every byte, 02 and CRC too; a frame
longer than 250 bytes has LNG 0 and its length behind CMD, high byte first. The CRC is KERMIT over 02 to
the last data byte. Source: CCNET Protocol Description, Document 1, v2.6.0, message format.
"""

from collections.abc import Callable
from typing import TypeVar

from drivers.bill_acceptor.ccnet.faults import TABLES
from drivers.bill_acceptor.ccnet.frames import Reply, Request, RequestCode
from drivers.bill_acceptor.crc import kermit
from drivers.bill_acceptor.dialect import Dialect
from drivers.frame_scan import FrameScan

SYNC = 0x02
FRAME_BYTES_MIN = 6
SHORT_FRAME_BYTES_MAX = 250
FRAME_BYTES_MAX = 1024  # a choice: LNG 0 could claim 65535, and hold back all that follows

FrameT = TypeVar("FrameT", Request, Reply)


def encode(frame: Request | Reply) -> bytes:
    """Raises ValueError when the data do not fit a frame."""
    length = FRAME_BYTES_MIN + len(frame.data)
    if length <= SHORT_FRAME_BYTES_MAX:
        body = bytes([SYNC, frame.address, length, frame.code]) + frame.data
    elif length + 2 <= FRAME_BYTES_MAX:
        head = bytes([SYNC, frame.address, 0, frame.code])
        body = head + (length + 2).to_bytes(2, "big") + frame.data
    else:
        raise ValueError(f"{len(frame.data)} bytes of data do not fit a CCNET frame")
    return body + kermit(body).to_bytes(2, "little")


def describe(frame: Request | Reply) -> str:
    """In words, for a person who reads a trace: ESCROW 03, REJECTING 60 insertion, DATA 05 45 55 52."""
    if isinstance(frame, Request):
        return f"{frame.name} {_hex(frame.data)}".strip()
    if frame.name == "DATA":
        return f"DATA {_hex(frame.body)}"
    words = [frame.name, _hex(frame.data), TABLES.words_of(frame)]
    return " ".join(word for word in words if word)


def _hex(data: bytes) -> str:
    return data.hex(" ").upper()


class Decoder(FrameScan[FrameT]):
    """Give it the direction: `Decoder(Reply)` hears the device, `Decoder(Request)` the controller."""

    def __init__(self, make: Callable[[int, bytes, int], FrameT]) -> None:
        super().__init__()
        self._make: Callable[[int, bytes, int], FrameT] = make

    def _length(self, begun: bytearray) -> int | None:
        if begun[0] != SYNC:
            return 0
        if len(begun) < FRAME_BYTES_MIN:
            return None
        if begun[2]:
            return begun[2] if FRAME_BYTES_MIN <= begun[2] <= SHORT_FRAME_BYTES_MAX else 0
        length = int.from_bytes(begun[4:6], "big")
        return length if SHORT_FRAME_BYTES_MAX < length <= FRAME_BYTES_MAX else 0

    def _read(self, candidate: bytes) -> FrameT | None:
        if kermit(candidate[:-2]) != int.from_bytes(candidate[-2:], "little"):
            return None
        data_at = 4 if candidate[2] else 6
        return self._make(candidate[3], candidate[data_at:-2], candidate[1])


DIALECT = Dialect(
    host=lambda: Decoder(Request),
    device=lambda: Decoder(Reply),
    encode=encode,
    describe=describe,
    hellos=(encode(Request(RequestCode.POLL)),),
)
