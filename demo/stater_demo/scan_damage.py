"""Damaged codes: patches overwritten, inverted or moved. What is read must be the text, or nothing."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from drivers.scanner.opencv import cv2
from hardware_sim.camera.field.code import Code, modules_of
from hardware_sim.camera.field.texts import any_text
from stater_demo.scan_readers import Picture

_QUIET_MODULES = 4  # ISO/IEC 18004
_PER_CODE = 50  # drawing a code takes longer than damaging it
_BLOWS_MAX = 8
_WIDEST = 0.45  # of the picture's side: more leaves nothing to be read


@dataclass(frozen=True)
class Damaged:
    name: str  # seed and number, which give it again
    text: str
    picture: Picture


def damaged_codes(count: int, seed: int) -> Iterator[Damaged]:
    for number in range(count):
        code = _code(f"{seed} code {number // _PER_CODE}")
        dice = random.Random(f"{seed} damage {number}")  # noqa: S311 (replayable)
        picture = _drawn(code, dice)
        for _ in range(dice.randint(1, _BLOWS_MAX)):
            _strike(picture, dice)
        yield Damaged(f"seed {seed}, number {number}", code.text, picture)


def _code(seed: str) -> Code:
    dice = random.Random(seed)  # noqa: S311 (replayable)
    return Code(any_text(dice), dice.choice("LMQH"))


def _drawn(code: Code, dice: random.Random) -> Picture:
    light = np.pad(~modules_of(code), _QUIET_MODULES, constant_values=True)
    side = round(len(light) * dice.uniform(2.5, 5))
    grey = np.where(light, dice.randint(150, 255), dice.randint(0, 60)).astype(np.uint8)
    drawn = cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), dice.uniform(0.3, 0.9)), np.uint8)


def _strike(picture: Picture, dice: random.Random) -> None:
    """In place."""
    side = len(picture)
    height, width = (max(round(side * _WIDEST * dice.random() ** 2), 2) for _ in range(2))
    top, left = dice.randrange(side - height), dice.randrange(side - width)
    patch = picture[top : top + height, left : left + width]
    match dice.randrange(4):
        case 0:
            patch[:] = dice.choice((0, 255, dice.randrange(256)))
        case 1:
            patch[:] = np.frombuffer(dice.randbytes(patch.size), np.uint8).reshape(patch.shape)
        case 2:
            patch[:] = 255 - patch
        case _:
            down, aside = dice.randrange(side - height), dice.randrange(side - width)
            patch[:] = picture[down : down + height, aside : aside + width].copy()
