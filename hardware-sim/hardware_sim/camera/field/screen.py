"""The phone with its code, as light: what it reflects, what it emits, and where it is.

Responsible for: the wallet's screen in the hand with any code, round modules, a logo, a finger over it, cracks.
Not responsible for: where the camera sees it, and how (`exposure.py`).
"""

import math
import random
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from hardware_sim.camera.field.code import Code, Modules, modules_of
from hardware_sim.camera.field.conditions import Conditions
from hardware_sim.camera.hand import draw_fingers, draw_palm
from hardware_sim.camera.phone import (
    BODY,
    CODE_MIDDLE,
    PICTURE,
    QUIET_MODULES,
    SCREEN_AT,
    draw_body,
    module_dots,
    receive_screen,
    screen_mask,
)

Light = NDArray[np.float32]

_LINEAR = ((np.arange(256) / 255) ** 2.2).astype(np.float32)
_FINGER_DOTS = 150  # a fingertip of 20 mm
_FINE = 4  # round modules are drawn so much larger, for smooth rims


@lru_cache(maxsize=4)
def phone_light(made: Conditions, seed: int, *, opposite: bool) -> Light:
    """Rows x columns x (reflected, emitted, opacity, glass), linear, by the dots of phone.PICTURE.

    `opposite` swaps black and white modules: the code that this one must be told from.
    """
    behind, before = _hand(seed)
    modules = modules_of(made.code)
    if made.finger:
        before = before.copy()
        _draw_finger(before, made.finger, len(modules), seed)
    glass = Image.new("L", PICTURE, 0)
    glass.paste(screen_mask(), SCREEN_AT)
    ink = _ink(made.code, ~modules if opposite else modules)
    emitted = Image.new("L", PICTURE, 0)
    emitted.paste(receive_screen(made.code.text, ink, dark=made.code.dark).convert("L"), SCREEN_AT)
    _crack(emitted, made.cracks, len(modules), seed)
    free = 1 - _share(before.getchannel("A"))
    shines = _share(glass) * free
    opacity = 1 - (1 - np.maximum(_share(behind.getchannel("A")), _share(glass))) * free
    reflected = _reflected(behind) * (1 - _share(glass)) * free + _reflected(before)
    return np.dstack((reflected, _linear(emitted) * shines, opacity, shines))


@lru_cache(maxsize=8)
def _hand(seed: int) -> tuple[Image.Image, Image.Image]:
    """What is behind the screen, and what is before it."""
    behind = Image.new("RGBA", PICTURE, (0, 0, 0, 0))
    draw_palm(behind, BODY, seed)
    draw_body(behind)
    before = Image.new("RGBA", PICTURE, (0, 0, 0, 0))
    draw_fingers(before, BODY, seed)
    return behind, before


def _share(mask: Image.Image) -> Light:
    return np.asarray(mask, dtype=np.float32) / np.float32(255)


def _linear(grey: Image.Image) -> Light:
    lit: Light = _LINEAR[np.asarray(grey)]
    return lit


def _reflected(picture: Image.Image) -> Light:
    return _linear(picture.convert("RGB").convert("L")) * _share(picture.getchannel("A"))


def _ink(code: Code, modules: Modules) -> Image.Image:
    """255 where a module is drawn, with the quiet zone around."""
    dots = module_dots(len(modules))
    side = dots * (len(modules) + 2 * QUIET_MODULES)
    if not code.dot:
        squares = np.kron(np.pad(modules, QUIET_MODULES), np.ones((dots, dots)))
        return Image.fromarray((squares * 255).astype(np.uint8))
    fine = Image.new("L", (side * _FINE, side * _FINE), 0)
    pen = ImageDraw.Draw(fine)
    pitch, radius = dots * _FINE, dots * _FINE * code.dot / 2
    for row, column in np.argwhere(np.pad(modules, QUIET_MODULES)):
        x, y = (column + 0.5) * pitch, (row + 0.5) * pitch
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    _rounded_finders(pen, modules, pitch)
    if code.logo:
        half, middle = code.logo * len(modules) * pitch / 2, side * _FINE / 2
        box = (middle - half, middle - half, middle + half, middle + half)
        pen.rounded_rectangle(box, half * 0.3, fill=0)
        pen.ellipse(
            [edge + half * (0.16, 0.16, -0.16, -0.16)[i] for i, edge in enumerate(box)], fill=200
        )
    return fine.resize((side, side), Image.Resampling.BOX)


