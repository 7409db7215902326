"""How a wallet draws its code: square modules or round ones, with a logo or without."""

import numpy as np
from PIL import Image, ImageDraw

from hardware_sim.camera.field.code import Code, Modules
from hardware_sim.camera.phone import QUIET_MODULES, module_dots

_FINE = 4  # round modules are drawn so much larger, for smooth rims


def drawn_ink(code: Code, modules: Modules) -> Image.Image:
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
        _draw_logo(pen, side * _FINE // 2, code.logo * len(modules) * pitch / 2)
    return fine.resize((side, side), Image.Resampling.BOX)


def _draw_logo(pen: ImageDraw.ImageDraw, middle: float, half: float) -> None:
    pen.rounded_rectangle((*[middle - half] * 2, *[middle + half] * 2), half * 0.3, fill=0)
    coin = 0.84 * half
    pen.ellipse((*[middle - coin] * 2, *[middle + coin] * 2), fill=200)


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
