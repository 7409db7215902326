"""The hand around the phone: a palm and an arm behind it, fingertips and a thumb over its edges."""

import random

from PIL import Image, ImageDraw, ImageFilter

_Box = tuple[int, int, int, int]
_Colour = tuple[int, int, int]

_SKIN = ((224, 178, 150), (198, 148, 116), (150, 104, 78), (96, 66, 50))
_SLEEVES = ((44, 56, 84), (70, 72, 76), (112, 44, 48), (50, 84, 72))


def draw_palm(picture: Image.Image, body: _Box, seed: int) -> None:
    skin, sleeve = _colours(seed)
    _, _, right, bottom = body
    layer = _layer(picture, skin)
    pen = ImageDraw.Draw(layer)
    cuff = (right - 170, bottom + 190)
    pen.line((right - 150, bottom - 180, *cuff), fill=_shaded(skin, 0.86), width=250)
    pen.ellipse((right - 330, bottom - 420, right + 70, bottom + 110), fill=_shaded(skin, 0.92))
    pen.line((*cuff, right - 90, picture.height + 120), fill=sleeve, width=360)
    rim = (cuff[0] - 196, cuff[1] - 40, cuff[0] + 206, cuff[1] + 24)
    pen.rounded_rectangle(rim, 24, fill=_shaded(sleeve, 1.2))
    _lay(picture, layer, 4)


def draw_fingers(picture: Image.Image, body: _Box, seed: int) -> None:
    skin, _ = _colours(seed)
    left, top, right, bottom = body
    middle = (top + bottom) // 2
    layer = _layer(picture, skin)
    pen = ImageDraw.Draw(layer)
    for number, reach in enumerate((4, 10, 8, -4)):
        y = middle - 10 + 92 * number
        _capsule(pen, (left - 42, y + 14, left + reach, y), 66, skin)
    _capsule(pen, (right + 44, middle + 210, right + 4, middle - 10), 80, skin)
    _nail(pen, (right - 2, middle - 22), skin)
    _lay(picture, layer, 1.5)


def _colours(seed: int) -> tuple[_Colour, _Colour]:
    dice = random.Random(seed)  # noqa: S311 (scenery)
    return dice.choice(_SKIN), dice.choice(_SLEEVES)


def _capsule(pen: ImageDraw.ImageDraw, line: _Box, width: int, colour: _Colour) -> None:
    """A finger: dark at its rim, light along its back."""
    for shade, share in ((0.74, 1.0), (0.88, 0.86), (1.0, 0.64), (1.06, 0.3)):
        half = width * share / 2
        tint = _shaded(colour, shade)
        pen.line(line, fill=tint, width=round(2 * half))
        for x, y in (line[:2], line[2:]):
            pen.ellipse((x - half, y - half, x + half, y + half), fill=tint)


def _nail(pen: ImageDraw.ImageDraw, middle: tuple[int, int], skin: _Colour) -> None:
    x, y = middle
    pen.rounded_rectangle((x - 17, y - 26, x + 15, y + 12), 14, fill=_shaded(skin, 1.16))


def _shaded(colour: _Colour, by: float) -> _Colour:
    red, green, blue = (min(round(value * by), 255) for value in colour)
    return red, green, blue


def _layer(picture: Image.Image, skin: _Colour) -> Image.Image:
    return Image.new("RGBA", picture.size, (*skin, 0))  # so that softened rims do not turn black


def _lay(picture: Image.Image, layer: Image.Image, softness: float) -> None:
    picture.alpha_composite(layer.filter(ImageFilter.GaussianBlur(softness)))
