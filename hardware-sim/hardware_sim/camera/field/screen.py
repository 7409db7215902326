"""The phone with its code, as light: what it reflects, what it emits, and where it is.

Responsible for: the wallet's screen in the hand, and what hides a part of it.
Not responsible for: where the camera sees it, and how (`exposure.py`).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hardware_sim.camera.field.code import modules_of
from hardware_sim.camera.field.conditions import Conditions
from hardware_sim.camera.field.harm import draw_cracks, draw_finger
from hardware_sim.camera.field.ink import drawn_ink
from hardware_sim.camera.hand import draw_fingers, draw_palm
from hardware_sim.camera.phone import (
    BODY,
    PICTURE,
    SCREEN_AT,
    draw_body,
    receive_screen,
    screen_mask,
)

Light = NDArray[np.float32]

_LINEAR = ((np.arange(256) / 255) ** 2.2).astype(np.float32)


@lru_cache(maxsize=4)
def phone_light(made: Conditions, seed: int, *, opposite: bool) -> Light:
    """Rows x columns x (reflected, emitted, opacity, glass), linear, by the dots of phone.PICTURE.

    `opposite` swaps black and white modules: the code that this one must be told from.
    """
    behind, before = _hand(seed)
    modules = modules_of(made.code)
    if made.finger:
        before = before.copy()
        draw_finger(before, made.finger, len(modules), seed)
    glass = Image.new("L", PICTURE, 0)
    glass.paste(screen_mask(), SCREEN_AT)
    ink = drawn_ink(made.code, ~modules if opposite else modules)
    emitted = Image.new("L", PICTURE, 0)
    emitted.paste(receive_screen(made.code.text, ink, dark=made.code.dark).convert("L"), SCREEN_AT)
    draw_cracks(emitted, made.cracks, len(modules), seed)
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
