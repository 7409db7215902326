"""A simulator's own console: words in on standard input, events out as lines of JSON.

Responsible for: never waiting on a half-typed line, and noticing that nobody is left to type.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def until_stopped() -> Iterator[None]:
    """However a simulator is told to end, it ends tidily: links and ports are given back."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with suppress(BrokenPipeError, KeyboardInterrupt):
        yield


class Console:
    """Standard input without waiting; a simulator started without one runs until it is stopped."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._typed = b""
        nowhere = Path(os.devnull).stat().st_rdev
        self.listening = os.fstat(descriptor).st_rdev != nowhere
        self.ended = False

    def fileno(self) -> int:
        return self._descriptor

    def words(self) -> list[str]:
        """Call when there is something to read; each line whole, as typed."""
        chunk = os.read(self._descriptor, 4096)
        if not chunk:  # whoever started the simulator has gone, and it goes too
            self.listening, self.ended = False, True
        *lines, self._typed = (self._typed + chunk).split(b"\n")
        return [line.decode("utf-8", "replace").strip() for line in lines if line.strip()]

    @staticmethod
    def tell(event: str, **details: object) -> None:
        sys.stdout.write(json.dumps({"event": event, **details}) + "\n")
        sys.stdout.flush()
