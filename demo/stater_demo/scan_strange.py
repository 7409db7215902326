"""Pictures that hold nothing for a kiosk, and much work for whoever looks for codes in them."""

import random
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from hardware_sim.camera.field.code import Code, modules_of
from stater_demo.scan_readers import Picture

HEIGHT_PX, WIDTH_PX = 720, 1280
_FINDER = (1, 1, 3, 1, 1)  # dark, light, dark ...: ISO/IEC 18004, 6.3.3


def finder_tiles() -> Picture:
    square = np.pad(np.ones((3, 3)), 1)
    square = np.pad(np.pad(square, 1, constant_values=1), 1)
    return _tiled(np.where(square, 0, 255), module_px=2)


def crossing_finders() -> Picture:
    """Each row and each column is finder patterns from end to end, overlapping: zxing-cpp tries all in all combinations,
    which takes it more than half a second."""
    dark = np.repeat([1, 0, 1, 0, 1, 0], [*_FINDER, 1])
    return _tiled(np.where(np.multiply.outer(dark, dark), 0, 255), module_px=1)


def chessboard() -> Picture:
    """As many outlines as there is room for."""
    return _tiled(np.array([[0, 255], [255, 0]]), module_px=2)


def noise() -> Picture:
    return np.random.default_rng(1).integers(0, 256, (HEIGHT_PX, WIDTH_PX), dtype=np.uint8)


def many_codes() -> Picture:
    """Hundreds of them, no two alike, and none that a wallet shows."""
    picture = np.full((HEIGHT_PX, WIDTH_PX), 255, np.uint8)
    side = 2 * (21 + 2 * 2)
    places = [
        (y, x) for y in range(0, HEIGHT_PX - side, side) for x in range(0, WIDTH_PX - side, side)
    ]
    for number, (top, left) in enumerate(places):
        light = np.pad(~modules_of(Code(f"code {number}", "L")), 2, constant_values=True)
        code = np.kron(light * 255, np.ones((2, 2)))
        picture[top : top + len(code), left : left + len(code)] = code
    return picture


def in_a_frame(
    code: Picture, seed: object, size: tuple[int, int] = (HEIGHT_PX, WIDTH_PX)
) -> Picture:
    """Somewhere in a camera's frame."""
    dice = random.Random(f"{seed}")  # noqa: S311 (replayable)
    picture = np.full(size, dice.randrange(256), np.uint8)
    code = code[: size[0], : size[1]]
    height, width = code.shape
    top, left = dice.randint(0, size[0] - height), dice.randint(0, size[1] - width)
    picture[top : top + height, left : left + width] = code
    return picture


def _tiled(tile: npt.NDArray[np.int_], module_px: int) -> Picture:
    pixels = np.kron(tile, np.ones((module_px, module_px)))
    height, width = pixels.shape
    return np.tile(pixels, (HEIGHT_PX // height + 1, WIDTH_PX // width + 1))[
        :HEIGHT_PX, :WIDTH_PX
    ].astype(np.uint8)


STRANGE: dict[str, Callable[[], Picture]] = {
    "finder patterns, tiled": finder_tiles,
    "finder patterns, crossing": crossing_finders,
    "chessboard": chessboard,
    "noise": noise,
    "hundreds of codes": many_codes,
}
