"""A thread that takes turns until told to stop, and ends the process loudly if a turn raises."""

import math
import threading
from collections.abc import Callable


class Worker:
    def __init__(
        self,
        name: str,
        turn: Callable[[], float],
        on_crash: Callable[[BaseException], None],
        monotonic_s: Callable[[], float],
    ) -> None:
        """`turn` does one piece of work and says how many seconds to wait before the next."""
        self._turn = turn
        self._on_crash = on_crash
        self._wake = threading.Event()
        self._stopping = False
        self._monotonic_s = monotonic_s
        self.last_turn_s = math.inf  # when the turn under way began; between two it rests
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Take the next turn now."""
        self._wake.set()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()

    def _run(self) -> None:
        try:
            while not self._stopping:
                self.last_turn_s = self._monotonic_s()
                wait_s = self._turn()
                self.last_turn_s = math.inf
                self._wake.wait(wait_s)
                self._wake.clear()
        except BaseException as error:  # noqa: BLE001  # the loop of a thread: report, and end the process
            self._on_crash(error)
