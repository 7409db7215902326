"""A phone in a hand, showing a wallet's receive screen, as a picture with transparency.

Responsible for: what a person sees on such a screen, light or dark, with the QR code as wallets draw it:
in dark mode light on dark, which many decoders cannot read.
Not responsible for: where in the camera's view it is (`motion.py`).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from hardware_sim.camera.hand import draw_fingers, draw_palm
from hardware_sim.qr_code import qr_modules

WIDTH_MM, HEIGHT_MM = 72, 150  # the body of a common phone

BODY = (140, 60, 676, 1176)  # where the body lies in the picture; the hand has the rest
PICTURE = (816, 1900)

_BEZEL = 16
SCREEN_AT = (BODY[0] + _BEZEL, BODY[1] + _BEZEL)
_SCREEN = (BODY[2] - BODY[0] - 2 * _BEZEL, BODY[3] - BODY[1] - 2 * _BEZEL)
CODE_MIDDLE = (SCREEN_AT[0] + _SCREEN[0] // 2, SCREEN_AT[1] + 464)  # in the picture
_CODE = 470  # the width of the code with its quiet zone, at most
QUIET_MODULES = 4  # ISO/IEC 18004

_Colour = tuple[int, int, int]


class TextTooLong(ValueError):
    """No QR code of the level wallets use holds so much."""


@dataclass(frozen=True)
class _Theme:
    ground: _Colour
    card: _Colour
    module: _Colour
    text: _Colour
    quiet_text: _Colour
    button: _Colour


_LIGHT = _Theme(
    ground=(244, 245, 248), card=(255, 255, 255), module=(12, 12, 14), text=(22, 24, 30),
    quiet_text=(112, 118, 130), button=(226, 229, 236),
)  # fmt: skip
_DARK = _Theme(
    ground=(16, 17, 20), card=(26, 27, 32), module=(240, 241, 244), text=(240, 241, 244),
    quiet_text=(148, 152, 164), button=(48, 50, 58),
)  # fmt: skip
_ACCENT = (247, 147, 26)


@lru_cache(maxsize=4)
def phone(text: str, *, dark: bool, seed: int) -> NDArray[np.uint8]:
    """BGRA, with the colours already multiplied by alpha, ready to be averaged and laid over."""
    code = qr_modules(text.encode(), "M")
    if code is None:
        raise TextTooLong(f"{len(text.encode())} bytes are more than a QR code of level M holds")
    picture = Image.new("RGBA", PICTURE, (0, 0, 0, 0))
    draw_palm(picture, BODY, seed)
    draw_body(picture)
    squares = np.kron(np.pad(code, QUIET_MODULES), np.ones([module_dots(len(code))] * 2))
    screen = receive_screen(text, Image.fromarray((squares * 255).astype(np.uint8)), dark=dark)
    picture.paste(screen, SCREEN_AT, screen_mask())
    draw_fingers(picture, BODY, seed)
    return _premultiplied(picture)


def module_dots(modules: int) -> int:
    """How many dots of the picture a module is wide, for a code of so many modules."""
    return max(_CODE // (modules + 2 * QUIET_MODULES), 1)


def draw_body(picture: Image.Image) -> None:
    pen = ImageDraw.Draw(picture)
    left, top, right, bottom = BODY
    pen.rounded_rectangle(BODY, 74, fill=(58, 60, 66))
    pen.rounded_rectangle((left + 4, top + 4, right - 4, bottom - 4), 70, fill=(8, 8, 10))


def receive_screen(text: str, ink: Image.Image, *, dark: bool) -> Image.Image:
    """The wallet's receive screen. `ink` is the code with its quiet zone, 255 where a module is drawn."""
    theme = _DARK if dark else _LIGHT
    width, height = _SCREEN
    screen = Image.new("RGB", (width, height), theme.ground)
    pen = ImageDraw.Draw(screen)
    middle = width // 2
    _status_bar(pen, width, theme)
    scheme, colon, rest = text.partition(":")
    pen.text((middle, 118), "Receive", theme.text, _font(34), "mm")
    pen.ellipse((middle - 96, 160, middle - 60, 196), fill=_ACCENT)
    coin = scheme.capitalize()[:12] if colon else "Wallet"
    pen.text((middle - 46, 178), coin, theme.quiet_text, _font(28), "lm")
    _code_card(screen, ink, theme)
    address = (rest if colon else text).partition("?")[0]
    for row, piece in enumerate(_pieces(address, 22)[:3]):
        pen.text((middle, 756 + 36 * row), piece, theme.text, _font(25), "mm")
    for label, x in (("Copy", middle - 122), ("Share", middle + 122)):
        pen.rounded_rectangle((x - 108, 896, x + 108, 968), 24, fill=theme.button)
        pen.text((x, 932), label, theme.text, _font(28), "mm")
    pen.rounded_rectangle((middle - 84, 1058, middle + 84, 1066), 4, fill=theme.quiet_text)
    return screen


def _status_bar(pen: ImageDraw.ImageDraw, width: int, theme: _Theme) -> None:
    pen.text((62, 42), "14:32", theme.text, _font(25), "mm")
    pen.ellipse((width // 2 - 13, 28, width // 2 + 13, 54), fill=(0, 0, 0))  # the front camera
    pen.rounded_rectangle((width - 88, 32, width - 48, 52), 6, outline=theme.text, width=2)
    pen.rounded_rectangle((width - 84, 36, width - 62, 48), 3, fill=theme.text)
    for bar in range(4):
        x = width - 130 + 8 * bar
        pen.rectangle((x, 46 - 4 * bar, x + 5, 52), fill=theme.text)


def _code_card(screen: Image.Image, ink: Image.Image, theme: _Theme) -> None:
    x, y = CODE_MIDDLE[0] - SCREEN_AT[0], CODE_MIDDLE[1] - SCREEN_AT[1]
    half = _CODE // 2 + 12
    pen = ImageDraw.Draw(screen)
    pen.rounded_rectangle((x - half, y - half, x + half, y + half), 30, fill=theme.card)
    drawn = Image.composite(
        Image.new("RGB", ink.size, theme.module), Image.new("RGB", ink.size, theme.card), ink
    )
    screen.paste(drawn, (x - drawn.width // 2, y - drawn.height // 2))


def _pieces(text: str, length: int) -> list[str]:
    return [text[at : at + length] for at in range(0, len(text), length)]


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)  # Aileron, which Pillow carries within
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return font


def screen_mask() -> Image.Image:
    """White where the screen shines; its corners are round."""
    mask = Image.new("L", _SCREEN, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, _SCREEN[0] - 1, _SCREEN[1] - 1), 58, fill=255)
    return mask


def _premultiplied(picture: Image.Image) -> NDArray[np.uint8]:
    rgba = np.asarray(picture, dtype=np.uint16)
    colour = rgba[:, :, 2::-1] * rgba[:, :, 3:] // 255
    return np.ascontiguousarray(np.dstack((colour, rgba[:, :, 3])).astype(np.uint8))
