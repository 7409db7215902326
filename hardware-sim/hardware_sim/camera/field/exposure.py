"""One frame: light through lens and glass onto rows of pixels, and what the camera makes of it.

Responsible for: pixels, in the order in which nature does it: emission and reflection, sampling by pixels of a
size, blur, scattered light, the rolling shutter, saturation, noise, gamma, JPEG.
Not responsible for: how strong anything is (`conditions.py`), and where (`pose.py`).
"""

import math
import random
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hardware_sim.camera.field.code import modules_of
from hardware_sim.camera.field.conditions import Conditions, Flicker, Shot
from hardware_sim.camera.field.pose import Matrix, Pose, landed, pose
from hardware_sim.camera.field.screen import Light, phone_light
from hardware_sim.camera.motion import MM_PER_DOT
from hardware_sim.camera.opencv import cv2
from hardware_sim.camera.phone import CODE_MIDDLE, PICTURE, module_dots
from hardware_sim.camera.shop import shop

Grey = NDArray[np.uint8]

GAMMA: Final = 2.2
_READ_NOISE = 7.0  # electrons
_LENS_SIGMA_PX = 0.4  # a sharp lens is about as sharp as its pixels
_SHARP_LENS_SIGMA_PX = 0.08  # where pixels are skipped, the lens is sharper than what is left
_SUPER, _SUPER_GRID = 2, 4
_HANDS = 5  # and as many shops
_REFLECTANCE = 0.03  # of a screen that is off
_READOUT_S = 1 / 33  # from a frame's first row to its last
_LAMP = 7.0  # mirrored lamps saturate
_LAMP_LEVER_MM = 330.0  # the image's way for a radian: twice the turn, seen from a lamp far away


def exposed(shot: Shot, *, opposite: bool = False, noise: bool = True) -> Grey:
    """The same shot gives the same pixels. `opposite` has the code's black and white swapped."""
    made = shot.made
    held = pose(shot)
    light = phone_light(made, shot.seed % _HANDS, opposite=opposite)
    reflected, emitted, opacity, glass = cv2.split(_placed(light, held.onto, shot))
    behind = _shop(*shot.size, shot.seed % _HANDS)
    lit = made.shop * (behind * (1 - opacity) + reflected + _REFLECTANCE * glass)
    if made.glare:
        lit += glass * _lamp(shot, held)
    shining = made.screen * emitted
    if made.flicker is None:
        sensed = _through_lens(lit + shining, made, held)
    else:
        rows = _bars(made.flicker, shot)[:, None]
        sensed = _through_lens(lit, made, held) + _through_lens(shining, made, held) * rows
    sensed = _scattered(sensed, made)
    return _developed(_grained(sensed, shot) if noise else sensed, made)


def _placed(light: Light, onto: Matrix, shot: Shot) -> Light:
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


def _lamp(shot: Shot, held: Pose) -> Light:
    """The mirror image of a lamp. It wanders over the glass as the phone sways."""
    dice = random.Random(f"{shot.seed} lamp")  # noqa: S311 (scenery)
    modules = len(modules_of(shot.made.code))
    side = modules * module_dots(modules)
    offset = np.array([dice.uniform(-0.3, 0.3), dice.uniform(-0.3, 0.3)]) * side
    wandered = np.array([held.sway[1], -held.sway[0]]) * _LAMP_LEVER_MM / MM_PER_DOT
    middle = np.add(CODE_MIDDLE, offset + wandered)
    stretch, angle = dice.uniform(1.0, 2.2), dice.uniform(0, math.pi)
    radius = (
        math.sqrt(shot.made.glare / math.pi) * side * 0.87
    )  # the brightest part saturates beyond it
    (x0, y0), (x1, _) = landed(held.onto, np.array([middle, middle + np.array((radius, 0))]))
    radius_px = max(abs(x1 - x0), 1.0)
    x = np.arange(shot.size[0], dtype=np.float32)[None, :] - np.float32(x0)
    y = np.arange(shot.size[1], dtype=np.float32)[:, None] - np.float32(y0)
    along = (x * math.cos(angle) + y * math.sin(angle)) / (radius_px * math.sqrt(stretch))
    across = (y * math.cos(angle) - x * math.sin(angle)) / (radius_px / math.sqrt(stretch))
    away = along * along + across * across
    spot: Light = _LAMP * np.exp(-(away**2)) + 0.35 * np.exp(-away / 8)
    return spot.astype(np.float32)


