"""Bytes to frames of EBDS, and back.

Responsible for: where a frame begins and ends, and whether its check holds. Bytes above 7F, which a line of
seven bits cannot carry but a pseudo-terminal does, are in no frame.
Not responsible for: what a frame means, or how long to wait for the rest of one (`discard` it then).

Frame: STX | LEN | CTL | DATA.. | ETX | CHK. LEN counts every byte; CHK is the XOR of LEN to the last data
byte. Source: EBDS protocol specification, message format; Pyramid RS-232 specification, rev. G.
"""

from collections.abc import Callable
from functools import reduce
from operator import xor
from typing import TypeVar

from drivers.bill_acceptor.dialect import Dialect
from drivers.bill_acceptor.ebds.describe import describe
from drivers.bill_acceptor.ebds.frames import (
    DATA_MAX,
    Auxiliary,
    MessageType,
    Reply,
    Request,
)
from drivers.frame_scan import FrameScan

STX, ETX = 0x02, 0x03
FRAME_BYTES_MIN = 5
FRAME_BYTES_MAX = DATA_MAX  # LEN too has seven bits

FrameT = TypeVar("FrameT", Request, Reply)


def encode(frame: Request | Reply) -> bytes:
    """Raises ValueError when the data do not fit a frame, or a byte does not fit seven bits."""
    length = FRAME_BYTES_MIN + len(frame.data)
    if length > FRAME_BYTES_MAX:
        raise ValueError(f"{len(frame.data)} bytes of data do not fit an EBDS frame")
    body = bytes([length, frame.control]) + frame.data
    if max(body) > DATA_MAX:
        raise ValueError(f"{max(body):02X} does not fit the seven bits of EBDS")
    return bytes([STX]) + body + bytes([ETX, _check(body)])


class Decoder(FrameScan[FrameT]):
    """Give it the direction: `Decoder(Reply)` hears the device, `Decoder(Request)` the host."""

    def __init__(self, make: Callable[[int, bytes], FrameT]) -> None:
        super().__init__()
        self._make: Callable[[int, bytes], FrameT] = make

    def _length(self, begun: bytearray) -> int | None:
        if begun[0] != STX:
            return 0
        if len(begun) < 2:
            return None
        length = begun[1]
        may_be = FRAME_BYTES_MIN <= length <= FRAME_BYTES_MAX and max(begun[:length]) <= DATA_MAX
        return length if may_be else 0

    def _read(self, candidate: bytes) -> FrameT | None:
        if candidate[-2] != ETX or candidate[-1] != _check(candidate[1:-2]):
            return None
        return self._make(candidate[2], candidate[3:-2])


def _check(body: bytes) -> int:
    return reduce(xor, body)


DIALECT = Dialect(
    host=lambda: Decoder(Request),
    device=lambda: Decoder(Reply),
    encode=encode,
    describe=describe,
    hellos=(encode(Request(MessageType.AUXILIARY << 4, bytes([0, 0, Auxiliary.TYPE]))),),
)
