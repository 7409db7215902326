"""Where a QR code lies in a picture, from its finder patterns, whether or not it can be read.

Responsible for: which three patterns belong together, how many modules lie between them, and the view
that looks straight at the code.
Not responsible for: finding the patterns (`finder.py`), or reading.
"""

from dataclasses import dataclass, replace
from itertools import combinations, permutations

import numpy as np
import numpy.typing as npt

from drivers.scanner.finder import SIDE_MODULES, FinderPattern, Points, finder_patterns
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture, fitted, flattened

SIDE_PX = 800
MIN_MODULES, MAX_MODULES = 21, 177  # ISO/IEC 18004: versions 1 to 40, four modules a step
QUIET_MODULES = 4
MODULE_PX = 6  # in the straight view, as far as it stays below
MAX_STRAIGHT_PX = 720
MAX_MISFIT = 0.6  # modules; three patterns of one flat code fit within 0.3
MAX_SIZE_RATIO = 1.9  # of the largest pattern to the smallest, at an angle

_SQUARE = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)  # clockwise from the top left
_Homography = npt.NDArray[np.float64]  # 3 x 3


@dataclass(frozen=True, eq=False)
class Located:
    to_modules: _Homography  # from the picture's pixels to modules, (0, 0) the code's top left
    modules: int  # a side
    misfit: float  # modules
    module_px: float  # in the picture

    @property
    def corners(self) -> Points:
        """In the picture, clockwise from the code's own top left."""
        back = np.linalg.inv(self.to_modules)
        return np.asarray(cv2.perspectiveTransform(_SQUARE[None] * self.modules, back)[0])

    @property
    def straight_module_px(self) -> int:
        return min(MODULE_PX, MAX_STRAIGHT_PX // (self.modules + 2 * QUIET_MODULES))

    def straightened(self, picture: Picture) -> Picture:
        """The code and its quiet zone as seen from straight ahead."""
        scale = float(self.straight_module_px)
        onto = np.array(
            [[scale, 0, QUIET_MODULES * scale], [0, scale, QUIET_MODULES * scale], [0, 0, 1]]
        )
        side_px = (self.modules + 2 * QUIET_MODULES) * self.straight_module_px
        straight = cv2.warpPerspective(
            picture,
            onto @ self.to_modules,
            (side_px, side_px),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(straight, np.uint8)


def located_codes(picture: Picture) -> list[Located]:
    """The best fit first. Looked for in a smaller picture: in a large one every grain has an outline."""
    small = fitted(picture, SIDE_PX)
    scale = small.shape[1] / picture.shape[1]
    shrunk = np.diag([scale, scale, 1.0])
    return [
        replace(found, to_modules=found.to_modules @ shrunk, module_px=found.module_px / scale)
        for found in _fits(finder_patterns(flattened(small)))
    ]


def _fits(patterns: list[FinderPattern]) -> list[Located]:
    """Each three patterns could be a code in three ways: any may be the corner."""
    found = []
    for three in combinations(patterns, 3):
        sides = [pattern.side_px for pattern in three]
        if max(sides) > MAX_SIZE_RATIO * min(sides):
            continue
        for corner, right, below in permutations(three):
            located = _fitted(corner, right, below)
            if located is not None:
                found.append(located)
    return sorted(found, key=lambda located: located.misfit)


def _fitted(corner: FinderPattern, right: FinderPattern, below: FinderPattern) -> Located | None:
    along, down = right.centre - corner.centre, below.centre - corner.centre
    length, height = float(np.hypot(*along)), float(np.hypot(*down))
    if (
        along[0] * down[1] - along[1] * down[0] <= 0.5 * length * height
    ):  # the other way round, or too flat
        return None
    if max(length, height) > 2.5 * min(length, height):
        return None
    modules = _modules(corner, right, along, length), _modules(corner, below, down, height)
    side = sum(modules) / 2 + SIDE_MODULES
    if not MIN_MODULES - 4 < side < MAX_MODULES + 8:
        return None
    return _homography((corner, right, below), (along, down), _possible_side(side))


def _modules(one: FinderPattern, other: FinderPattern, way: Points, length_px: float) -> float:
    """Between two centres, by the width of the patterns along the way."""
    return length_px * 2 * SIDE_MODULES / (_width_px(one, way) + _width_px(other, way))


def _width_px(pattern: FinderPattern, way: Points) -> float:
    edges = np.roll(pattern.corners, -1, axis=0) - pattern.corners
    lengths = np.hypot(edges[:, 0], edges[:, 1]) + 1e-6
    along = np.argsort(-np.abs(edges @ way) / lengths)[:2]
    return float(lengths[along].mean())


def _possible_side(modules: float) -> int:
    return int(np.clip(round((modules - 17) / 4) * 4 + 17, MIN_MODULES, MAX_MODULES))


def _homography(
    three: tuple[FinderPattern, ...], ways: tuple[Points, Points], modules: int
) -> Located | None:
    far = modules - SIDE_MODULES
    seen = np.vstack([_in_order(pattern, *ways) for pattern in three])
    drawn = np.vstack([_SQUARE * SIDE_MODULES + place for place in ((0, 0), (far, 0), (0, far))])
    found = cv2.findHomography(seen, drawn.astype(np.float32), 0)[0]
    if not np.size(found) or abs(np.linalg.det(found)) < 1e-12:  # it may be None
        return None
    to_modules = np.asarray(found, np.float64)
    off = cv2.perspectiveTransform(seen[None], to_modules)[0] - drawn
    misfit = float(np.sqrt((off**2).sum(axis=1).mean()))
    module_px = sum(pattern.side_px for pattern in three) / 3 / SIDE_MODULES
    return Located(to_modules, modules, misfit, module_px) if misfit < MAX_MISFIT else None


def _in_order(pattern: FinderPattern, along: Points, down: Points) -> Points:
    """Its corners clockwise from the code's own top left."""
    axes = np.linalg.inv(np.column_stack((along, down)))
    places = (pattern.corners - pattern.corners.mean(axis=0)) @ axes.T
    places /= np.abs(places).max(axis=0) + 1e-9
    picked = [int(np.argmax(places @ (2 * corner - 1))) for corner in _SQUARE]
    return pattern.corners[picked]
