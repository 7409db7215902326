"""From frames to events: what came into view, and what cannot be read. Pure.

Responsible for: believing a text only when two frames have it and no other is in view, saying it once while it stays,
and noticing a code that is held up in vain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drivers.scanner.events import CodeSeen, CodeUnreadable, ScannerEvent

FRAMES_TO_BELIEVE = 2  # a damaged code could be misread once, not twice the same way
GONE_AFTER_S = 1.5  # longer than a hand's tremble or a preparation's turn
UNREADABLE_AFTER_S = 3.0  # and again after as long
FLICKER_S = 0.7  # a pattern may be missed this long and still be the same one


@dataclass
class _Sight:
    frames: int = 0
    last_s: float = 0.0
    is_said: bool = False


class Sightings:
    def __init__(self) -> None:
        self._texts: dict[str, _Sight] = {}
        self._pattern_s = 0.0  # when one was last in view
        self._unread_since_s: float | None = None

    def frame(
        self, now_s: float, texts: Sequence[str], *, code_in_view: bool
    ) -> list[ScannerEvent]:
        """What one frame adds. `code_in_view` matters only where nothing was read."""
        self._forget_gone(now_s)
        for text in dict.fromkeys(texts):
            sight = self._texts.setdefault(text, _Sight())
            sight.frames += 1
            sight.last_s = now_s
        events: list[ScannerEvent] = [CodeSeen(text) for text in self._believed_now()]
        if self._is_unreadable(now_s, read=len(self._texts) == 1, code_in_view=code_in_view):
            events.append(CodeUnreadable())
        return events

    def _forget_gone(self, now_s: float) -> None:
        self._texts = {
            text: sight
            for text, sight in self._texts.items()
            if now_s - sight.last_s <= GONE_AFTER_S
        }

    def _believed_now(self) -> Iterator[str]:
        """Not while another one is in view, too: nobody knows which of them is the customer's."""
        if len(self._texts) == 1:
            for text, sight in self._texts.items():
                if sight.frames >= FRAMES_TO_BELIEVE and not sight.is_said:
                    sight.is_said = True
                    yield text

    def _is_unreadable(self, now_s: float, *, read: bool, code_in_view: bool) -> bool:
        if read:
            self._unread_since_s = None
            return False
        if not code_in_view:
            if now_s - self._pattern_s > FLICKER_S:
                self._unread_since_s = None
            return False
        self._pattern_s = now_s
        if self._unread_since_s is None:
            self._unread_since_s = now_s
        if now_s - self._unread_since_s < UNREADABLE_AFTER_S:
            return False
        self._unread_since_s = now_s
        return True
