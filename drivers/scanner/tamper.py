"""Whether somebody has been at the camera, while nobody uses it.

Responsible for: a QR code that stays in view, a view of nothing, and a view of something else than before, once each has
lasted longer than people who pass do.
Not responsible for: looking (`eye.py`).

A sticker with a code beside the bay sends every customer's coins to the thief who put it there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from drivers.faults import FaultCode
from drivers.scanner.events import BayChecked, ScannerEvent
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Frame, grey

LOOK_EVERY_S = 2.0
CODE_STAYS_S = 20.0  # somebody who waits with the phone in the hand moves it
COVERED_STAYS_S = 20.0
MOVED_STAYS_S = 300.0  # people stand before the machine, and the shop is tidied
FLICKER_S = 2.5 * LOOK_EVERY_S  # a sign that is missed for so long is still the same
# A fault that comes back within this time must be away twice as long as the last time, up to the longest; or an
# advertisement whose code is shown by turns is a fault a minute.
RELAPSE_S = 3600.0
LONGEST_AWAY_S = 600.0
FLAT = 6.0  # grey levels of spread; the noise of a covered lens stays below
ALIKE = 0.8  # correlation of two views; the same shop by day and by lamplight stays above
OTHER = 0.5
LEARNT_LOOKS = 150  # five minutes of a still view; nobody stands like that
_SMALL = (32, 18)

_View = npt.NDArray[np.float32]
_STAYS_S = {
    FaultCode.CAMERA_CODE_IN_VIEW: CODE_STAYS_S,
    FaultCode.CAMERA_COVERED: COVERED_STAYS_S,
    FaultCode.CAMERA_MOVED: MOVED_STAYS_S,
}


@dataclass
class _Sign:
    since_s: float
    last_s: float


@dataclass
class _Past:
    """A fault that was told."""

    away_s: float  # how long it must be away to be over
    over_s: float = 0.0  # when it last was


@dataclass
class BayWatch:
    _signs: dict[FaultCode, _Sign] = field(default_factory=dict)
    _told: frozenset[FaultCode] = frozenset()
    _past: dict[FaultCode, _Past] = field(default_factory=dict)
    _usual: _View | None = None  # what the empty bay looks like
    _looks: int = 0
    _before: _View | None = None

    def look(self, now_s: float, frame: Frame, *, code_in_view: bool) -> Sequence[ScannerEvent]:
        """What one frame of the idle bay adds: nothing, or the faults that hold from now on."""
        for code in self._signs_in(frame, code_in_view=code_in_view):
            self._signs.setdefault(code, _Sign(now_s, now_s)).last_s = now_s
        self._signs = {
            code: sign
            for code, sign in self._signs.items()
            if now_s - sign.last_s <= self._longest_away_s(code)
        }
        lasting = frozenset(
            code
            for code, sign in self._signs.items()
            if now_s - sign.since_s >= _STAYS_S[code] or code in self._told
        )
        if lasting == self._told:
            return ()
        self._remember(now_s, lasting)
        self._told = lasting
        return (BayChecked(lasting),)

    def _longest_away_s(self, code: FaultCode) -> float:
        return self._past[code].away_s if code in self._told else FLICKER_S

    def _remember(self, now_s: float, lasting: frozenset[FaultCode]) -> None:
        for code in self._told - lasting:
            self._past[code].over_s = now_s
        for code in lasting - self._told:
            past = self._past.get(code)
            is_relapse = past is not None and now_s - past.over_s < RELAPSE_S
            away_s = 2 * past.away_s if past is not None and is_relapse else FLICKER_S
            self._past[code] = _Past(min(away_s, LONGEST_AWAY_S))

    def interrupted(self) -> None:
        """Somebody uses the camera: what was seen so far may have been theirs."""
        self._signs = {code: sign for code, sign in self._signs.items() if code in self._told}
        self._before = None

    def _signs_in(self, frame: Frame, *, code_in_view: bool) -> list[FaultCode]:
        small = cv2.resize(grey(frame), _SMALL, interpolation=cv2.INTER_AREA).astype(np.float32)
        if small.std() < FLAT:
            return [FaultCode.CAMERA_COVERED]
        view = (small - small.mean()) / small.std()
        moved = self._is_elsewhere(view)
        found = [FaultCode.CAMERA_CODE_IN_VIEW] if code_in_view else []
        return [*found, FaultCode.CAMERA_MOVED] if moved else found

    def _is_elsewhere(self, view: _View) -> bool:
        """A still view, and another one than usual."""
        still = self._before is not None and _likeness(view, self._before) > ALIKE
        self._before = view
        is_usual = self._usual is not None and _likeness(view, self._usual) > OTHER
        if not still:  # somebody walks by: nothing is known anew
            return FaultCode.CAMERA_MOVED in self._signs and not is_usual
        if self._usual is not None and is_usual:
            self._learn(self._usual, view)
            return False
        if self._looks < LEARNT_LOOKS:
            self._usual, self._looks = view, 1
            return False
        return True

    def _learn(self, usual: _View, view: _View) -> None:
        """It follows the light and the shelves."""
        self._looks += 1
        mixed = usual + (view - usual) / min(self._looks, LEARNT_LOOKS)
        self._usual = (mixed - mixed.mean()) / mixed.std()


def _likeness(one: _View, other: _View) -> float:
    return float((one * other).mean())
