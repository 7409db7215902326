"""From the phone's dots to the camera's pixels.

Responsible for: what falls on each pixel, where the lens is perfect; and moire, which is born here: dots of the screen
sampled by pixels that see a part of their pitch.
"""

import math

import numpy as np

from hardware_sim.camera.field.conditions import Shot
from hardware_sim.camera.field.pose import Matrix, landed
from hardware_sim.camera.field.screen import Light
from hardware_sim.camera.opencv import cv2
from hardware_sim.camera.phone import CODE_MIDDLE, PICTURE

_SHARP_LENS_SIGMA_PX = 0.08  # where pixels are skipped, the lens is sharper than what is left
_SUPER, _SUPER_GRID = 2, 4


def placed_in_frame(light: Light, onto: Matrix, shot: Shot) -> Light:
    """Each pixel sees the mean of what falls on its light-sensitive part."""
    grid, (width, height) = shot.made.grid, shot.size
    left, top, right, bottom = _window(onto, shot.size)
    fine = _SUPER if grid is None else _SUPER_GRID
    to_fine = _scaled(fine) @ np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ onto
    shape = ((right - left) * fine, (bottom - top) * fine)
    few = min(1.3 * fine / _dots_per_px(onto), 1.0)  # no more dots than are looked at
    source = cv2.resize(light, None, fx=few, fy=few, interpolation=cv2.INTER_AREA)
    drawn = cv2.warpPerspective(source, to_fine @ _scaled(1 / few), shape)
    if grid is None:
        drawn = cv2.resize(drawn, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    else:
        pitch = _dots_per_px(onto) / grid.dots_per_px
        drawn[:, :, 1] = drawn[:, :, 1] * _dots_of_the_screen(to_fine, pitch, shape)
        drawn = cv2.GaussianBlur(drawn, (0, 0), _SHARP_LENS_SIGMA_PX * fine)
        side = round(fine * grid.aperture)
        drawn = cv2.blur(drawn, (side, side))[fine // 2 :: fine, fine // 2 :: fine]
    placed = np.zeros((height, width, 4), np.float32)
    placed[top:bottom, left:right] = drawn
    return placed


def _scaled(by: float) -> Matrix:
    """From one raster to another: it is the corners of pixels that coincide, not their middles."""
    middle = by / 2 - 0.5
    return np.array([[by, 0, middle], [0, by, middle], [0, 0, 1]])


def _window(onto: Matrix, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The part of the frame that the phone's picture touches."""
    width, height = PICTURE
    ends = landed(onto, np.array([[0, 0], [width, 0], [width, height], [0, height]], float))
    left, top = np.clip(np.floor(ends.min(axis=0)), 0, size).astype(int)
    right, bottom = np.clip(np.ceil(ends.max(axis=0)), 0, size).astype(int)
    return int(left), int(top), int(right), int(bottom)


def _dots_per_px(onto: Matrix) -> float:
    """Of the phone's picture, in the middle of the code."""
    (x0, y0), (x1, y1) = landed(onto, np.array([CODE_MIDDLE, np.add(CODE_MIDDLE, (10, 0))], float))
    return 10 / math.hypot(x1 - x0, y1 - y0)


def _dots_of_the_screen(onto: Matrix, pitch: float, shape: tuple[int, int]) -> Light:
    """Three stripes of unequal brightness and a dark gap: the first waves of that pattern, per dot."""
    back = np.linalg.inv(onto)
    x, y = (
        np.arange(shape[0], dtype=np.float32)[None, :],
        np.arange(shape[1], dtype=np.float32)[:, None],
    )
    below = (back[2, 0] * x + back[2, 1] * y + back[2, 2]).astype(np.float32)
    u = (back[0, 0] * x + back[0, 1] * y + back[0, 2]).astype(np.float32) / below
    v = (back[1, 0] * x + back[1, 1] * y + back[1, 2]).astype(np.float32) / below
    turn = np.float32(math.tau / pitch)
    pattern: Light = (1 + 0.69 * np.cos(turn * u)) * (1 + 0.6 * np.cos(turn * v))
    return pattern
