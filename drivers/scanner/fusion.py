"""Several frames of one code as one picture: what glare hides in one, or a dark bar, another one shows.

Each pixel is taken relative to the others of its row, since the bars of a screen that is dimmed by flickering lie along
the rows of a rolling shutter; and it counts by the contrast around it, which is nothing in a lamp's mirror image and in a
bar. Frames fade, so that a hand that moved is soon forgotten.
"""

import numpy as np
import numpy.typing as npt

from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture, as_picture

ROW_PX = 61  # about a dozen modules
AROUND_PX = 11  # about two
FADING = 0.85  # of what was seen, with each frame
ENOUGH_CONTRAST = 40.0  # grey levels; more of it counts no more
_NOISE = 6.0  # grey levels

_Plane = npt.NDArray[np.float32]


class Fusion:
    def __init__(self) -> None:
        self._sum: _Plane | None = None
        self._weight: _Plane | None = None

    def add(self, picture: Picture) -> Picture:
        """All frames so far as one."""
        seen = picture.astype(np.float32)
        by_row, weight = _by_row(seen), _contrast(seen)
        if self._sum is None or self._weight is None or self._sum.shape != picture.shape:
            self._sum, self._weight = by_row * weight, weight
        else:
            cv2.accumulateWeighted(by_row * weight, self._sum, 1 - FADING)
            cv2.accumulateWeighted(weight, self._weight, 1 - FADING)
        return as_picture(np.clip(128 + 64 * self._sum / self._weight, 0, 255))


def _by_row(seen: _Plane) -> _Plane:
    off = seen - cv2.blur(seen, (ROW_PX, 1))
    spread = np.sqrt(np.maximum(cv2.blur(off * off, (ROW_PX, 1)), 0))
    return np.asarray(off / (spread + _NOISE), np.float32)


def _contrast(seen: _Plane) -> _Plane:
    off = seen - cv2.blur(seen, (AROUND_PX, AROUND_PX))
    spread = cv2.blur(off * off, (AROUND_PX, AROUND_PX))
    return np.asarray(np.minimum(spread, ENOUGH_CONTRAST**2) + 1, np.float32)
