"""Stand-ins for `threading`, `queue` and `time`, whose waiting is virtual. Only what the product uses of them."""

import queue as real_queue
import threading as real_threading
from collections import deque
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet

from stater_chaos.clockwork import Clockwork, Signal


class VirtualThreading:
    """For the product's `import threading`."""

    Lock = real_threading.Lock  # never contended: a task is not interrupted, it waits

    def __init__(self, clockwork: Clockwork) -> None:
        class Thread:
            def __init__(
                self,
                target: Callable[..., object],
                name: str = "",
                args: tuple[Any, ...] = (),
                *,
                daemon: bool = False,
            ) -> None:
                self.name, self.daemon = name, daemon
                self._work = lambda: target(*args)
                self._task: greenlet | None = None

            def start(self) -> None:
                self._task = clockwork.spawn(clockwork.process, self._work)

            def is_alive(self) -> bool:
                return self._task is not None and not self._task.dead

            def join(self, timeout: float | None = None) -> None:
                """A task ends when it next runs; nobody here needs it to have ended."""

        class Event:
            def __init__(self) -> None:
                self._set = False
                self._signal = Signal(clockwork)

            def set(self) -> None:
                self._set = True
                self._signal.notify()

            def clear(self) -> None:
                self._set = False

            def is_set(self) -> bool:
                return self._set

            def wait(self, timeout: float | None = None) -> bool:
                return self._set or clockwork.wait(timeout, self._signal) or self._set

        self.Thread = Thread
        self.Event = Event

    @staticmethod
    def current_thread() -> greenlet:
        return getcurrent()


class VirtualQueueModule:
    """For the product's `import queue`."""

    Empty = real_queue.Empty
    Full = real_queue.Full

    def __init__(self, clockwork: Clockwork) -> None:
        class Queue:
            def __init__(self, maxsize: int = 0) -> None:
                self._maxsize = maxsize
                self._items: deque[Any] = deque()
                self._came, self._went = Signal(clockwork), Signal(clockwork)

            def empty(self) -> bool:
                return not self._items

            def full(self) -> bool:
                return 0 < self._maxsize <= len(self._items)

            def qsize(self) -> int:
                return len(self._items)

            def put(self, item: Any, timeout: float | None = None) -> None:
                if self.full() and not clockwork.wait(timeout, self._went):
                    raise real_queue.Full
                self.put_nowait(item)

            def put_nowait(self, item: Any) -> None:
                if self.full():
                    raise real_queue.Full
                self._items.append(item)
                self._came.notify()

            def get(self, timeout: float | None = None) -> Any:
                if not self._items:
                    clockwork.wait(timeout, self._came)
                return self.get_nowait()

            def get_nowait(self) -> Any:
                if not self._items:
                    raise real_queue.Empty
                self._went.notify()
                return self._items.popleft()

        self.Queue = Queue


class VirtualTime:
    """For the product's `import time`, where it sleeps."""

    def __init__(self, clockwork: Clockwork) -> None:
        self._clockwork = clockwork

    def sleep(self, seconds: float) -> None:
        self._clockwork.wait(seconds)

    def monotonic(self) -> float:
        return self._clockwork.now_s
