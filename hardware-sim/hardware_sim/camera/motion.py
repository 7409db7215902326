"""How a hand moves a phone before a camera: in from below, held nearly still, away again.

Responsible for: where the corners of the phone's picture fall in the frame at an instant.
Not responsible for: pixels (`scene.py`).
"""

import math
import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hardware_sim.camera.phone import BODY, HEIGHT_MM, PICTURE

Corners = NDArray[np.float32]  # four points in the frame: clockwise from the top left

MM_PER_DOT = HEIGHT_MM / (BODY[3] - BODY[1])
FOCAL = 1.1  # of the frame's width: a lens of about 50 degrees
_SHARE_OF_HEIGHT = 0.9  # how much of the frame the held phone fills
_TOO_CLOSE = 0.52  # of that distance, where nothing is sharp


@dataclass(frozen=True)
class Ramp:
    """A value on its way from one number to another, starting and ending gently."""

    start: float
    end: float
    since_s: float = 0.0
    lasts_s: float = 1.0

    def at(self, now_s: float) -> float:
        share = min(max((now_s - self.since_s) / self.lasts_s, 0.0), 1.0)
        return self.start + (self.end - self.start) * share * share * (3 - 2 * share)


@dataclass(frozen=True)
class View:
    """Where the phone is at an instant; each share from 0 to 1."""

    presence: float = 0.0  # 0: out of sight, 1: held before the camera
    closeness: float = 0.0  # 1: too close to focus


@dataclass(frozen=True)
class _Habits:
    """What is particular to one hand: where it comes from, how it holds, how it shakes."""

    from_x: float
    lean: tuple[float, float, float]  # radians about the x, y and z axes
    phases: tuple[float, ...]


@lru_cache(maxsize=8)
def _habits(seed: int) -> _Habits:
    dice = random.Random(seed)  # noqa: S311 (scenery)
    lean = [math.radians(dice.uniform(-most, most)) for most in (9, 8, 5)]
    phases = tuple(dice.uniform(0, math.tau) for _ in range(8))
    return _Habits(dice.uniform(-70, 70), (lean[0], lean[1], lean[2]), phases)


def corners(view: View, now_s: float, seed: int, size: tuple[int, int]) -> Corners:
    habits = _habits(seed)
    away = 1 - view.presence
    sway = waves(now_s, habits.phases)
    turned = rotation(
        habits.lean[0] + 0.02 * sway[0] + 0.7 * away,
        habits.lean[1] + 0.02 * sway[1] + 0.3 * away,
        habits.lean[2] + 0.015 * sway[2] + 0.35 * away,
    )
    width, height = size
    focal = FOCAL * width
    held_mm = focal * HEIGHT_MM / (_SHARE_OF_HEIGHT * height)
    distance = held_mm * (1 + 0.35 * away) * (1 - (1 - _TOO_CLOSE) * view.closeness)
    moved = np.array([habits.from_x * away + 2.2 * sway[3], 260 * away + 1.6 * sway[4], distance])
    points = _picture_corners_mm() @ turned.T + moved
    across = points[:, :2] / points[:, 2:] * focal + np.array([width / 2, height / 2])
    landed: Corners = across.astype(np.float32)
    return landed


def waves(now_s: float, phases: tuple[float, ...]) -> list[float]:
    """Slow swaying in five directions, and on top of the last two the tremor of a hand, 8 to 10 Hz."""
    slow = [
        math.sin(math.tau * rate * now_s + phase)
        for rate, phase in zip((0.31, 0.23, 0.19, 0.27, 0.36), phases, strict=False)
    ]
    slow[3] += 0.09 * math.sin(math.tau * 8.3 * now_s + phases[5])
    slow[4] += 0.09 * math.sin(math.tau * 9.7 * now_s + phases[6])
    return slow


def rotation(x: float, y: float, z: float) -> NDArray[np.float64]:
    (sx, cx), (sy, cy), (sz, cz) = ((math.sin(angle), math.cos(angle)) for angle in (x, y, z))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    turned: NDArray[np.float64] = about_x @ about_y @ about_z
    return turned


def _picture_corners_mm() -> NDArray[np.float64]:
    """The picture with hand and arm reaches further than the phone, whose middle is the origin."""
    middle = np.array([(BODY[0] + BODY[2]) / 2, (BODY[1] + BODY[3]) / 2])
    right, bottom = PICTURE
    ends = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]])
    return np.hstack(((ends - middle) * MM_PER_DOT, np.zeros((4, 1))))