def _bars(flicker: Flicker, shot: Shot) -> Light:
    """The share of light that each row gets: rows begin one after another, the screen is lit in turns."""
    phase = random.Random(f"{shot.seed} flicker").random()  # noqa: S311 (scenery)
    height = shot.size[1]
    row_s = np.arange(height) * (_READOUT_S / height)
    begins = (shot.now_s + row_s) * flicker.hz + phase  # in periods
    lasts = flicker.exposure_s * flicker.hz
    whole, part = np.divmod(np.stack((begins, begins + lasts)), 1.0)
    lit_before = whole * flicker.lit + np.minimum(part, flicker.lit)
    share: Light = ((lit_before[1] - lit_before[0]) / lasts).astype(np.float32)
    return share


def _through_lens(light: Light, made: Conditions, held: Pose) -> Light:
    if made.grid is None:
        light = _light(cv2.GaussianBlur(light, (0, 0), _LENS_SIGMA_PX))
    if made.defocus_modules:
        light = _light(cv2.filter2D(light, -1, _disc(made.defocus_modules * made.module_px)))
    if math.hypot(*held.smear) > 0.5:
        light = _light(cv2.filter2D(light, -1, _line(*held.smear)))
    return light


def _light(array: NDArray[Any]) -> Light:
    return np.asarray(array, dtype=np.float32)


@lru_cache(maxsize=32)
def _disc(radius: float) -> Light:
    half = math.ceil(radius + 0.5)
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    return _light(disc / disc.sum())


def _line(x: float, y: float) -> Light:
    half = math.ceil(max(abs(x), abs(y)) / 2 + 1)
    line = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    for share in np.linspace(-0.5, 0.5, 8 * half):
        column, row = half + share * x, half + share * y
        left, top = math.floor(column), math.floor(row)
        for at_x, at_y in ((left, top), (left + 1, top), (left, top + 1), (left + 1, top + 1)):
            line[at_y, at_x] += (1 - abs(column - at_x)) * (1 - abs(row - at_y))
    return _light(line / line.sum())


def _scattered(light: Light, made: Conditions) -> Light:
    """Half of what is scattered stays near, the rest is everywhere."""
    near = cv2.GaussianBlur(light, (0, 0), 1.2 * made.module_px)
    everywhere = float(light.mean())
    return _light((1 - made.scatter) * light + made.scatter / 2 * (near + everywhere))


def _grained(light: Light, shot: Shot) -> Light:
    """Light comes in electrons, and reading them out adds some."""
    dice = np.random.default_rng((shot.seed, round(shot.now_s * 1000)))
    return light + dice.standard_normal(light.shape, np.float32) * sigma(light, shot.made)


def sigma(light: Light, made: Conditions) -> Light:
    """Of one pixel's noise, as light."""
    return _light(np.sqrt(light / made.electrons + (_READ_NOISE / made.electrons) ** 2))


def _developed(light: Light, made: Conditions) -> Grey:
    grey = (255 * np.clip(light, 0, 1) ** np.float32(1 / GAMMA)).round().astype(np.uint8)
    _, sent = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, made.jpeg])
    return np.asarray(cv2.imdecode(sent, cv2.IMREAD_GRAYSCALE), np.uint8)


@lru_cache(maxsize=8)
def _shop(width: int, height: int, seed: int) -> Light:
    grey = cv2.cvtColor(shop(width, height, seed), cv2.COLOR_BGR2GRAY)
    return _light((grey / 255) ** GAMMA)
