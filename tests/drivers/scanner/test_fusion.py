"""Codes that no single frame holds whole."""

from collections.abc import Callable

import numpy as np
import pytest

from drivers.scanner.cascade import read_picture
from drivers.scanner.decode import Decoder
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture

TEXT = "bitcoin:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4?amount=0.001&label=Luke-Jr"
FRAMES = 24
Draw = Callable[..., Picture]


def wandering_lamp(code: Picture, number: int) -> Picture:
    """Its mirror image hides a fourth of the code, and another fourth later."""
    lamp = np.zeros_like(code)
    place = (270 + 100 * (number // 2 % 2), 190 + 100 * (number // 4 % 2))
    cv2.circle(lamp, place, 62, (255,), -1)
    return np.asarray(cv2.add(code, lamp), np.uint8)


def rolling_bars(code: Picture, number: int) -> Picture:
    """Rows in which the screen was dark for the whole exposure: two of five."""
    rows = (np.arange(len(code)) + 7 * number) % 50 < 20
    return np.where(rows[:, None], 8, code).astype(np.uint8)


@pytest.mark.parametrize("trouble", [wandering_lamp, rolling_bars])
def test_frames_together_hold_the_code(
    trouble: Callable[[Picture, int], Picture], drawn: Draw
) -> None:
    film = [trouble(drawn(TEXT), number) for number in range(FRAMES)]
    assert not any(read_picture(frame).texts for frame in film)
    decoder = Decoder()
    assert {text for frame in film for text in decoder.look(frame).texts} == {TEXT}


def test_frames_of_another_size_begin_anew(drawn: Draw) -> None:
    decoder = Decoder()
    for shape in ((480, 640), (200, 300), (480, 640)):
        for _ in range(3):
            assert decoder.look(np.full(shape, 128, np.uint8)).texts == ()
    assert decoder.look(drawn(TEXT)).texts == (TEXT,)
