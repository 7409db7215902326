"""Finder patterns: the three squares of a QR code, found by their shape, readable or not.

A square in a ring in a square, whose outlines enclose areas of 49 : 25 : 9 modules. One pass over the
outlines of a picture, and a bounded number of squares looked at: OpenCV's own QR detectors can be held
for minutes by a picture full of finder patterns.
Source: ISO/IEC 18004, 6.3.3 (finder pattern).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture

MAX_CANDIDATES = 1000
MAX_PATTERNS = 6  # the largest: what is held up fills more of the picture than a poster behind it
MIN_AREA_PX = 49  # a pixel a module
SIDE_MODULES = 7

Points = npt.NDArray[np.float32]  # n x 2, pixels (x, y)
Outline = npt.NDArray[np.int32]
_EDGE_SLACKS = (0.03, 0.05, 0.08, 0.12)  # of the circumference, until four corners are left


@dataclass(frozen=True, eq=False)
class FinderPattern:
    corners: Points  # four, in the order of the outline
    centre: Points  # one
    side_px: float


def finder_patterns(black_and_white: Picture) -> list[FinderPattern]:
    """The largest of them, largest first; light on dark ones too."""
    outlines, tree = cv2.findContours(black_and_white, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return []
    first_child = tree[0][:, 2]  # next, previous, first child, parent; -1 is none
    grandchild = np.where(first_child >= 0, first_child[first_child], -1)
    found = []
    for outer in np.flatnonzero(grandchild >= 0)[:MAX_CANDIDATES]:
        nest = [outlines[index] for index in (outer, first_child[outer], grandchild[outer])]
        if pattern := _pattern(nest):
            found.append(pattern)
    return sorted(found, key=lambda pattern: -pattern.side_px)[:MAX_PATTERNS]


def _pattern(nest: Sequence[Outline]) -> FinderPattern | None:
    outer, ring, core = (cv2.contourArea(outline) for outline in nest)
    if not _is_nest(outer, ring, core):
        return None
    (x, y), (width, height), _ = cv2.minAreaRect(nest[0])
    centre = cv2.minAreaRect(nest[2])[0]
    away = max(abs(x - centre[0]), abs(y - centre[1]))
    seen_at_an_angle = 3.2 * min(width, height)
    if away > 0.15 * max(width, height) + 1 or max(width, height) > seen_at_an_angle:
        return None
    return FinderPattern(_four_corners(nest[0]), np.array(centre, np.float32), outer**0.5)


def _is_nest(outer: float, ring: float, core: float) -> bool:
    """49 : 25 is 2.0 and 25 : 9 is 2.8; an outline runs along the middle of its pixels, which takes
    a part of a small square away."""
    return (
        outer >= MIN_AREA_PX and 1.2 * ring < outer < 3.2 * ring and 1.6 * core < ring < 4.8 * core
    )


def _four_corners(outline: Outline) -> Points:
    hull = cv2.convexHull(outline)
    around_px = cv2.arcLength(hull, closed=True)
    for slack in _EDGE_SLACKS:
        corners = cv2.approxPolyDP(hull, slack * around_px, closed=True)
        if len(corners) == 4:
            return np.asarray(corners.reshape(4, 2), np.float32)
    return np.asarray(cv2.boxPoints(cv2.minAreaRect(outline)), np.float32)
