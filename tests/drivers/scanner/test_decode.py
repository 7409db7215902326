import time
from collections.abc import Callable

import barcode
import numpy as np
import pytest

from drivers.scanner.decode import TURNS, Decoder
from drivers.scanner.picture import Picture
from drivers.scanner.seen import MAX_TEXTS
from drivers.scanner.view import Hint

TEXT = "bitcoin:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4?amount=0.001"
Draw = Callable[..., Picture]


def looks(decoder: Decoder, picture: Picture) -> set[str]:
    """Every way's turn once."""
    return {text for _ in range(TURNS) for text in decoder.look(picture).texts}


@pytest.mark.parametrize(
    "condition",
    [
        "clean",
        "dark mode",
        "light from the side",
        "dim screen",
        "out of focus",
        "noise",
        "turned",
        "at an angle",
    ],
)
def test_code_is_read(condition: str, seen_as: Callable[[str, str], Picture]) -> None:
    assert looks(Decoder(), seen_as(TEXT, condition)) == {TEXT}


def test_first_look_reads_a_lit_screen(seen_as: Callable[[str, str], Picture]) -> None:
    assert Decoder().look(seen_as(TEXT, "light from the side")).texts == (TEXT,)


def test_way_that_reads_keeps_its_turn(seen_as: Callable[[str, str], Picture]) -> None:
    decoder, picture = Decoder(), seen_as(TEXT, "dark mode")
    looks(decoder, picture)
    assert all(decoder.look(picture).texts for _ in range(5))


def test_large_picture_is_read(drawn: Draw) -> None:
    assert looks(Decoder(), np.kron(drawn(TEXT), np.ones((5, 5), np.uint8))) == {TEXT}


def test_text_with_line_breaks_and_accents_is_passed_on(drawn: Draw) -> None:
    contact = "BEGIN:VCARD\r\nFN:Íñigo Núñez\r\nEND:VCARD"
    assert looks(Decoder(), drawn(contact)) == {contact}


@pytest.mark.parametrize("text", ["a\x1bb", "a\x00b", "\u202etxt.exe"])
def test_text_that_does_not_print_is_not_passed_on_but_read(text: str, drawn: Draw) -> None:
    seen = Decoder().look(drawn(text))
    assert seen.texts == ("",)
    assert seen.hint is Hint.FOUND


def test_several_codes_are_bounded(drawn: Draw) -> None:
    page = np.vstack(
        [
            np.hstack([drawn(f"code {row} {col}", 3)[150:330, 230:410] for col in range(4)])
            for row in range(3)
        ]
    )
    texts = Decoder().look(page).texts
    assert len(texts) == MAX_TEXTS
    assert all(text.startswith("code ") for text in texts)


def test_other_symbols_are_not_read() -> None:
    bars = barcode.get_barcode_class("ean13")("5901234123457").build()[0]
    line = np.array([0 if bar == "1" else 255 for bar in bars], np.uint8)
    picture = np.pad(np.kron(line, np.ones((200, 4), np.uint8)), 50, constant_values=255)
    assert looks(Decoder(), picture) == set()


def test_picture_full_of_finder_patterns_does_not_hold_the_camera() -> None:
    """OpenCV's own detectors need minutes for this one."""
    tile = np.full((9, 9), 255, np.uint8)
    tile[1:8, 1:8], tile[2:7, 2:7], tile[3:6, 3:6] = 0, 255, 0
    picture = np.tile(np.kron(tile, np.ones((2, 2), np.uint8)), (40, 71))
    decoder, started_s = Decoder(), time.monotonic()
    for _ in range(TURNS):
        decoder.look(picture)
    assert time.monotonic() - started_s < 5  # about 0.2 s


@pytest.mark.parametrize("shape", [(1, 1), (2, 700), (480, 640)])
def test_any_picture_is_looked_at(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(3).integers(0, 255, shape, dtype=np.uint8)
    assert looks(Decoder(), noise) == set()
