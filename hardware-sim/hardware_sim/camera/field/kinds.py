"""The field's conditions by name, each in three severities.

Responsible for: the numbers, with the physics they stand for.
Not responsible for: pixels (`exposure.py`).
"""

import math
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hardware_sim.camera.field.code import Code
from hardware_sim.camera.field.conditions import Conditions, Flicker, Grid
from hardware_sim.camera.field.texts import any_text, long_text, short_text

Make = Callable[[random.Random, int], Conditions]


def _of(severity: int, *values: float) -> float:
    return values[severity - 1]


def _about(dice: random.Random, value: float) -> float:
    return value * dice.uniform(0.93, 1.07)


def _usual(dice: random.Random, _severity: int) -> Conditions:
    level = dice.choice("LMMMQ")  # wallets' defaults; H goes with a logo
    return Conditions(
        Code(any_text(dice), level),
        module_px=dice.uniform(3.5, 6),
        tilt=math.radians(dice.uniform(0, 9)),
        tilt_axis=dice.uniform(0, math.tau),
        turn=math.radians(dice.uniform(-6, 6)),
    )


def _small(dice: random.Random, severity: int) -> Conditions:
    return replace(_usual(dice, severity), module_px=_of(severity, 2.6, 2.1, 1.7))


def _tilted(dice: random.Random, severity: int) -> Conditions:
    return replace(
        _usual(dice, severity),
        tilt=math.radians(_of(severity, 28, 40, 50)),
        module_px=dice.uniform(4.2, 6),
    )


def _turned(dice: random.Random, severity: int) -> Conditions:
    quarter = math.tau / 4 * dice.randrange(4)
    return replace(
        _usual(dice, severity),
        turn=quarter + math.radians(_about(dice, _of(severity, 12, 27, 44))),
    )


def _defocused(dice: random.Random, severity: int) -> Conditions:
    return replace(
        _usual(dice, severity), defocus_modules=_about(dice, _of(severity, 0.4, 0.58, 0.72))
    )


def _moving(dice: random.Random, severity: int) -> Conditions:
    return replace(
        _usual(dice, severity), smear_modules=_about(dice, _of(severity, 0.8, 1.3, 1.75))
    )


def _glaring(dice: random.Random, severity: int) -> Conditions:
    return replace(_usual(dice, severity), glare=_about(dice, _of(severity, 0.02, 0.05, 0.15)))


def _banded(dice: random.Random, severity: int) -> Conditions:
    """OLED screens switch at about 240 Hz, others at a few hundred; bright shops make exposures short."""
    hz = dice.choice((240, 250, 360, 480)) * dice.uniform(0.985, 1.015)
    flicker = Flicker(
        hz=hz,
        lit=_about(dice, _of(severity, 0.6, 0.58, 0.53)),
        exposure_s=_about(dice, _of(severity, 0.6, 0.54, 0.42)) / hz,
    )
    return replace(_usual(dice, severity), flicker=flicker, screen=0.9)


def _moire(dice: random.Random, severity: int) -> Conditions:
    """A coarse screen, and a sensor that skips rows and columns to make a small frame.

    So the screen's dots are about as wide as the pixels' pitch, and beat with it.
    """
    grid = Grid(
        dots_per_px=dice.uniform(0.97, 1.03) * _of(severity, 1.25, 1.15, 1.08), aperture=0.5
    )
    return replace(_usual(dice, severity), code=Code(short_text(dice), "M"), grid=grid)


def _dim(dice: random.Random, severity: int) -> Conditions:
    return replace(
        _usual(dice, severity), screen=_about(dice, _of(severity, 0.3, 0.17, 0.09)), electrons=2500
    )


def _blooming(dice: random.Random, severity: int) -> Conditions:
    """The camera exposes for a dim shop, and the screen is at its brightest."""
    return replace(
        _usual(dice, severity),
        screen=_about(dice, _of(severity, 2.5, 5, 8)),
        scatter=_of(severity, 0.12, 0.15, 0.17),
        shop=0.3,
    )


def _low_light(dice: random.Random, severity: int) -> Conditions:
    return replace(
        _usual(dice, severity),
        screen=0.4,
        shop=0.12,
        electrons=_about(dice, _of(severity, 2000, 1200, 750)),
    )


def _dark_mode(dice: random.Random, severity: int) -> Conditions:
    usual = _usual(dice, severity)
    return replace(
        usual,
        code=replace(usual.code, dark=True),
        module_px=_of(severity, 5, 4, 3),
        screen=_of(severity, 0.75, 0.6, 0.45),
    )


def _covered(dice: random.Random, severity: int) -> Conditions:
    """A thumb over a corner or a broken glass; the level is one that repairs so much."""
    usual = _usual(dice, severity)
    whole = replace(usual, code=replace(usual.code, level="MQQ"[severity - 1]))
    if dice.random() < 0.5:
        return replace(whole, finger=_about(dice, _of(severity, 0.04, 0.06, 0.09)))
    return replace(whole, cracks=severity)


def _round_with_logo(dice: random.Random, severity: int) -> Conditions:
    code = Code(
        short_text(dice),
        dice.choice("QH") if severity < 3 else "H",
        dot=_of(severity, 0.85, 0.7, 0.5),
        logo=_of(severity, 0.2, 0.24, 0.28),
    )
    return replace(_usual(dice, severity), code=code)


def _squeezed(dice: random.Random, severity: int) -> Conditions:
    return replace(_usual(dice, severity), jpeg=round(_of(severity, 35, 22, 12)))


def _dense(dice: random.Random, severity: int) -> Conditions:
    code = Code(
        long_text(dice, dice.randrange(*((150, 270), (270, 560), (560, 1250))[severity - 1])), "L"
    )
    return replace(_usual(dice, severity), code=code, module_px=dice.uniform(2.4, 3.2))


def _three_at_once(dice: random.Random, severity: int) -> Conditions:
    """Three at a little less than their own strength each."""
    made = replace(_usual(dice, severity), module_px=dice.uniform(3.2, 5))
    chosen = dice.sample(sorted(_MIXED), 3)
    stronger: dict[str, Any] = {
        name: _about(dice, _of(severity, *_MIXED[name])) for name in chosen
    }
    return replace(made, **stronger)


_MIXED = {
    "tilt": (0.35, 0.5, 0.65),
    "defocus_modules": (0.3, 0.45, 0.6),
    "smear_modules": (0.5, 0.8, 1.2),
    "glare": (0.01, 0.03, 0.06),
    "electrons": (1500.0, 900.0, 500.0),
    "screen": (0.35, 0.25, 0.15),
    "finger": (0.01, 0.02, 0.03),
    "module_px": (3.0, 2.6, 2.2),
}

CONDITIONS: dict[str, Make] = {
    "clean": _usual,
    "small modules": _small,
    "tilt": _tilted,
    "rotation": _turned,
    "defocus": _defocused,
    "motion blur": _moving,
    "glare": _glaring,
    "banding": _banded,
    "moire": _moire,
    "dim screen": _dim,
    "bloom": _blooming,
    "low light": _low_light,
    "dark mode": _dark_mode,
    "part covered": _covered,
    "round with logo": _round_with_logo,
    "JPEG": _squeezed,
    "dense": _dense,
    "three at once": _three_at_once,
}
