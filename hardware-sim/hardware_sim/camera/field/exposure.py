"""One frame: light through lens and glass onto rows of pixels, and what the camera makes of it.

Responsible for: pixels, in the order in which nature does it: emission and reflection, sampling by pixels of a
size, blur, scattered light, the rolling shutter, saturation, noise, gamma, JPEG.
Not responsible for: how strong anything is (`conditions.py`), and where (`pose.py`).
"""

import math
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hardware_sim.camera.field.conditions import Conditions, Shot
from hardware_sim.camera.field.disturbances import bars_of_rows, lamp_light
from hardware_sim.camera.field.pose import Pose, pose
from hardware_sim.camera.field.raster import placed_in_frame
from hardware_sim.camera.field.screen import Light, phone_light
from hardware_sim.camera.opencv import cv2
from hardware_sim.camera.shop import shop

Grey = NDArray[np.uint8]

GAMMA: Final = 2.2
_READ_NOISE = 7.0  # electrons
_LENS_SIGMA_PX = 0.4  # a sharp lens is about as sharp as its pixels
_HANDS = 5  # and as many shops
_REFLECTANCE = 0.03  # of a screen that is off


def exposed(shot: Shot, *, opposite: bool = False, noise: bool = True) -> Grey:
    """The same shot gives the same pixels. `opposite` has the code's black and white swapped."""
    made = shot.made
    held = pose(shot)
    light = phone_light(made, shot.seed % _HANDS, opposite=opposite)
    reflected, emitted, opacity, glass = cv2.split(placed_in_frame(light, held.onto, shot))
    behind = _shop(*shot.size, shot.seed % _HANDS)
    lit = made.shop * (behind * (1 - opacity) + reflected + _REFLECTANCE * glass)
    if made.glare:
        lit += glass * lamp_light(shot, held)
    shining = made.screen * emitted
    if made.flicker is None:
        sensed = _through_lens(lit + shining, made, held)
    else:
        rows = bars_of_rows(made.flicker, shot)[:, None]
        sensed = _through_lens(lit, made, held) + _through_lens(shining, made, held) * rows
    sensed = _scattered(sensed, made)
    return _developed(_grained(sensed, shot) if noise else sensed, made)


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
