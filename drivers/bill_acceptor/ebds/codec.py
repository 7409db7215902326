"""Bytes to frames of EBDS, and back.

Responsible for: finding frames in whatever the line brings. Garbage, halves, wrong checks and bytes above
7F, which a line of seven bits cannot carry but a pseudo-terminal does, are skipped byte by byte, so that a
good frame behind them is found; nothing on the wire raises.
Not responsible for: what a frame means, or how long to wait for the rest of one (`discard` it then).

Frame: STX | LEN | CTL | DATA.. | ETX | CHK. LEN counts every byte; CHK is the XOR of LEN to the last data
byte. Source: EBDS protocol specification, message format; Pyramid RS-232 specification, rev. G.
"""

from collections.abc import Callable
from functools import reduce
from operator import xor
from typing import Generic, TypeVar

from drivers.bill_acceptor.dialect import Dialect
from drivers.bill_acceptor.ebds.describe import describe
from drivers.bill_acceptor.ebds.frames import (
    DATA_MAX,
    Auxiliary,
    MessageType,
    Reply,
    Request,
)

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


class Decoder(Generic[FrameT]):
    """Give it the direction: `Decoder(Reply)` hears the device, `Decoder(Request)` the host."""

    def __init__(self, make: Callable[[int, bytes], FrameT]) -> None:
        self._make: Callable[[int, bytes], FrameT] = make
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[FrameT]:
        """The frames that are complete now."""
        self._buffer += data
        frames: list[FrameT] = []
        while (start := self._buffer.find(STX)) >= 0:
            del self._buffer[:start]
            if _may_become_a_frame(self._buffer):
                return frames
            candidate = bytes(self._buffer[: self._buffer[1]])
            if _is_frame(candidate):
                frames.append(self._make(candidate[2], candidate[3:-2]))
                del self._buffer[: len(candidate)]
            else:
                del self._buffer[:1]  # this STX began nothing; a frame may begin right behind it
        self._buffer.clear()
        return frames

    def discard(self) -> None:
        """Forget a half frame: its rest did not come in time, what comes next is a new one."""
        self._buffer.clear()


def _may_become_a_frame(begun: bytes | bytearray) -> bool:
    if len(begun) < 2:
        return True
    length = begun[1]
    return (
        FRAME_BYTES_MIN <= length <= FRAME_BYTES_MAX
        and len(begun) < length
        and max(begun) <= DATA_MAX
    )


def _is_frame(candidate: bytes) -> bool:
    return (
        len(candidate) >= FRAME_BYTES_MIN
        and len(candidate) == candidate[1]
        and max(candidate) <= DATA_MAX
        and candidate[-2] == ETX
        and candidate[-1] == _check(candidate[1:-2])
    )


def _check(body: bytes) -> int:
    return reduce(xor, body)


DIALECT = Dialect(
    host=lambda: Decoder(Request),
    device=lambda: Decoder(Reply),
    encode=encode,
    describe=describe,
    hellos=(encode(Request(MessageType.AUXILIARY << 4, bytes([0, 0, Auxiliary.TYPE]))),),
)
