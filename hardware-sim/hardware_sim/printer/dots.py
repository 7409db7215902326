"""Dots on a bilevel canvas: characters, pictures and QR symbols, where 1 is black.

Responsible for: the shape of each thing at the printer's true dot sizes (8 dots a millimetre).
Not responsible for: where it goes on the line.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files

from PIL import Image, ImageChops, ImageDraw, ImageFont

from hardware_sim.qr_code import qr_modules

DOTS_PER_MM = 8
HEAD_DOTS = 576  # 72 mm of an 80 mm roll
HEAD_TO_BLADE_DOTS = 96  # 12 mm: what is printed must travel so far before it can be cut off

_CELLS = {
    "A": (12, 24, 20),
    "B": (9, 17, 15),
}  # width, height in dots, and the type size that fills it


@dataclass(frozen=True)
class Style:
    font: str = "A"
    bold: bool = False
    underline: int = 0  # its thickness in dots
    width: int = 1
    height: int = 1
    reverse: bool = False

    @property
    def cell(self) -> tuple[int, int]:
        width, height, _ = _CELLS[self.font]
        return width * self.width, height * self.height


def blank(width: int, height: int) -> Image.Image:
    return Image.new("1", (width, height), 0)


@lru_cache(maxsize=2048)
def glyph(character: str, style: Style) -> Image.Image:
    width, height, _ = _CELLS[style.font]
    cell = blank(width, height)
    pen = ImageDraw.Draw(cell)
    pen.fontmode = "1"  # a print head has no grey
    pen.text(
        (width / 2, height * 19 // 24), character, fill=255, font=_type(style.font), anchor="ms"
    )
    if style.bold:
        cell.paste(255, (1, 0), cell.copy())  # struck twice, a dot apart
    cell = cell.resize(style.cell, Image.Resampling.NEAREST)
    if style.underline:
        bottom = cell.height - style.underline
        ImageDraw.Draw(cell).rectangle((0, bottom, cell.width, cell.height), fill=255)
    return ImageChops.invert(cell) if style.reverse else cell


@cache
def _type(font: str) -> ImageFont.FreeTypeFont:
    with as_file(files("hardware_sim.printer") / "fonts" / "DejaVuSansMono.ttf") as path:
        return ImageFont.truetype(path, _CELLS[font][2])


def raster(data: bytes, bytes_per_row: int, scale: tuple[int, int] = (1, 1)) -> Image.Image:
    """Rows of bytes, the highest bit to the left."""
    width, height = bytes_per_row * 8, len(data) // bytes_per_row
    whole_rows = data[: bytes_per_row * height]
    return _scaled(Image.frombytes("1", (width, height), whole_rows), scale)


def columns(data: bytes, bytes_per_column: int, scale: tuple[int, int]) -> Image.Image:
    """Columns of bytes, the highest bit on top: a raster lying on its side."""
    upright = raster(data, bytes_per_column).transpose(Image.Transpose.TRANSPOSE)
    return _scaled(upright, scale)


def qr_symbol(data: bytes, module_dots: int, level: str) -> Image.Image | None:
    """The bare symbol without a quiet zone, as printers draw it; None where it can not hold so much."""
    modules = qr_modules(data, level)
    if modules is None:
        return None
    return _scaled(Image.fromarray(modules), (module_dots, module_dots))


def _scaled(image: Image.Image, scale: tuple[int, int]) -> Image.Image:
    size = (image.width * scale[0], image.height * scale[1])
    return image if scale == (1, 1) else image.resize(size, Image.Resampling.NEAREST)
