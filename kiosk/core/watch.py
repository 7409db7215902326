"""What nothing says of itself: a thread that stands still, a clock that is wrong, a core that turns.

Responsible for: looking at every thread's last turn and at the clock, saying what has changed as an event, feeding
the supervisor's watchdog for as long as the core turns, and ending a process in which a thread stays stuck.
Not responsible for: what a fault means (`kiosk/health.py`), or for restarting, which is the supervisor's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from kiosk import supervisor
from kiosk.clock import KioskClock
from kiosk.session.events import Event, ThreadsSeen

STUCK_S_MAX = 120.0  # then nothing but a new process frees the thread
RESTART_EVERY_S = 3_600.0  # a device that is dead costs one restart an hour, not one each minute
LOOK_EVERY_S_MAX = (
    15.0  # after a longer pause it was us who stood still: the others get a new start
)


class ThreadStuck(Exception):
    """The world: a call into a driver or a library does not come back."""


class Turning(Protocol):
    @property
    def last_turn_s(self) -> float: ...  # monotonic; in the future for a thread that rests


@dataclass(frozen=True)
class Watched:
    thread: Turning
    longest_turn_s: float
    code: str  # of the fault when it stands still


class Watch:
    def __init__(
        self, clock: KioskClock, threads: tuple[Watched, ...], end: Callable[[BaseException], None]
    ) -> None:
        """`end` ends the process, so that the supervisor starts it anew."""
        self._clock = clock
        self._threads = threads
        self._end = end
        self._began_s = self._since_s = self._looked_s = clock.monotonic_s()
        self._stuck: frozenset[str] = frozenset()
        self._clock_was_wrong = False
        self._is_ready = False

    def look(self, *, at_rest: bool) -> Iterator[Event]:
        """What has changed since the last look. `at_rest`: no customer, no bill in motion."""
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_s > LOOK_EVERY_S_MAX:
            self._since_s = now_s
        self._looked_s = now_s
        late_s = [
            (w.code, now_s - max(w.thread.last_turn_s, self._since_s) - w.longest_turn_s)
            for w in self._threads
        ]
        stuck = frozenset(code for code, s in late_s if s > 0)
        if stuck != self._stuck:
            self._stuck = stuck
            yield ThreadsSeen(stuck)
        compared = self._clock.compare()
        if compared.is_wrong is not self._clock_was_wrong:
            self._clock_was_wrong = compared.is_wrong
            yield compared
        hopeless = any(s > STUCK_S_MAX for _, s in late_s)
        if hopeless and at_rest and now_s - self._began_s > RESTART_EVERY_S:
            self._end(ThreadStuck(f"for {STUCK_S_MAX:g} s and more: {', '.join(sorted(stuck))}"))

    def turned(self, words: str) -> None:
        """The core's loop has come round."""
        ready = () if self._is_ready else ("READY=1",)
        self._is_ready = True
        supervisor.tell(*ready, "WATCHDOG=1", f"STATUS={words}")
