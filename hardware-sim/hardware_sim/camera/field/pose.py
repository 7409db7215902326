"""How the hand holds the code: where each dot of the phone falls in the frame at an instant."""

import math
import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hardware_sim.camera.field.code import modules_of
from hardware_sim.camera.field.conditions import Conditions, Shot
from hardware_sim.camera.motion import FOCAL, MM_PER_DOT, rotation, waves
from hardware_sim.camera.phone import CODE_MIDDLE, module_dots

Matrix = NDArray[np.float64]

_TILT_SWAY = 0.02  # radians; a phone held out is not held still
_SWEEP_HZ = 1.3  # an arm that is still moving slows down and turns about so often
_SWEEP_PX_MAX = 60.0  # nobody swings the phone out of the picture
_EXPOSURE_S = 1 / 30
_TREMBLE_MM = 0.25


@dataclass(frozen=True)
class Pose:
    """`onto` takes dots of the phone's picture to the frame; the smear is in pixels."""

    onto: Matrix
    smear: tuple[float, float]
    sway: tuple[float, float]  # radians about the frame's x and y axes, away from the middle pose


@lru_cache(maxsize=64)
def _phases(seed: int) -> tuple[float, ...]:
    dice = random.Random(f"{seed} hand")  # noqa: S311 (scenery)
    return tuple(dice.uniform(0, math.tau) for _ in range(12))


def pose(shot: Shot) -> Pose:
    made, size = shot.made, shot.size
    modules = len(modules_of(made.code))
    phases = _phases(shot.seed)
    swaying = waves(shot.now_s, phases[:8])
    sway = (_TILT_SWAY * swaying[0], _TILT_SWAY * swaying[1])
    turned = rotation(
        made.tilt * math.cos(made.tilt_axis) + sway[0],
        made.tilt * math.sin(made.tilt_axis) + sway[1],
        0.0,
    ) @ rotation(0.0, 0.0, made.turn + 0.01 * swaying[2])
    focal = FOCAL * size[0]
    module_mm = module_dots(modules) * MM_PER_DOT
    distance = focal * module_mm / made.module_px
    smear, swept_px = _sweep(made, phases, shot.now_s)
    shaken_mm = _TREMBLE_MM * np.array([swaying[3], swaying[4]])
    aside = (
        np.array([math.cos(phases[8]), math.sin(phases[9])]) * _spare_px(made, modules, size)
        + swept_px
        + shaken_mm * focal / distance
    )
    x0, y0 = CODE_MIDDLE
    plane = MM_PER_DOT * np.column_stack((turned[:, :2], -turned[:, :2] @ (x0, y0)))
    plane[2, 2] += distance
    lens = np.array(
        [[focal, 0, size[0] / 2 + aside[0]], [0, focal, size[1] / 2 + aside[1]], [0, 0, 1]]
    )
    return Pose(lens @ plane, smear, sway)


def _spare_px(made: Conditions, modules: int, size: tuple[int, int]) -> NDArray[np.float64]:
    """How far from the middle the code may be held, and still be whole in the frame."""
    needed = made.module_px * (modules + 4) * (1 + 0.4 * abs(math.sin(2 * made.turn)))
    spare = (np.array(size) - needed) / 2 - made.smear_modules * made.module_px * 3
    return np.clip(spare, 0, 0.12 * size[1])


def _sweep(
    made: Conditions, phases: tuple[float, ...], now_s: float
) -> tuple[tuple[float, float], NDArray[np.float64]]:
    """The smear of this exposure, and where the sweep is: fastest at the start, still at its turns."""
    most_px = made.smear_modules * made.module_px
    way = np.array([math.cos(phases[10]), math.sin(phases[10])])
    angle = math.tau * _SWEEP_HZ * now_s + 0.5 * math.cos(phases[11])
    smear = way * most_px * math.cos(angle)
    amplitude_px = most_px / _EXPOSURE_S / (math.tau * _SWEEP_HZ)
    swept = way * min(amplitude_px, _SWEEP_PX_MAX) * math.sin(angle)
    return (float(smear[0]), float(smear[1])), swept


def landed(onto: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of the phone's picture, n x 2, in the frame."""
    across = np.column_stack((points, np.ones(len(points)))) @ onto.T
    inside: NDArray[np.float64] = across[:, :2] / across[:, 2:]
    return inside
