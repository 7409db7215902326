"""How long the camera exposes while a code is held up in vain.

A camera meters the whole shop, of which a lit phone is a small part. When a code stays unread, fixed exposures are tried by turns:
a sixtieth of a second holds whole periods of a flickering screen, so its bars go; the short ones bring back what is
overexposed, and stop a hand's movement. What the camera chooses by itself has a turn, too, and all the time otherwise.
"""

EXPOSURES_MS: tuple[float | None, ...] = (None, 16.7, 4.2, 1.0)  # None: the camera chooses
TURN_S = 0.7  # a camera takes some frames to follow
NOT_SEEN_S = 1.0  # then it is gone


class Bracket:
    def __init__(self) -> None:
        self._unread_since_s: float | None = None
        self._unread_last_s = 0.0

    def wanted_ms(self, now_s: float, *, code_in_view: bool, is_read: bool) -> float | None:
        if code_in_view and not is_read:
            self._unread_last_s = now_s
            if self._unread_since_s is None:
                self._unread_since_s = now_s
        elif is_read or now_s - self._unread_last_s > NOT_SEEN_S:
            self._unread_since_s = None
        if self._unread_since_s is None:
            return None
        turn = int((now_s - self._unread_since_s) / TURN_S)
        return EXPOSURES_MS[turn % len(EXPOSURES_MS)]
