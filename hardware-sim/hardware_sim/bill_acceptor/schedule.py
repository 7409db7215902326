"""What the mechanics does next, and when: one pending step on a monotonic clock.

Responsible for: running each step at its own moment even when the clock was moved far at once.
"""

from collections.abc import Callable

from hardware_sim.link import Clock

Step = Callable[[], None]


class Schedule:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pending: tuple[float, Step] | None = None
        self._frozen: tuple[float, Step] | None = None
        self._running_at_s: float | None = None

    @property
    def now_s(self) -> float:
        """The moment of the step that is running, else the clock's."""
        return self._clock() if self._running_at_s is None else self._running_at_s

    def after(self, delay_s: float, step: Step) -> None:
        self._pending = (self.now_s + delay_s, step)

    def cancel(self) -> None:
        self._pending = self._frozen = None

    def freeze(self) -> None:
        """Set the pending step aside with the time it still needs."""
        if self._pending is not None:
            due_s, step = self._pending
            self._frozen, self._pending = (due_s - self.now_s, step), None

    def thaw(self) -> None:
        frozen, self._frozen = self._frozen, None
        if frozen is not None:
            self.after(*frozen)

    def run(self) -> None:
        while self._pending is not None and self._pending[0] <= self._clock():
            (self._running_at_s, step), self._pending = self._pending, None
            step()
        self._running_at_s = None
