"""Whether what a camera saw holds the code's text at all: what a patient person with a ruler could read.

The rule is physical, and asks no decoder. For each frame two noiseless ones are rendered that differ in nothing but
the code: as it is, and with black and white modules swapped. Where their difference at a module's middle has the
wrong sign, or is less than `TELLS_SIGMAS` of the noise (and `TELLS_GREY` of 255), no look at that module
alone tells black from white: glare saturated it, a finger or a dark bar covers it, blur mixed it with its neighbours. It is lost.

A code is readable when
- its modules are at least `SMALLEST_MODULE_PX` wide: below 2 px the sampling theorem needs luck with the phase, below
  1.6 most modules share their pixels with neighbours;
- the codewords with a lost module are no more than its version and level repair (ISO/IEC 18004, table 9: about a tenth at
  L, a third at H). A codeword is eight modules, mostly 2 x 4 in the square, so blocks of 2 x 4 are counted;
- at least one of the three finder patterns is half there, or nobody would know where the ruler goes.

Over several frames a module is lost only if it is lost in each: bars roll, glare wanders, the hand comes to rest. So
a sequence counts as readable to whoever joins its frames, also where no frame of it is.

It is an eye that knows where to look, and no bound: who undoes blur by calculation may read a little more.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardware_sim.camera.field.code import Modules, modules_of
from hardware_sim.camera.field.conditions import Conditions, Shot
from hardware_sim.camera.field.exposure import GAMMA, Grey, exposed, sigma
from hardware_sim.camera.field.pose import landed, pose
from hardware_sim.camera.opencv import cv2
from hardware_sim.camera.phone import CODE_MIDDLE, module_dots
from hardware_sim.qr_code import repaired_share

Means = NDArray[np.float32]

SMALLEST_MODULE_PX = 1.6
TELLS_SIGMAS = 3.0
TELLS_GREY = 3.0
_CORE = 0.6  # of a module's width: what is looked at
_FINDER = 7


def is_readable(shots: Sequence[Shot]) -> bool:
    """Of one customer: whether these shots together hold the text."""
    code = shots[0].made.code
    if mean_module_px(shots[0]) < SMALLEST_MODULE_PX:
        return False
    told = np.zeros(modules_of(code).shape, dtype=np.bool_)
    for shot in shots:
        told |= _told_modules(shot)
        if _is_enough(told, repaired_share(code.version, code.level)):
            return True
    return False


def mean_module_px(shot: Shot) -> float:
    """The side of a square as large as the mean module in the frame."""
    modules = len(modules_of(shot.made.code))
    half = modules * module_dots(modules) / 2
    ends = np.array([(-half, -half), (half, -half), (half, half), (-half, half)]) + CODE_MIDDLE
    x, y = landed(pose(shot).onto, ends).T
    area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
    return float(np.sqrt(area)) / modules


def _told_modules(shot: Shot) -> Modules:
    """Which modules a look at their middle tells from their opposite."""
    made = shot.made
    seen, swapped = (
        _at_modules(exposed(shot, opposite=opposite, noise=False), shot)
        for opposite in (False, True)
    )
    brighter_when_swapped = modules_of(made.code) != made.code.dark
    apart = (swapped - seen) * np.where(brighter_when_swapped, 1, -1)
    needed = TELLS_SIGMAS * _noise_grey(made, 0.5 * seen + 0.5 * swapped) + TELLS_GREY
    told: Modules = apart > needed
    return told


def _at_modules(frame: Grey, shot: Shot) -> Means:
    """The mean grey of each module's core; outside the frame there is nothing to tell."""
    count = len(modules_of(shot.made.code))
    row, column = np.mgrid[:count, :count]
    points = np.column_stack((column.ravel(), row.ravel())) + 0.5 - count / 2
    at = landed(pose(shot).onto, points * module_dots(count) + CODE_MIDDLE).astype(np.float32)
    side = _core_px(shot.made)
    means = cv2.blur(frame.astype(np.float32), (side, side))
    x, y = at.T.reshape(2, count, count)
    return np.asarray(cv2.remap(means, x, y, cv2.INTER_LINEAR), np.float32)


def _core_px(made: Conditions) -> int:
    return max(round(_CORE * made.module_px), 1)


def _noise_grey(made: Conditions, grey: NDArray[Any]) -> Means:
    """One sigma of the mean over a module's core, in grey, where the frame is of that grey."""
    light = np.power(np.maximum(grey / 255, 0.02), GAMMA)
    steepness = 255 / GAMMA * np.power(light, 1 / GAMMA - 1)
    return np.asarray(steepness * sigma(light, made) / _core_px(made), np.float32)


def _is_enough(told: Modules, repaired: float) -> bool:
    count = len(told)
    rows, columns = -count % 4, -count % 2
    padded = np.pad(told, ((0, rows), (0, columns)), constant_values=True)
    blocks = padded.reshape(len(padded) // 4, 4, -1, 2).all(axis=(1, 3))
    far = count - _FINDER
    finders = [
        told[row : row + _FINDER, column : column + _FINDER].mean()
        for row, column in ((0, 0), (0, far), (far, 0))
    ]
    return bool(1 - blocks.mean() <= repaired and max(finders) >= 0.5)
