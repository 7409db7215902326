"""The kiosk's UTC: the system's clock where it can be right, central's word where it cannot.

Responsible for: the time of records, receipts and signatures when the real-time clock is dead, or is set while
the machine runs. One clock for all threads.
Not responsible for: setting the system's clock, which is the operating system's, or for any deadline, which are
monotonic.
"""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime

from drivers.clock import Clock

CLOCK_OFF_MS_MAX = 20_000  # a third of CLOCK_SKEW_S_MAX: central takes what is signed within it


@dataclass(frozen=True)
class Moment:
    """A UTC, and when it was: it goes on from there with the monotonic clock."""

    utc_ms: int
    at_s: float

    def at(self, now_s: float) -> int:
        return self.utc_ms + round((now_s - self.at_s) * 1_000)


@dataclass(frozen=True)
class ClockCompared:
    """The system's clock beside the best that is known."""

    system_ms: int
    utc_ms: int

    @property
    def is_wrong(self) -> bool:
        return abs(self.system_ms - self.utc_ms) > CLOCK_OFF_MS_MAX

    @property
    def detail(self) -> str:
        return f"the system's clock says {_words(self.system_ms)}, it is {_words(self.utc_ms)}"


class KioskClock:
    """Until central has spoken, time is never below what was recorded; from then on central's word is the
    measure of the system's clock."""

    def __init__(self, system: Clock) -> None:
        self._system = system
        self._lock = threading.Lock()
        self._central: Moment | None = None
        self._floor = Moment(0, system.monotonic_s())
        self._last_ms = 0

    def monotonic_s(self) -> float:
        return self._system.monotonic_s()

    def now_ms(self) -> int:
        return self.compare().utc_ms

    def compare(self) -> ClockCompared:
        with self._lock:
            now_s, system_ms = self._system.monotonic_s(), self._system.now_ms()
            if self._central is None:
                self._last_ms = self._by_records(now_s, system_ms)
            else:
                self._last_ms = self._by_central(self._central.at(now_s), system_ms)
            return ClockCompared(system_ms, self._last_ms)

    def recorded(self, at_ms: int) -> None:
        """The last record on disk: it was not written later than now."""
        with self._lock:
            self._floor = Moment(at_ms, self._system.monotonic_s())

    def central_said(self, utc_ms: int, at_s: float) -> None:
        """`at_s` is the monotonic time of its word."""
        with self._lock:
            self._central = Moment(utc_ms, at_s)

    def _by_records(self, now_s: float, system_ms: int) -> int:
        if system_ms > self._floor.at(now_s):
            self._floor = Moment(system_ms, now_s)
        return self._floor.at(now_s)

    def _by_central(self, central_ms: int, system_ms: int) -> int:
        """A small step back is waited out, so that records stay in order; a great one was a wrong time."""
        off_ms = abs(system_ms - central_ms)
        utc_ms = system_ms if off_ms <= CLOCK_OFF_MS_MAX else central_ms
        ahead_ms = self._last_ms - utc_ms
        return self._last_ms if 0 < ahead_ms <= CLOCK_OFF_MS_MAX else utc_ms


def _words(utc_ms: int) -> str:
    return f"{datetime.fromtimestamp(utc_ms // 1_000, UTC):%Y-%m-%d %H:%M:%S} UTC"