def _rounded_finders(pen: ImageDraw.ImageDraw, modules: Modules, pitch: int) -> None:
    """Wallets that round their modules round the three eyes as one piece."""
    ink, ground = (255, 0) if modules[0, 0] else (0, 255)
    far = len(modules) - 7
    for row, column in ((0, 0), (0, far), (far, 0)):
        x, y = ((at + QUIET_MODULES) * pitch for at in (column, row))
        for inset, fill in ((0, ink), (1, ground), (2, ink)):
            box = (x + inset * pitch, y + inset * pitch)
            end = (x + (7 - inset) * pitch - 1, y + (7 - inset) * pitch - 1)
            pen.rounded_rectangle((*box, *end), (2 - 0.6 * inset) * pitch, fill=fill)


def _code_side(modules: int) -> int:
    return modules * module_dots(modules)


def _draw_finger(picture: Image.Image, share: float, modules: int, seed: int) -> None:
    """A thumb from below, over the right edge where no finder pattern is."""
    dice = random.Random(f"{seed} finger")  # noqa: S311 (scenery)
    side = _code_side(modules)
    right, bottom = CODE_MIDDLE[0] + side / 2, CODE_MIDDLE[1] + side / 2
    reach = share * side * side / _FINGER_DOTS  # how far the tip reaches over the edge
    along = dice.uniform(0.14, 0.3) * side + _FINGER_DOTS / 4
    tip = (right - reach, bottom - along)
    root = (right + dice.uniform(90, 160), bottom + 600)
    layer = Image.new("RGBA", picture.size, (186, 138, 110, 0))
    pen = ImageDraw.Draw(layer)
    for tint, part in (((150, 104, 80), 1.0), ((178, 130, 102), 0.86), ((196, 148, 120), 0.6)):
        half = _FINGER_DOTS * part / 2
        x, y = tip[0] + _FINGER_DOTS / 2, tip[1]
        pen.line((x, y, *root), fill=(*tint, 255), width=round(2 * half))
        pen.ellipse((x - half, y - half, x + half, y + half), fill=(*tint, 255))
    picture.alpha_composite(layer.filter(ImageFilter.GaussianBlur(2)))


def _crack(emitted: Image.Image, count: int, modules: int, seed: int) -> None:
    """Broken glass: lines where the screen is dark, with a bright rim where the edge catches its light."""
    dice = random.Random(f"{seed} cracks")  # noqa: S311 (scenery)
    side = _code_side(modules)
    width = max(round(0.6 * module_dots(modules)), 2)
    dark, bright = Image.new("L", PICTURE, 255), Image.new("L", PICTURE, 0)
    for _ in range(count):
        x = CODE_MIDDLE[0] + dice.uniform(-0.1, 0.5) * side
        y = CODE_MIDDLE[1] + dice.uniform(0.1, 0.5) * side
        angle = dice.uniform(0, math.tau)
        for step in (-0.9, 0.9):
            _crack_line(dice, (dark, bright), (x, y), (angle, step * side * 0.4), width)
    emitted.paste(ImageChops.lighter(ImageChops.multiply(emitted, dark), bright))


def _crack_line(
    dice: random.Random,
    layers: tuple[Image.Image, Image.Image],
    start: tuple[float, float],
    way: tuple[float, float],
    width: int,
) -> None:
    (x, y), (angle, length) = start, way
    for _ in range(4):
        angle += dice.uniform(-0.35, 0.35)
        end = (x + length / 4 * math.cos(angle), y + length / 4 * math.sin(angle))
        ImageDraw.Draw(layers[0]).line((x, y, *end), fill=30, width=width)
        rim = (x + width / 2, y + width / 2, end[0] + width / 2, end[1] + width / 2)
        ImageDraw.Draw(layers[1]).line(rim, fill=190, width=max(width // 3, 1))
        x, y = end
