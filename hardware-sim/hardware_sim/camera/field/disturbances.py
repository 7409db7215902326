"""Light that comes and goes: the mirror image of a lamp, and a screen that is switched on and off."""

import math
import random

import numpy as np

from hardware_sim.camera.field.code import modules_of
from hardware_sim.camera.field.conditions import Flicker, Shot
from hardware_sim.camera.field.pose import Pose, landed
from hardware_sim.camera.field.screen import Light
from hardware_sim.camera.motion import MM_PER_DOT
from hardware_sim.camera.phone import CODE_MIDDLE, module_dots

_LAMP = 7.0  # times what saturates a pixel
_SATURATED = 0.87  # the spot saturates a little beyond its radius
_LEVER_MM = 330.0  # the image's way for a radian: twice the turn, seen from a lamp far away
_READOUT_S = 1 / 33  # from a frame's first row to its last


def lamp_light(shot: Shot, held: Pose) -> Light:
    """The mirror image of a lamp. It wanders over the glass as the phone sways."""
    dice = random.Random(f"{shot.seed} lamp")  # noqa: S311 (scenery)
    modules = len(modules_of(shot.made.code))
    side = modules * module_dots(modules)
    offset = np.array([dice.uniform(-0.3, 0.3), dice.uniform(-0.3, 0.3)]) * side
    wandered = np.array([held.sway[1], -held.sway[0]]) * _LEVER_MM / MM_PER_DOT
    middle = np.add(CODE_MIDDLE, offset + wandered)
    stretch, angle = dice.uniform(1.0, 2.2), dice.uniform(0, math.pi)
    radius = math.sqrt(shot.made.glare / math.pi) * side * _SATURATED
    (x0, y0), (x1, y1) = landed(held.onto, np.array([middle, middle + np.array((radius, 0))]))
    radius_px = math.hypot(x1 - x0, y1 - y0)
    x = np.arange(shot.size[0], dtype=np.float32)[None, :] - np.float32(x0)
    y = np.arange(shot.size[1], dtype=np.float32)[:, None] - np.float32(y0)
    along = (x * math.cos(angle) + y * math.sin(angle)) / (radius_px * math.sqrt(stretch))
    across = (y * math.cos(angle) - x * math.sin(angle)) / (radius_px / math.sqrt(stretch))
    away = along * along + across * across
    halo = 0.35 * np.exp(-away / 8)
    return np.asarray(_LAMP * np.exp(-(away**2)) + halo, np.float32)


def bars_of_rows(flicker: Flicker, shot: Shot) -> Light:
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
