"""Bytes to frames of CCNET, and back.

Responsible for: finding frames in whatever the line brings. Garbage, halves and wrong checks are skipped,
byte by byte, so that a good frame behind them is found; nothing on the wire raises.
Not responsible for: what a frame means, or how long to wait for the rest of one (`discard` it then).

Frame: 02 | ADR | LNG | CMD | DATA.. | CRC low | CRC high. LNG counts every byte, 02 and CRC too; a frame
longer than 250 bytes has LNG 0 and its length behind CMD, high byte first. The CRC is KERMIT over 02 to
the last data byte. Source: CCNET Protocol Description, Document 1, v2.6.0, message format.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from drivers.bill_acceptor.ccnet.faults import FAILURES, REJECTS
from drivers.bill_acceptor.ccnet.frames import Reply, ReplyCode, Request, RequestCode
from drivers.bill_acceptor.crc import kermit
from drivers.bill_acceptor.dialect import Dialect

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
    words = [frame.name, _hex(frame.data)]
    if frame.data and frame.code == ReplyCode.REJECTING:
        words.append(REJECTS.get(frame.data[0], ("not in the tables", None))[0])
    elif frame.data and frame.code == ReplyCode.FAILURE:
        words.append(FAILURES.get(frame.data[0], "not in the tables"))
    return " ".join(word for word in words if word)


def _hex(data: bytes) -> str:
    return data.hex(" ").upper()


class Decoder(Generic[FrameT]):
    """Give it the direction: `Decoder(Reply)` hears the device, `Decoder(Request)` the controller."""

    def __init__(self, make: Callable[[int, bytes, int], FrameT]) -> None:
        self._make: Callable[[int, bytes, int], FrameT] = make
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[FrameT]:
        """The frames that are complete now."""
        self._buffer += data
        frames: list[FrameT] = []
        while (start := self._buffer.find(SYNC)) >= 0:
            del self._buffer[:start]
            length = _length(self._buffer)
            if length is None or length > len(self._buffer):
                return frames
            candidate = bytes(self._buffer[:length])
            if length and _check_holds(candidate):
                frames.append(self._frame(candidate))
                del self._buffer[:length]
            else:
                del self._buffer[:1]  # this 02 began nothing; a frame may begin right behind it
        self._buffer.clear()
        return frames

    def discard(self) -> None:
        """Forget a half frame: its rest did not come in time, what comes next is a new one."""
        self._buffer.clear()

    def _frame(self, candidate: bytes) -> FrameT:
        data_at = 4 if candidate[2] else 6
        return self._make(candidate[3], candidate[data_at:-2], candidate[1])


def _length(buffer: bytearray) -> int | None:
    """Of the frame that begins here: None while that cannot be told yet, 0 when it can be none."""
    if len(buffer) < FRAME_BYTES_MIN:
        return None
    if buffer[2]:
        return buffer[2] if FRAME_BYTES_MIN <= buffer[2] <= SHORT_FRAME_BYTES_MAX else 0
    length = int.from_bytes(buffer[4:6], "big")
    return length if SHORT_FRAME_BYTES_MAX < length <= FRAME_BYTES_MAX else 0


def _check_holds(candidate: bytes) -> bool:
    return kermit(candidate[:-2]) == int.from_bytes(candidate[-2:], "little")


DIALECT = Dialect(
    host=lambda: Decoder(Request),
    device=lambda: Decoder(Reply),
    encode=encode,
    describe=describe,
    hellos=(encode(Request(RequestCode.POLL)),),
)
