"""A picture as the scanner handles it: grey, and not larger than it helps."""

import numpy as np
import numpy.typing as npt

from drivers.scanner.opencv import cv2

Frame = npt.NDArray[np.uint8]  # as a camera gives it: rows x columns x 3 in BGR, or a picture
Picture = npt.NDArray[np.uint8]  # rows x columns, 0 is black


def grey(frame: Frame) -> Picture:
    return frame if frame.ndim == 2 else as_picture(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))


def fitted(picture: Frame, side_px: int) -> Frame:
    """No side longer than `side_px`; a small picture stays as it is."""
    height, width = picture.shape[:2]
    scale = side_px / max(height, width)
    if scale >= 1:
        return picture
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return as_picture(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def enlarged(picture: Picture, factor: float) -> Picture:
    """By a factor above 1."""
    return as_picture(
        cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    )


def flattened(picture: Picture, share: int = 16) -> Picture:
    """Black and white by the brightness around each spot: glare, shadow and a screen's glow drop out."""
    # On 101 photographs best with a window of a sixteenth, and nearly as good from a tenth to a twentieth.
    around_px = max(max(picture.shape) // share, 3) | 1
    method, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
    return as_picture(cv2.adaptiveThreshold(picture, 255, method, kind, around_px, 5))


def evened(picture: Picture) -> Picture:
    """Contrast by the brightness around each spot, in shades."""
    return as_picture(cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8)).apply(picture))


def as_picture(array: npt.ArrayLike) -> Picture:
    return np.asarray(array, dtype=np.uint8)


def why_refused(error: cv2.error) -> str:
    """A file that OpenCV would not take."""
    if "CV_IO_MAX_IMAGE" in str(error) or error.code == cv2.Error.StsNoMem:
        return "larger than any camera's picture"
    return "not a picture that can be read"
