"""Bytes to frames of ID-003, and back.

Responsible for: finding frames in whatever the line brings. Garbage, halves and wrong checks are skipped,
byte by byte, so that a good frame behind them is found; nothing on the wire raises.
Not responsible for: what a frame means, or how long to wait for the rest of one (`discard` it then).

Frame: FC | LEN | CMD | DATA.. | CRC low | CRC high. LEN counts every byte, FC and CRC too; the CRC is
KERMIT over FC to the last data byte. Source: JCM ID-003 protocol specification, frame format; checked
against the log of a real device in RT-circuits/ccnet-poc.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from drivers.bill_acceptor.crc import kermit
from drivers.bill_acceptor.dialect import Dialect
from drivers.bill_acceptor.id003.faults import FAILURES, REJECTS
from drivers.bill_acceptor.id003.frames import Reply, ReplyCode, Request, RequestCode

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
    if isinstance(frame, Reply) and frame.data:
        if frame.code == ReplyCode.REJECTING:
            words.append(REJECTS.get(frame.data[0], ("not in the tables", None))[0])
        elif frame.code == ReplyCode.FAILURE:
            words.append(FAILURES.get(frame.data[0], "not in the tables"))
    return " ".join(word for word in words if word)


class Decoder(Generic[FrameT]):
    """Give it the direction: `Decoder(Reply)` hears the device, `Decoder(Request)` the host."""

    def __init__(self, make: Callable[[int, bytes], FrameT]) -> None:
        self._make: Callable[[int, bytes], FrameT] = make
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[FrameT]:
        """The frames that are complete now."""
        self._buffer += data
        frames: list[FrameT] = []
        while (start := self._buffer.find(SYNC)) >= 0:
            del self._buffer[:start]
            if len(self._buffer) < FRAME_BYTES_MIN:
                return frames
            length = self._buffer[1]
            if length >= FRAME_BYTES_MIN and length > len(self._buffer):
                return frames
            candidate = bytes(self._buffer[:length])
            if length >= FRAME_BYTES_MIN and _check_holds(candidate):
                frames.append(self._make(candidate[2], candidate[3:-2]))
                del self._buffer[:length]
            else:
                del self._buffer[:1]  # this FC began nothing; a frame may begin right behind it
        self._buffer.clear()
        return frames

    def discard(self) -> None:
        """Forget a half frame: its rest did not come in time, what comes next is a new one."""
        self._buffer.clear()


def _check_holds(candidate: bytes) -> bool:
    return kermit(candidate[:-2]) == int.from_bytes(candidate[-2:], "little")


DIALECT = Dialect(
    host=lambda: Decoder(Request),
    device=lambda: Decoder(Reply),
    encode=encode,
    describe=describe,
    hellos=(encode(Request(RequestCode.STATUS)),),
)
