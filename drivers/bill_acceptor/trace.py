"""The last minutes of raw exchange with a device, in a ring: evidence when a bill is disputed.

Written by the device's thread, read by the core's; one append and one copy, each whole.
"""

from collections import deque
from datetime import UTC, datetime

MINUTES = 5.0
READS_MAX = (
    20_000  # five minutes of polls at 100 ms, both ways, and as much again for lines in pieces
)


class Trace:
    def __init__(self) -> None:
        self._ring: deque[tuple[int, str, bytes]] = deque(maxlen=READS_MAX)

    def sent(self, data: bytes, at_ms: int) -> None:
        self._ring.append((at_ms, ">", data))

    def heard(self, data: bytes, at_ms: int) -> None:
        self._ring.append((at_ms, "<", data))

    def text(self, now_ms: int) -> str:
        """A line a write (>) or read (<), with UTC to the millisecond, as `kiosk device decode` takes it."""
        since_ms = now_ms - int(MINUTES * 60_000)
        lines = [
            f"{_clock_text(at_ms)} {direction} {data.hex(' ')}"
            for at_ms, direction, data in list(self._ring)
            if at_ms >= since_ms
        ]
        return "\n".join(lines)


def _clock_text(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
