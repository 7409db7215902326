"""The thread of a device: one turn after another until it is told to stop.

What a turn raises is a bug, since a device that misbehaves is an event; it ends the process, not the thread.
"""

import threading
from collections.abc import Callable

STOP_WAIT_S = 6.0  # a write to a printer, or a stream that hangs, gives up after 5 s


class DeviceThread:
    def __init__(
        self,
        name: str,
        turn: Callable[[], None],
        *,
        at_end: Callable[[], None],
        on_crash: Callable[[BaseException], None],
    ) -> None:
        self._turn = turn
        self._at_end = at_end
        self._on_crash = on_crash
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Set `stopping`, and wait for the end of the turn; the caller has woken what sleeps."""
        self.stopping.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_WAIT_S)

    def _run(self) -> None:
        try:
            while not self.stopping.is_set():
                self._turn()
            self._at_end()
        except BaseException as error:  # noqa: BLE001  # nobody above
            self._on_crash(error)
