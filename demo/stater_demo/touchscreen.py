"""The touchscreen of the running kiosk, seen and touched over its screen socket, as a second screen would."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.screen_link.intents import Intent
from kiosk.screen_link.snapshot import ScreenState, Snapshot
from stater_demo.problem import DemoProblem

CONNECT_TIMEOUT_S = 20
NO_WAY_ON = frozenset({ScreenState.CANCELLED, ScreenState.DISPUTED})


class Touchscreen:
    """Connects when made; `latest` is what is on the screen now, and `hung_up` that the core is gone."""

    def __init__(self, path: Path, *, patience_s: float = CONNECT_TIMEOUT_S) -> None:
        self.latest: Snapshot | None = None
        self.hung_up = False
        self._changed = threading.Condition()
        self._socket = _connect(path, patience_s)
        self._reader = threading.Thread(target=self._read, name="touchscreen", daemon=True)
        self._reader.start()

    def touch(self, intent: Intent) -> None:
        try:
            self._socket.sendall(intent.model_dump_json().encode() + b"\n")
        except OSError as error:
            raise DemoProblem(f"the kiosk's core hung up: {error}") from error

    def wait_until(
        self, what: str, wanted: Callable[[Snapshot], bool], timeout_s: float
    ) -> Snapshot:
        """The first snapshot that is wanted. `what` says it in words, for the DemoProblem."""
        give_up_s = time.monotonic() + timeout_s
        with self._changed:
            while True:
                shown = self.latest
                if shown is not None and wanted(shown):
                    return shown
                if shown is not None and shown.state in NO_WAY_ON:
                    raise DemoProblem(f"the customer waits for {what}, but {_describe(shown)}")
                if self.hung_up:
                    raise DemoProblem(
                        f"the customer waits for {what}, but the kiosk's core is gone"
                    )
                left_s = give_up_s - time.monotonic()
                if left_s <= 0:
                    raise DemoProblem(
                        f"the customer waited {timeout_s:g} s for {what}; {_describe(shown)}"
                    )
                self._changed.wait(left_s)

    def wait_for(self, *states: ScreenState, timeout_s: float) -> Snapshot:
        what = " or ".join(f"the screen {state.value!r}" for state in states)
        return self.wait_until(what, lambda shown: shown.state in states, timeout_s)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self._socket.close()

    def _read(self) -> None:
        with contextlib.suppress(OSError), self._socket.makefile("rb") as lines:
            for line in lines:
                snapshot = Snapshot.model_validate_json(line)
                with self._changed:
                    self.latest = snapshot
                    self._changed.notify_all()
        with self._changed:
            self.hung_up = True
            self._changed.notify_all()


def _connect(path: Path, patience_s: float) -> socket.socket:
    give_up_s = time.monotonic() + patience_s
    while True:
        link = socket.socket(socket.AF_UNIX)
        try:
            link.connect(str(path))
        except OSError as error:
            link.close()
            if time.monotonic() > give_up_s:
                raise DemoProblem(
                    f"the kiosk's core does not answer at {path}: {error}"
                ) from error
            time.sleep(0.05)
        else:
            return link


def _describe(shown: Snapshot | None) -> str:
    if shown is None:
        return "the screen has shown nothing yet"
    notice = f", saying {shown.notice.code}" if shown.notice else ""
    reasons = f" ({', '.join(shown.service.reasons)})" if shown.service.reasons else ""
    return f"the screen shows {shown.state.value!r}{reasons}{notice}"
