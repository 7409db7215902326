"""A picture as the scanner handles it: grey, and not larger than it helps."""

import numpy as np
import numpy.typing as npt

from drivers.scanner.opencv import cv2

Picture = npt.NDArray[np.uint8]  # rows x columns, 0 is black


def grey(frame: npt.NDArray[np.uint8]) -> Picture:
    """A camera's frame, in colour or not, as a picture."""
    return frame if frame.ndim == 2 else _uint8(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))


def fitted(picture: Picture, side_px: int) -> Picture:
    """No side longer than `side_px`; a small picture stays as it is."""
    scale = side_px / max(picture.shape)
    if scale >= 1:
        return picture
    return _uint8(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def doubled(picture: Picture) -> Picture:
    return _uint8(cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))


def flattened(picture: Picture) -> Picture:
    """Black and white by the brightness around each spot: glare, shadow and a screen's glow drop out."""
    # On 101 photographs best with a window of a sixteenth, and nearly as good from a tenth to a twentieth.
    around_px = max(max(picture.shape) // 16, 3) | 1
    method, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
    return _uint8(cv2.adaptiveThreshold(picture, 255, method, kind, around_px, 5))


def inverted(picture: Picture) -> Picture:
    """Light codes on dark, as wallets draw them in dark mode, become what decoders expect."""
    return _uint8(cv2.bitwise_not(picture))


def _uint8(array: npt.NDArray[np.generic]) -> Picture:
    return np.asarray(array, dtype=np.uint8)
