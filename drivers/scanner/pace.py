"""Real time for a source that has none of its own: a file, a folder of pictures."""

import time

LATE_S = 1.0  # later than this and nobody wants what was missed


class Pace:
    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._due_s = time.monotonic()

    def wait(self) -> int:
        """Sleeps until a frame is due. Returns how many are: more than one when the caller was slow."""
        late_s = time.monotonic() - self._due_s
        if late_s < 0:
            time.sleep(-late_s)
            late_s = 0.0
        elif late_s > LATE_S:
            self._due_s += late_s
            late_s = 0.0
        frames = 1 + int(late_s / self._interval_s)
        self._due_s += frames * self._interval_s
        return frames
