"""The paper that comes out: dots and words gathered row by row, cut into receipts, drawn as pictures.

Responsible for: what lies between head and blade at a cut, and the look of thermal paper.
"""

import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from hardware_sim.printer.dots import HEAD_DOTS, HEAD_TO_BLADE_DOTS, blank

_PAPER_DOTS = 640  # 80 mm
_MARGIN = (_PAPER_DOTS - HEAD_DOTS) // 2
_AROUND = 36  # of the counter it lies on
_SHADOW = 10
_COUNTER = (203, 205, 208)
_WHITE = (251, 250, 246)
_INK = (38, 37, 44)
_TOOTH, _TOOTH_PITCH = 3, 5  # the blade's saw, in dots
_NUB = 14  # what a partial cut leaves standing, in dots


@dataclass(frozen=True)
class Receipt:
    dots: Image.Image
    lines: tuple[str, ...]
    partial: bool

    @property
    def text(self) -> str:
        """One line of words a line of paper, without the blank ones fed before the cut."""
        return "\n".join(self.lines).rstrip() + "\n"

    def picture(self) -> Image.Image:
        """A photograph, nearly: a dot a pixel, the paper on a counter."""
        shape = _outline(self.dots.height, partial=self.partial)
        paper = Image.new("RGB", shape.size, _WHITE)
        ink = Image.new("L", shape.size, 0)
        ink.paste(self.dots.convert("L"), (_MARGIN, 0))
        paper.paste(_INK, (0, 0), ink.filter(ImageFilter.GaussianBlur(0.45)))
        return _laid_on_counter(paper, shape)


class Paper:
    """What has passed the head and is not yet cut off."""

    def __init__(self) -> None:
        self._bands: list[Image.Image] = [blank(HEAD_DOTS, HEAD_TO_BLADE_DOTS)]
        self._height = HEAD_TO_BLADE_DOTS
        self._lines: list[tuple[int, str]] = []  # and the row each stands on

    def advance(self, dots: int, ink: Image.Image | None, text: str | None) -> None:
        if text is not None:
            self._lines.append((self._height, text))
        if dots:
            band = blank(HEAD_DOTS, dots)
            if ink is not None:
                band.paste(ink, (0, 0))
            self._bands.append(band)
            self._height += dots

    def cut(self, *, partial: bool) -> Receipt | None:
        """The blade stands above the head: the last 12 mm stay, as the top of the next receipt.

        A cut before anything has come out leaves nothing in the hand.
        """
        if self._height == HEAD_TO_BLADE_DOTS:
            return None
        whole = blank(HEAD_DOTS, self._height)
        row = 0
        for band in self._bands:
            whole.paste(band, (0, row))
            row += band.height
        at = self._height - HEAD_TO_BLADE_DOTS
        gone = tuple(text for row, text in self._lines if row < at)
        self._lines = [(row - at, text) for row, text in self._lines if row >= at]
        self._bands = [whole.crop((0, at, HEAD_DOTS, self._height))]
        self._height = HEAD_TO_BLADE_DOTS
        return Receipt(whole.crop((0, 0, HEAD_DOTS, at)), gone, partial)


def _outline(height: int, *, partial: bool) -> Image.Image:
    """The paper's shape: straight sides, and the fine saw of the blade above and below."""
    shape = Image.new("L", (_PAPER_DOTS, height), 0)
    pitch = range(0, _PAPER_DOTS + 1, _TOOTH_PITCH)
    bite = [_TOOTH if x // _TOOTH_PITCH % 2 else 0 for x in pitch]
    top = list(zip(pitch, bite, strict=True))
    bottom = [(x, height - 1 - depth) for x, depth in top]
    pen = ImageDraw.Draw(shape)
    pen.polygon([*top, *reversed(bottom)], fill=255)
    if partial:  # torn off by hand at the one place the blade left standing
        tear = random.Random(height)  # noqa: S311 (the look of an edge)
        middle = _PAPER_DOTS // 2
        for x in range(middle - _NUB // 2, middle + _NUB // 2):
            pen.line((x, height - 6, x, height - 1 - tear.randrange(2)), fill=255)
            pen.line((x, 0, x, tear.randrange(4)), fill=0)
    return shape


def _laid_on_counter(paper: Image.Image, shape: Image.Image) -> Image.Image:
    size = (paper.width + 2 * _AROUND, paper.height + 2 * _AROUND)
    picture = Image.new("RGB", size, _COUNTER)
    shadow = Image.new("L", size, 0)
    shadow.paste(shape.point(lambda value: value // 3), (_AROUND, _AROUND + _SHADOW // 2))
    picture.paste((60, 62, 68), (0, 0), shadow.filter(ImageFilter.GaussianBlur(_SHADOW)))
    picture.paste(ImageChops.multiply(paper, _light(paper.size)), (_AROUND, _AROUND), shape)
    return picture


def _light(size: tuple[int, int]) -> Image.Image:
    """A receipt curls a little: its sides are darker than its middle."""
    row = Image.new("L", (size[0], 1))
    half = size[0] / 2
    row.putdata([255 - round(14 * abs((x - half) / half) ** 3) for x in range(size[0])])
    return row.resize(size).convert("RGB")
