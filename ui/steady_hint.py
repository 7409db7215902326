"""A hint that can be read: the scanner may change its mind with every frame, the screen may not."""

HELD_MS = 700
AT_ONCE = "found"  # nobody should go on trying


class SteadyHint:
    def __init__(self) -> None:
        self._code = ""
        self._until_ms = 0

    def hear(self, code: str, now_ms: int) -> str:
        """The hint to show."""
        if code != self._code and (now_ms >= self._until_ms or code == AT_ONCE):
            self._code, self._until_ms = code, now_ms + HELD_MS
        return self._code
