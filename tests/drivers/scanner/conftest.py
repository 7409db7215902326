"""Codes as a camera could see them, drawn for the tests."""

from collections.abc import Callable

import numpy as np
import pytest
import qrcode

from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture

MODULE_PX = 6
HEIGHT_PX, WIDTH_PX = 480, 640


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Picture]:
    """The code of a text, black on white, in the middle of a grey picture of 640 x 480."""

    def draw(text: str | bytes, module_px: int = MODULE_PX) -> Picture:
        code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
        code.add_data(text)
        modules = np.array(code.get_matrix())
        pixels = np.kron(np.where(modules, 0, 255), np.ones((module_px, module_px)))
        picture = np.full((HEIGHT_PX, WIDTH_PX), 128, np.uint8)
        side = len(pixels)
        top, left = (HEIGHT_PX - side) // 2, (WIDTH_PX - side) // 2
        picture[top : top + side, left : left + side] = pixels
        return picture

    return draw


@pytest.fixture(scope="session")
def seen_as(drawn: Callable[..., Picture]) -> Callable[[str, str], Picture]:
    """The same under a condition of a kiosk in a shop."""
    random = np.random.default_rng(7)
    across = np.linspace(0.25, 1.0, WIDTH_PX)[None, :]

    def see(text: str, condition: str) -> Picture:
        clean = drawn(text)
        match condition:
            case "clean":
                return clean
            case "dark mode":
                return 255 - clean
            case "light from the side":
                return (clean * across).astype(np.uint8)
            case "dim screen":
                return (40 + clean * 0.15).astype(np.uint8)
            case "out of focus":
                return np.asarray(cv2.GaussianBlur(clean, (0, 0), 2.0), np.uint8)
            case "noise":
                return np.clip(clean + random.normal(0, 30, clean.shape), 0, 255).astype(np.uint8)
            case "turned":
                turn = cv2.getRotationMatrix2D((WIDTH_PX / 2, HEIGHT_PX / 2), 30, 0.9)
                return np.asarray(
                    cv2.warpAffine(clean, turn, (WIDTH_PX, HEIGHT_PX), borderValue=(128,)),
                    np.uint8,
                )
            case "at an angle":
                corners = np.array([[0, 0], [640, 0], [640, 480], [0, 480]], np.float32)
                seen = np.array([[60, 40], [560, 0], [600, 480], [90, 420]], np.float32)
                warp = cv2.getPerspectiveTransform(corners, seen)
                return np.asarray(
                    cv2.warpPerspective(clean, warp, (WIDTH_PX, HEIGHT_PX)), np.uint8
                )
            case _:
                raise AssertionError(condition)

    return see
