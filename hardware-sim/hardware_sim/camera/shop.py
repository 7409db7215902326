"""The shop behind the customer: shelves of coloured goods, out of focus. Drawn from a seed."""

import random
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from hardware_sim.camera.opencv import Frame

_WIDTH, _HEIGHT = 640, 360  # it is out of focus: half the size loses nothing
_WALL = (150, 146, 138)
_BOARD, _BOARD_EDGE = (96, 74, 54), (128, 100, 74)
_GOODS = (
    (172, 48, 40), (214, 160, 58), (46, 92, 150), (62, 122, 76), (222, 216, 202),
    (108, 62, 118), (60, 58, 62), (196, 104, 48), (140, 176, 190), (190, 176, 148),
)  # fmt: skip


@lru_cache(maxsize=2)
def shop(width: int, height: int, seed: int) -> Frame:
    dice = random.Random(seed)  # noqa: S311 (scenery)
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), _WALL)
    pen = ImageDraw.Draw(picture)
    _lamps(pen, dice)
    for board in (128, 222, 316):
        _goods(pen, dice, board)
        pen.rectangle((0, board, _WIDTH, board + 12), fill=_BOARD)
        pen.rectangle((0, board, _WIDTH, board + 3), fill=_BOARD_EDGE)
    soft = picture.filter(ImageFilter.GaussianBlur(3.5)).resize((width, height))
    lit = np.asarray(soft, dtype=np.float32)[:, :, ::-1] * _falling_light(width, height)
    bright: Frame = np.clip(lit, 0, 255).astype(np.uint8)
    return bright


def _lamps(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    pen.rectangle((0, 0, _WIDTH, 34), fill=(176, 174, 168))
    for x in range(dice.randrange(60), _WIDTH, 150):
        pen.rounded_rectangle((x, 8, x + 84, 20), 6, fill=(255, 252, 240))


def _goods(pen: ImageDraw.ImageDraw, dice: random.Random, board: int) -> None:
    x = dice.randrange(-10, 6)
    while x < _WIDTH:
        width, height = dice.randrange(16, 44), dice.randrange(34, 72)
        colour = dice.choice(_GOODS)
        for _ in range(dice.randrange(1, 5)):  # the same thing stands there several times
            pen.rounded_rectangle((x, board - height, x + width, board), 3, fill=colour)
            label = board - height + height // 3
            pale = tuple(min(value + 60, 255) for value in colour)
            pen.rectangle((x + 3, label, x + width - 3, label + height // 4), fill=pale)
            x += width + 2
        x += dice.randrange(0, 18)


def _falling_light(width: int, height: int) -> NDArray[np.float32]:
    """Brighter above, darker towards the corners, as through a small wide lens."""
    down = np.linspace(-0.7, 1.0, height, dtype=np.float32)[:, None, None]
    across = np.linspace(-1.0, 1.0, width, dtype=np.float32)[None, :, None]
    light: NDArray[np.float32] = 0.92 - 0.22 * down * down - 0.16 * across * across
    return light
