"""One part of the kiosk on the desk: a process of its own, spoken to by lines, heard by JSON lines.

Responsible for its start, its log, its events, and its certain end. Start parts from the main thread (see leash).
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from stater_demo.leash import leashed
from stater_demo.problem import DemoProblem

STOP_TIMEOUT_S = 5
Event = Mapping[str, Any]
ENDED: Event = {"event": "ended"}  # told to the listener alone: nobody said it


def program(name: str) -> str:
    """The path of a command that is installed beside this Python."""
    return str(Path(sys.executable).parent / name)


class Part:
    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        log_dir: Path,
        env: Mapping[str, str] | None = None,
        on_event: Callable[[str, Event], None] | None = None,
    ) -> None:
        self.name = name
        self.log = log_dir / f"{name}.log"
        self._on_event = on_event
        self._events: list[Event] = []
        self._seen = 0
        self._fell_silent = False
        self._changed = threading.Condition()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                leashed(argv),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
                process_group=0,
            )
        self._reader = threading.Thread(target=self._read, name=f"{name}-events", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def tell(self, line: str) -> None:
        """One line on its standard input; what it answers comes as an event."""
        stdin = self._process.stdin
        if stdin is None or not self.running:
            raise DemoProblem(f"{self.name} is not running (its log: {self.log})")
        with contextlib.suppress(BrokenPipeError):  # it ended just now: the next wait will say so
            stdin.write(f"{line}\n".encode())
            stdin.flush()

    def wait_for(self, *names: str, timeout_s: float) -> Event:
        """The next event of one of these names, past the last one waited for. Raises DemoProblem."""
        give_up_s = time.monotonic() + timeout_s
        with self._changed:
            while True:
                while self._seen < len(self._events):
                    event = self._events[self._seen]
                    self._seen += 1
                    if event["event"] in names:
                        return event
                if self._fell_silent:
                    raise DemoProblem(f"{self.name} ended: {self._last_words()}")
                left_s = give_up_s - time.monotonic()
                if left_s <= 0:
                    wanted = " or ".join(names)
                    raise DemoProblem(
                        f"{self.name} did not say {wanted!r} within {timeout_s:g} s (its log: {self.log})"
                    )
                self._changed.wait(left_s)

    def stop(self) -> None:
        """Ask, then insist; its whole process group ends."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_TIMEOUT_S)
        self.kill()

    def kill(self) -> None:
        """The power goes."""
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._reader.join(STOP_TIMEOUT_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _read(self) -> None:
        stdout = self._process.stdout
        if stdout is None:
            return
        with self.log.open("ab") as log:
            for line in stdout:
                log.write(line)
                log.flush()
                with contextlib.suppress(ValueError):
                    told = json.loads(line)
                    if isinstance(told, dict) and "event" in told:
                        self._hear(told)
        with self._changed:
            self._fell_silent = True
            self._changed.notify_all()
        if self._on_event is not None:
            self._on_event(self.name, ENDED)

    def _hear(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()
        if self._on_event is not None:
            self._on_event(self.name, event)

    def _last_words(self) -> str:
        lines = [
            line for line in self.log.read_text(errors="replace").splitlines() if line.strip()
        ]
        return f"{lines[-1].strip() if lines else 'without a word'} (its log: {self.log})"
