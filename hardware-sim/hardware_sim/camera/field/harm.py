"""What hides a part of the code: a thumb over its edge, cracks through the glass."""

import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from hardware_sim.camera.phone import CODE_MIDDLE, PICTURE, module_dots

_FINGER_DOTS = 150  # a fingertip of 20 mm


def draw_finger(picture: Image.Image, share: float, modules: int, seed: int) -> None:
    """A thumb from below, over the right edge where no finder pattern is."""
    dice = random.Random(f"{seed} finger")  # noqa: S311 (scenery)
    side = modules * module_dots(modules)
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


def draw_cracks(emitted: Image.Image, count: int, modules: int, seed: int) -> None:
    """Broken glass: lines where the screen is dark, with a bright rim where the edge catches its light."""
    dice = random.Random(f"{seed} cracks")  # noqa: S311 (scenery)
    side = modules * module_dots(modules)
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
