from collections.abc import Callable

import numpy as np
import pytest

from drivers.scanner.decode import Decoder, search
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture
from drivers.scanner.view import Hint

TEXT = "bitcoin:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"
SIDE_MODULES = 29  # of a version 3, which that text needs at level M
Draw = Callable[..., Picture]


def placed(code: Picture, scale: float) -> Picture:
    """Nearer or farther, in the same frame."""
    height, width = code.shape
    move = cv2.getRotationMatrix2D((width / 2, height / 2), 0, scale)
    return np.asarray(
        cv2.warpAffine(code, move, (width, height), flags=cv2.INTER_AREA, borderValue=(128,)),
        np.uint8,
    )


def with_lamp(code: Picture) -> Picture:
    """Over the middle, and none of the three squares."""
    lamp = cv2.circle(np.zeros_like(code), (320, 240), 34, (255,), -1)
    return np.asarray(cv2.max((code * 0.8).astype(np.uint8), lamp), np.uint8)


def dimmed(code: Picture) -> Picture:
    return (100 + code * 0.1).astype(np.uint8)


def shaken(code: Picture) -> Picture:
    return np.asarray(cv2.blur((code * 0.8).astype(np.uint8), (5, 1)), np.uint8)


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (lambda code: placed((code * 0.8).astype(np.uint8), 0.36), Hint.CLOSER),
        (lambda code: placed((code * 0.8).astype(np.uint8), 2.72), Hint.FARTHER),
        (with_lamp, Hint.LESS_GLARE),
        (dimmed, Hint.BRIGHTER_SCREEN),
        (shaken, Hint.HOLD_STILL),
    ],
)
def test_hint_names_what_is_in_the_way(
    change: Callable[[Picture], Picture], hint: Hint, drawn: Draw
) -> None:
    seen = search(change(drawn(TEXT)))
    assert seen.code_in_view
    assert seen.hint is hint


def test_found_code_has_its_outline(drawn: Draw) -> None:
    seen = Decoder().look(drawn(TEXT))
    assert seen.hint is Hint.FOUND
    half = SIDE_MODULES * 6 / 2
    corners = (
        (320 - half, 240 - half),
        (320 + half, 240 - half),
        (320 + half, 240 + half),
        (320 - half, 240 + half),
    )
    expected = [(x / 640, y / 480) for x, y in corners]
    assert np.allclose(seen.outline, expected, atol=0.01)


def test_empty_picture_has_neither() -> None:
    seen = Decoder().look(np.full((480, 640), 128, np.uint8))
    assert (seen.outline, seen.hint) == ((), Hint.NONE)
