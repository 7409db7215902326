"""The virtual clock, the tasks that wait on it, and the processes that may be killed anywhere.

A thread of the product is a task here (a greenlet): it runs until it waits, and time passes only when all of them
wait. One seed gives one order of things, always.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from greenlet import getcurrent, greenlet

START_S = 1_000.0


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # a world's, that another must be able to throw again


class Killed(BaseException):
    """The process ends at this very point: SIGKILL, or the mains."""


class Stuck(Exception):
    """Nothing is left that could ever happen, or a task waits where none may."""


@dataclass
class Signal:
    """What tasks wait for; `notify` wakes all that wait now."""

    clockwork: "Clockwork"
    waiting: "list[_Wait]" = field(default_factory=list)

    def notify(self) -> None:
        woken, self.waiting = self.waiting, []
        for wait in woken:
            self.clockwork.resume(wait, notified=True)


@dataclass(eq=False)
class _Wait:
    task: greenlet | None
    over: bool = False


class Moment(Enum):
    """Between which two effects a process may be killed."""

    COMMIT = "commit"  # before it, and after it
    WIRE = "wire"  # around each byte to and from a device
    LINE = "line"  # around each request and answer


@dataclass
class Death:
    """To come, after so many more moments of this kind."""

    moment: Moment
    after: int


@dataclass(eq=False)
class Process:
    """What dies together. `host` is whatever it runs on, for the seams to find."""

    name: str
    host: Any = None
    alive: bool = True
    tasks: "list[greenlet]" = field(default_factory=list)
    death: "Death | None" = None
    on_death: Callable[[], None] = lambda: None


class Clockwork:
    def __init__(self) -> None:
        self.now_s = START_S
        self._order = itertools.count()
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._hub = getcurrent()
        self._process_of: dict[greenlet, Process] = {}

    # --- for whoever drives the world

    def at(self, when_s: float, call: Callable[[], object]) -> None:
        heapq.heappush(self._due, (when_s, next(self._order), call))

    def after(self, delay_s: float, call: Callable[[], object]) -> None:
        self.at(self.now_s + delay_s, call)

    def run(self, until_s: float, is_over: Callable[[], bool] = lambda: False) -> None:
        while self._due and self._due[0][0] <= until_s and not is_over():
            when_s, _, call = heapq.heappop(self._due)
            self.now_s = max(self.now_s, when_s)
            call()
        if not is_over():
            self.now_s = max(self.now_s, until_s)

    def spawn(self, process: Process, work: Callable[[], object]) -> greenlet:
        """Begins at once, as soon as whoever runs now waits."""

        def run() -> None:
            try:
                if process.alive:
                    work()
            except Killed:
                pass
            finally:
                self._process_of.pop(task, None)
                if task in process.tasks:
                    process.tasks.remove(task)

        task = greenlet(run, parent=self._hub)
        self._process_of[task] = process
        process.tasks.append(task)
        self.after(0, lambda: self._switch(task))
        return task

    def kill(self, process: Process) -> None:
        """None of its tasks runs another line that could be seen from outside. Its own caller raises Killed."""
        process.alive = False
        self.after(0, lambda: self._reap(process))

    def end(self) -> None:
        """Every task ends, and nothing comes after."""
        for process in set(self._process_of.values()):
            process.alive = False
            self._reap(process)
        self._due.clear()

    def _reap(self, process: Process) -> None:
        for task in list(process.tasks):
            if task and not task.dead:
                task.throw(Killed)  # what it unwinds cannot wait, and so ends

    # --- for tasks

    @property
    def process(self) -> Process:
        """Whose task runs now."""
        return self._process_of[getcurrent()]

    def point(self, moment: Moment) -> None:
        """Here the process may end. Raises Killed."""
        process = self._process_of.get(getcurrent())
        if process is None:
            return
        if not process.alive:
            raise Killed
        if process.death is not None and process.death.moment is moment:
            process.death.after -= 1
            if process.death.after <= 0:
                process.death = None
                self.kill(process)
                process.on_death()
                raise Killed

    def wait(self, timeout_s: float | None, signal: Signal | None = None) -> bool:
        """Until the signal is given; False after `timeout_s`. Raises Killed."""
        task = getcurrent()
        process = self._process_of.get(task)
        if process is None:
            raise Stuck("only a task may wait")
        if not process.alive:
            raise Killed
        wait = _Wait(task)
        if signal is not None:
            signal.waiting.append(wait)
        if timeout_s is not None:
            self.after(max(0.0, timeout_s), lambda: self.resume(wait, notified=False))
        notified = bool(self._hub.switch())
        if signal is not None and not notified and wait in signal.waiting:
            signal.waiting.remove(wait)
        if not process.alive:
            raise Killed
        return notified

    def resume(self, wait: _Wait, *, notified: bool) -> None:
        """A signal wakes in its turn, not in the middle of who gives it."""
        if wait.over or wait.task is None:
            return
        wait.over, task = True, wait.task
        if notified:
            self.after(0, lambda: self._switch(task, True))
        else:
            self._switch(task, False)

    def _switch(self, task: greenlet, *value: bool) -> None:
        if not task.dead:
            task.switch(*value)
