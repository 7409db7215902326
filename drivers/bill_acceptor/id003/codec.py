"""Bytes to frames of ID-003, and back.

Responsible for: where a frame begins and ends, and whether its check holds.
Not responsible for: what a frame means, or how long to wait for the rest of one (`discard` it then).

Frame: FC | LEN | CMD | DATA.. | CRC low | CRC high. LEN counts every byte, FC and CRC too; the CRC is
KERMIT over FC to the last data byte. Source: JCM ID-003 protocol specification, frame format; checked
against the log of a real device in RT-circuits/ccnet-poc.
"""

from collections.abc import Callable
from typing import TypeVar

from drivers.bill_acceptor.crc import kermit
from drivers.bill_acceptor.dialect import Dialect
from drivers.bill_acceptor.id003.faults import TABLES
from drivers.bill_acceptor.id003.frames import Reply, Request, RequestCode
from drivers.frame_scan import FrameScan

SYNC = 0xFC
FRAME_BYTES_MIN = 5
FRAME_BYTES_MAX = 255  # LEN is one byte

FrameT = TypeVar("FrameT", Request, Reply)


def encode(frame: Request | Reply) -> bytes:
    """Raises ValueError when the data do not fit a frame."""
    length = FRAME_BYTES_MIN + len(frame.data)
    if length > FRAME_BYTES_MAX:
        raise ValueError(f"{len(frame.data)} bytes of data do not fit an ID-003 frame")
    body = bytes([SYNC, length, frame.code]) + frame.data
    return body + kermit(body).to_bytes(2, "little")


def describe(frame: Request | Reply) -> str:
    """In words, for a person who reads a trace: ESCROW 65, REJECTING 71 insertion."""
    words = [frame.name, frame.data.hex(" ").upper()]
    if isinstance(frame, Reply):
        words.append(TABLES.words_of(frame))
    return " ".join(word for word in words if word)


class Decoder(FrameScan[FrameT]):
    """Give it the direction: `Decoder(Reply)` hears the device, `Decoder(Request)` the host."""

    def __init__(self, make: Callable[[int, bytes], FrameT]) -> None:
        super().__init__()
        self._make: Callable[[int, bytes], FrameT] = make

    def _length(self, begun: bytearray) -> int | None:
        if begun[0] != SYNC:
            return 0
        if len(begun) < FRAME_BYTES_MIN:
            return None
        return begun[1] if begun[1] >= FRAME_BYTES_MIN else 0

    def _read(self, candidate: bytes) -> FrameT | None:
        if kermit(candidate[:-2]) != int.from_bytes(candidate[-2:], "little"):
            return None
        return self._make(candidate[2], candidate[3:-2])


DIALECT = Dialect(
    host=lambda: Decoder(Request),
    device=lambda: Decoder(Reply),
    encode=encode,
    describe=describe,
    hellos=(encode(Request(RequestCode.STATUS)),),
)
