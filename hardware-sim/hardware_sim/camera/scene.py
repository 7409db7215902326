"""One frame of the camera, as a pure function of the stage, the time and a seed.

Responsible for: pixels: the phone in perspective, blurred by its movement during the exposure, the
sensor's noise and its wandering exposure.
Not responsible for: who holds what when (`stage.py`).
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hardware_sim.camera.motion import Corners, View, corners
from hardware_sim.camera.opencv import Frame, cv2
from hardware_sim.camera.phone import PICTURE, phone
from hardware_sim.camera.shop import shop
from hardware_sim.camera.stage import Stage

_EXPOSURE_S = 1 / 60
_MOST_EXPOSURES = 10  # parts a smear is made of
_NOISE = 3.0  # of 255, one sigma
_NOISE_SPARE = 64  # the noise is one large sheet, moved about under the frame
_BEHIND_A_HAND = (9, 7, 8)  # next to nothing gets through
_DEFOCUS = 0.025  # of the frame's height, when too close

_PICTURE_CORNERS = np.array(
    [[0, 0], [PICTURE[0], 0], [PICTURE[0], PICTURE[1]], [0, PICTURE[1]]], dtype=np.float32
)


@dataclass(frozen=True)
class Lens:
    """The camera: its frame's size, and the seed of all that is left to chance."""

    size: tuple[int, int] = (1280, 720)
    seed: int = 1

    def frame(self, stage: Stage, now_s: float) -> Frame:
        width, height = self.size
        view = stage.view(now_s)
        if stage.covered:
            dark: Frame = np.full((height, width, 3), _BEHIND_A_HAND, dtype=np.uint8)
            return self._sensed(dark, view, now_s)
        seen = shop(width, height, self.seed).copy()
        if view.presence > 0:
            self._lay_phone(seen, stage, now_s)
        return self._sensed(seen, view, now_s)

    def _lay_phone(self, seen: Frame, stage: Stage, now_s: float) -> None:
        if stage.showing is None:
            return
        picture = phone(stage.showing.text, dark=stage.showing.dark, seed=self.seed)
        view = stage.view(now_s)
        begin, end = (
            corners(stage.view(at_s), at_s, self.seed, self.size)
            for at_s in (now_s, now_s + _EXPOSURE_S)
        )
        window = _window(begin, end, self.size)
        if window is None:
            return
        left, top, right, bottom = window
        part = seen[top:bottom, left:right]
        layer = _exposed(picture, begin - (left, top), end - (left, top), part.shape[:2])
        if view.closeness > 0:
            sigma = max(_DEFOCUS * self.size[1] * view.closeness, 0.1)
            layer = cv2.GaussianBlur(layer, (0, 0), sigma)
        unseen = cv2.cvtColor(255 - layer[:, :, 3], cv2.COLOR_GRAY2BGR)
        part[:] = cv2.add(cv2.multiply(part, unseen, scale=1 / 255), layer[:, :, :3])

    def _sensed(self, seen: Frame, view: View, now_s: float) -> Frame:
        gain = 1 + 0.04 * math.sin(0.9 * now_s + self.seed) - 0.08 * view.presence
        frame_number = int(now_s * 1000)
        dice = np.random.default_rng((self.seed, frame_number))
        x, y = dice.integers(0, _NOISE_SPARE, 2)
        width, height = self.size
        noise = _noise(width, height, self.seed)[y : y + height, x : x + width]
        return cv2.addWeighted(seen, gain, noise, 1, -128)


def _window(
    begin: Corners, end: Corners, size: tuple[int, int]
) -> tuple[int, int, int, int] | None:
    """The part of the frame that the picture touches: left, top, right, bottom."""
    both = np.vstack((begin, end))
    left, top = (max(math.floor(value), 0) for value in both.min(axis=0))
    right, bottom = (
        min(math.ceil(value), edge) for value, edge in zip(both.max(axis=0), size, strict=True)
    )
    return (left, top, right, bottom) if left < right and top < bottom else None


def _exposed(picture: Frame, begin: Corners, end: Corners, shape: tuple[int, ...]) -> Frame:
    """The picture where it was at several instants of the exposure, averaged."""
    way = float(np.abs(end - begin).max())
    count = min(max(round(way / 1.5), 1), _MOST_EXPOSURES)
    total = np.zeros((*shape, 4), dtype=np.float32)
    for step in range(count):
        share = (step + 0.5) / count
        at = (begin + (end - begin) * share).astype(np.float32)
        onto = cv2.getPerspectiveTransform(_PICTURE_CORNERS, at)
        placed = cv2.warpPerspective(picture, onto, (shape[1], shape[0]), flags=cv2.INTER_LINEAR)
        if count == 1:
            return placed
        cv2.accumulate(placed, total)
    return (total / count).astype(np.uint8)


@lru_cache(maxsize=2)
def _noise(width: int, height: int, seed: int) -> Frame:
    """Noise about the grey of 128, mostly in brightness, a little in colour."""
    dice = np.random.default_rng(seed)
    rows, columns = height + _NOISE_SPARE, width + _NOISE_SPARE
    brightness = dice.normal(0, _NOISE, (rows, columns, 1)).astype(np.float32)
    colour = dice.normal(0, _NOISE / 3, (rows, columns, 3)).astype(np.float32)
    sheet: Frame = np.clip(128 + brightness + colour, 0, 255).astype(np.uint8)
    return sheet
