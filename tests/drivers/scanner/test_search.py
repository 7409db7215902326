from collections.abc import Callable

import numpy as np
import pytest

from drivers.scanner.decode import search
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture

Draw = Callable[..., Picture]


@pytest.mark.parametrize(
    "condition", ["clean", "dark mode", "dim screen", "noise", "turned", "at an angle"]
)
def test_code_is_in_view(condition: str, seen_as: Callable[[str, str], Picture]) -> None:
    assert search(seen_as("a wallet", condition)).code_in_view


def test_code_that_no_decoder_reads_is_in_view(drawn: Draw) -> None:
    picture = drawn("a wallet")
    picture[230:340, 230:420] = 255  # a thumb's width of glare, and one finder pattern with it
    assert search(picture).code_in_view


def test_half_a_code_is_not_enough(drawn: Draw) -> None:
    picture = drawn("a wallet")
    picture[:, 320:] = 128
    picture[240:, :] = 128
    assert not search(picture).code_in_view


def test_empty_noisy_and_written_pictures_show_no_code() -> None:
    blank = np.full((480, 640), 200, np.uint8)
    noise = np.random.default_rng(5).integers(0, 255, (480, 640), dtype=np.uint8)
    written = blank.copy()
    for line in range(12):
        place = (20, 40 + 36 * line)
        cv2.putText(
            written, "BOOK 8008 SQUARE 0OQ@B%&", place, cv2.FONT_HERSHEY_SIMPLEX, 1, (0,), 2
        )
    assert not any(search(picture).code_in_view for picture in (blank, noise, written))
