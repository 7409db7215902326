"""What would help to read a code that is in view, and is not read.

Responsible for: the one thing that is most in the way. Distance comes first: nothing else helps a code that is too small.
"""

import numpy as np

from drivers.scanner.locate import Located
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture
from drivers.scanner.view import Hint

SMALLEST_MODULE_PX = 2.5  # zxing-cpp reads 1.6, of a sharp code that is held still
EDGE_SHARE = 0.01  # of the picture: a code that goes beyond it is too close
SATURATED = 250
LAMP_SHARE = 0.03  # of the code, in one piece larger than its light modules are
LEAST_CONTRAST = 45  # grey levels between dark and light
LAMP_MODULES = 3


def hint_for(picture: Picture, located: Located) -> Hint:
    if located.module_px < SMALLEST_MODULE_PX:
        return Hint.CLOSER
    if _leaves(picture, located):
        return Hint.FARTHER
    straight = located.straightened(picture)
    if _lamp_share(straight, located.straight_module_px) > LAMP_SHARE:
        return Hint.LESS_GLARE
    dark, light = np.percentile(straight, (10, 90))
    if light - dark < LEAST_CONTRAST:
        return Hint.BRIGHTER_SCREEN
    return Hint.HOLD_STILL


def _leaves(picture: Picture, located: Located) -> bool:
    shares = located.corners / picture.shape[::-1]
    return bool((shares < EDGE_SHARE).any() or (shares > 1 - EDGE_SHARE).any())


def _lamp_share(straight: Picture, module_px: int) -> float:
    """What is left of the saturated parts when all is taken away that light modules could be."""
    saturated = (straight >= SATURATED).astype(np.uint8)
    piece = np.ones((LAMP_MODULES * module_px + 1,) * 2, np.uint8)
    return float(cv2.morphologyEx(saturated, cv2.MORPH_OPEN, piece).mean())
