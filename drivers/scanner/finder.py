"""Whether a QR code is in view, readable or not.

By its finder patterns: a square in a ring in a square, whose outlines enclose areas of 49 : 25 : 9
modules. One pass over the outlines of a small picture, and a bounded number of squares looked at:
OpenCV's own QR detectors can be held for minutes by a picture full of finder patterns.
Source: ISO/IEC 18004, 6.3.3 (finder pattern).
"""

from collections.abc import Sequence

import numpy as np

from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture, fitted, flattened

SIDE_PX = 640
MAX_CANDIDATES = 1000
MIN_AREA_PX = 49  # a pixel a module
PATTERNS_OF_A_CODE = 2  # of three: glare or the edge of the picture may have one

Box = Sequence[int]  # x, y, width, height


def code_in_view(picture: Picture) -> bool:
    sizes = sorted(_finder_sizes(flattened(fitted(picture, SIDE_PX))))
    neighbours = zip(sizes, sizes[PATTERNS_OF_A_CODE - 1 :], strict=False)
    return any(larger <= 1.6 * smaller for smaller, larger in neighbours)  # perspective


def _finder_sizes(black_and_white: Picture) -> list[float]:
    """The side lengths of what looks like a finder pattern."""
    outlines, tree = cv2.findContours(black_and_white, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return []
    first_child = tree[0][:, 2]  # next, previous, first child, parent; -1 is none
    grandchild = np.where(first_child >= 0, first_child[first_child], -1)
    sizes = []
    for outer in np.flatnonzero(grandchild >= 0)[:MAX_CANDIDATES]:
        nest = [outlines[index] for index in (outer, first_child[outer], grandchild[outer])]
        outer_area, ring_area, core_area = (cv2.contourArea(outline) for outline in nest)
        if _is_nest(outer_area, ring_area, core_area) and _is_centred(
            cv2.boundingRect(nest[0]), cv2.boundingRect(nest[2])
        ):
            sizes.append(outer_area**0.5)
    return sizes


def _is_nest(outer: float, ring: float, core: float) -> bool:
    """49 : 25 is 2.0 and 25 : 9 is 2.8; an outline runs along the middle of its pixels, which takes
    a part of a small square away."""
    return (
        outer >= MIN_AREA_PX and 1.2 * ring < outer < 3.2 * ring and 1.6 * core < ring < 4.8 * core
    )


def _is_centred(outer: Box, core: Box) -> bool:
    x, y, width, height = outer
    core_x, core_y, core_width, core_height = core
    off_x = abs((x + width / 2) - (core_x + core_width / 2))
    off_y = abs((y + height / 2) - (core_y + core_height / 2))
    is_square = max(width, height) <= 2.2 * min(width, height)  # seen at an angle
    return is_square and off_x <= 0.15 * width + 1 and off_y <= 0.15 * height + 1
