"""From the bytes of a code to a text that a person could read aloud, and when to say it. Pure."""

from drivers.scanner import sightings
from drivers.scanner.events import CodeSeen, CodeUnreadable
from drivers.scanner.legible import is_legible

GONE_AFTER_S = sightings.GONE_AFTER_S + 1.0  # the trigger is pulled anew between two readings


def readable(data: bytes) -> str:
    """Empty unless it is UTF-8 and legible."""
    try:
        text = data.decode("utf-8").strip("\r\n")  # an engine may be set up to add its own
    except UnicodeDecodeError:
        return ""
    return text if is_legible(text) else ""


class InView:
    """Engines repeat what stays before them: it is said once, and again when it was gone between."""

    def __init__(self) -> None:
        self._last_s: dict[str, float] = {}

    def see(self, data: bytes, now_s: float) -> tuple[CodeSeen | CodeUnreadable, ...]:
        """What is new about it. What cannot be read is one thing, however it reads."""
        self._last_s = {
            text: last_s for text, last_s in self._last_s.items() if now_s - last_s <= GONE_AFTER_S
        }
        text = readable(data)
        is_new = text not in self._last_s
        self._last_s[text] = now_s
        if not is_new:
            return ()
        return (CodeSeen(text) if text else CodeUnreadable(),)
