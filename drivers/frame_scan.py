"""The search for whole and checked frames in whatever a line brings.

Responsible for: skipping garbage, halves and wrong checks byte by byte, so that a good frame behind them is
found. Nothing on the wire raises.
Not responsible for: where a frame ends and whether its check holds, which each protocol's `codec` knows.
"""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

FrameT = TypeVar("FrameT")


class FrameScan(ABC, Generic[FrameT]):
    """A `FrameFinder`."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[FrameT]:
        """The frames that are complete now."""
        self._buffer += data
        frames: list[FrameT] = []
        while self._buffer:
            length = self._length(self._buffer)
            if length is None or length > len(self._buffer):
                break
            frame = self._read(bytes(self._buffer[:length])) if length else None
            if frame:
                frames.append(frame)
            del self._buffer[: length if frame else 1]  # a frame may begin right behind this byte
        return frames

    def discard(self) -> None:
        """Forget a half frame: its rest did not come in time, what comes next is a new one."""
        self._buffer.clear()

    @abstractmethod
    def _length(self, begun: bytearray) -> int | None:
        """Of the frame that begins here: None while that cannot be told yet, 0 when it can be none."""

    @abstractmethod
    def _read(self, candidate: bytes) -> FrameT | None:
        """The frame in so many bytes, when its check holds."""
