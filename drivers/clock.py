"""Time, handed in, so that a whole kiosk runs on a virtual clock."""

import time
from typing import Protocol


class Clock(Protocol):
    def monotonic_s(self) -> float:
        """Seconds from an arbitrary start; never goes back."""
        ...

    def now_ms(self) -> int:
        """UTC, in milliseconds since 1970."""
        ...


class SystemClock:
    def monotonic_s(self) -> float:
        return time.monotonic()

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000
