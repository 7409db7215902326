"""What each command does to the dots, by the vendor's reference: font A is 12 x 24, font B is 9 x 17."""

import numpy as np
import pytest
from pyzbar import pyzbar

TOP = 96  # the blank 12 mm between blade and head

ADDRESS = b"bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"


def ink(receipt):
    return np.asarray(receipt.dots)


def extent(receipt):
    """left, top, right, bottom of all ink, in dots below the first."""
    dots = ink(receipt)
    rows, columns = np.flatnonzero(dots.any(axis=1)), np.flatnonzero(dots.any(axis=0))
    return columns[0], rows[0] - TOP, columns[-1] + 1, rows[-1] + 1 - TOP


def block(count, width=12, height=24):
    """`count` full blocks of cp437, which fill their cells."""
    return b"\xdb" * count, width * count, height


def test_text_is_kept_as_words_and_set_in_lines(print_receipt):
    receipt = print_receipt(b"\x1b@Hello\n\nWorld\n")

    assert receipt.lines[:3] == ("Hello", "", "World")
    assert receipt.dots.height == 3 * 30 + TOP


@pytest.mark.parametrize(("align", "left"), [(0, 0), (1, (576 - 48) // 2), (2, 576 - 48)])
def test_alignment(print_receipt, align, left):
    receipt = print_receipt(
        b"\x1ba" + bytes([align]) + b"\x1dB\x01    \n"
    )  # white on black: solid

    assert extent(receipt) == (left, 0, left + 48, 24)


@pytest.mark.parametrize(
    ("style", "width", "height"),
    [
        (b"", 12, 24),
        (b"\x1d!\x11", 24, 48),
        (b"\x1d!\x70", 96, 24),
        (b"\x1d!\x07", 12, 192),
        (b"\x1b!\x30", 24, 48),
        (b"\x1b!\x10", 12, 48),
        (b"\x1bM\x01", 9, 17),
        (b"\x1b!\x01", 9, 17),
        (b"\x1b!\x31\x1b@", 12, 24),
    ],
)
def test_character_sizes(print_receipt, style, width, height):
    receipt = print_receipt(style + b"\x1dB\x01 \n")

    assert extent(receipt) == (0, 0, width, height)


@pytest.mark.parametrize(("font", "columns"), [(b"\x1bM\x00", 48), (b"\x1bM\x01", 64)])
def test_a_full_line_goes_on_below(print_receipt, font, columns):
    receipt = print_receipt(font + b"x" * (columns + 3) + b"\n")

    assert receipt.lines[:2] == ("x" * columns, "xxx")


def test_characters_of_two_sizes_stand_on_one_line(print_receipt):
    receipt = print_receipt(b"\x1dB\x01 \x1d!\x11 \n")
    small, large = ink(receipt)[TOP:, :12], ink(receipt)[TOP:, 12:36]

    assert np.flatnonzero(small.any(axis=1)).tolist() == list(range(24, 48))
    assert np.flatnonzero(large.any(axis=1)).tolist() == list(range(48))


def test_bold_and_underline_add_ink(print_receipt):
    plain = ink(print_receipt(b"Total\n"))
    bold = ink(print_receipt(b"\x1bE\x01Total\x1bE\x00\n"))
    underlined = ink(print_receipt(b"\x1b-\x02Total\n"))

    assert (bold & plain).sum() == plain.sum() < bold.sum()
    assert underlined[TOP + 22 : TOP + 24, : 5 * 12].all()


@pytest.mark.parametrize(
    ("table", "data", "text"),
    [
        (0, b"\x9c \xe1 \x81", "£ ß ü"),
        (2, b"\xd4 \x81", "È ü"),
        (16, b"\x80 \xfc", "€ ü"),
        (19, b"\xd5 \xe1", "€ ß"),
        (17, b"\x81\xa8\xe2\xaa\xae\xa8\xad", "Биткоин"),
        (255, b"\x81", "ü"),  # no such table: the default stays
    ],
)
def test_code_tables(print_receipt, table, data, text):
    assert print_receipt(b"\x1bt" + bytes([table]) + data + b"\n").lines[0] == text


def test_the_euro_is_drawn_and_not_a_box(print_receipt):
    euro, pound = (ink(print_receipt(b"\x1bt\x13" + byte + b"\n")) for byte in (b"\xd5", b"\x9c"))
    missing = ink(print_receipt(b"\x1bt\x13" + b"\x00\n"))

    assert euro.any()
    assert pound.any()
    assert (euro != pound).any()
    assert not missing.any()


def test_spacing_and_feeds(print_receipt):
    height = lambda data: print_receipt(data).dots.height - TOP  # noqa: E731

    assert height(b"x\n") == 30
    assert height(b"\x1b3\x50x\n") == 80
    assert height(b"\x1b3\x10x\n") == 24  # never less than the characters
    assert height(b"\x1b3\x50\x1b2x\n") == 30
    assert height(b"x\x1bJ\x64") == 100
    assert height(b"x\x1bd\x05") == 150
    assert height(b"\x1bd\x02") == 60


def test_margin_width_and_position(print_receipt):
    solid = b"\x1dB\x01 "

    assert extent(print_receipt(b"\x1dL\x40\x00" + solid + b"\n"))[0] == 64
    assert extent(print_receipt(b"\x1dW\xc8\x00\x1ba\x02" + solid + b"\n"))[2] == 200
    assert extent(print_receipt(b"\x1b$\x2c\x01" + solid + b"\n"))[0] == 300
    assert extent(print_receipt(b"\x1b$\x2c\x01\x1b\\\x9c\xff" + solid + b"\n"))[0] == 200
    assert extent(print_receipt(b"\t" + solid + b"\n"))[0] == 8 * 12
    assert extent(print_receipt(b"\x1bD\x14\x00\t" + solid + b"\n"))[0] == 20 * 12


def qr(data, module=6, level=49):
    store = b"\x1d(k" + (len(data) + 3).to_bytes(2, "little") + b"\x31\x50\x30" + data
    size = b"\x1d(k\x03\x00\x31\x43" + bytes([module])
    correction = b"\x1d(k\x03\x00\x31\x45" + bytes([level])
    return (
        b"\x1d(k\x04\x00\x31\x41\x32\x00"
        + size
        + correction
        + store
        + b"\x1d(k\x03\x00\x31\x51\x30"
    )


@pytest.mark.parametrize("level", [48, 49, 50, 51])
def test_a_native_qr_code_is_read_from_the_picture(print_receipt, level):
    receipt = print_receipt(b"\x1ba\x01" + qr(ADDRESS, level=level) + b"\n")

    assert [found.data for found in pyzbar.decode(receipt.picture())] == [ADDRESS]
    assert receipt.lines[0] == f"[QR] {ADDRESS.decode()}"


def test_a_native_qr_code_has_the_asked_module_size(print_receipt):
    left, top, right, bottom = extent(print_receipt(qr(b"x", module=5)))

    assert (right - left, bottom - top) == (21 * 5, 21 * 5)  # version 1 is 21 modules wide


def test_a_qr_code_wider_than_the_paper_is_not_printed(bench):
    bench.send(qr(b"x" * 400, module=16))
    bench.wait(1)

    assert [happening.details for happening in bench.happenings] == [{"command": "GS ( k 81"}]


CHECKER = bytes([0b10101010, 0b11110000]) + bytes([0b01010101, 0b00001111])  # 16 x 2
CHECKER_DOTS = np.array(
    [
        [1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0],
        [0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1],
    ],
    dtype=bool,
)


@pytest.mark.parametrize(
    "stream",
    [
        b"\x1dv0\x00\x02\x00\x02\x00" + CHECKER,
        b"\x1d(L\x0e\x00\x30\x70\x30\x01\x01\x31\x10\x00\x02\x00" + CHECKER + b"\x1d(L\x02\x00\x30\x32",
        b"\x1d8L\x0e\x00\x00\x00\x30\x70\x30\x01\x01\x31\x10\x00\x02\x00" + CHECKER + b"\x1d(L\x02\x00\x30\x02",
    ],
)  # fmt: skip
def test_raster_pictures(print_receipt, stream):
    dots = ink(print_receipt(stream))

    assert (dots[TOP : TOP + 2, :16] == CHECKER_DOTS).all()
    assert dots.sum() == CHECKER_DOTS.sum()


@pytest.mark.parametrize(("mode", "wide", "high"), [(0, 1, 1), (1, 2, 1), (2, 1, 2), (51, 2, 2)])
def test_raster_pictures_scaled(print_receipt, mode, wide, high):
    dots = ink(print_receipt(b"\x1dv0" + bytes([mode]) + b"\x02\x00\x02\x00" + CHECKER))
    expected = CHECKER_DOTS.repeat(high, axis=0).repeat(wide, axis=1)

    assert (dots[TOP : TOP + 2 * high, : 16 * wide] == expected).all()


@pytest.mark.parametrize(
    ("mode", "column", "wide", "rows"),
    [
        (33, b"\x80\x00\x01", 1, [0, 23]),
        (32, b"\x80\x00\x01", 2, [0, 23]),
        (1, b"\x81", 1, [0, 1, 2, 21, 22, 23]),
        (0, b"\x81", 2, [0, 1, 2, 21, 22, 23]),
    ],
)
def test_bit_images_are_columns(print_receipt, mode, column, wide, rows):
    dots = ink(print_receipt(b"\x1b*" + bytes([mode]) + b"\x05\x00" + column * 5 + b"\n"))

    assert np.flatnonzero(dots[TOP:].any(axis=1)).tolist() == rows
    assert dots[TOP].sum() == 5 * wide


def test_a_bar_code_is_passed_over_and_the_text_goes_on(print_receipt):
    receipt = print_receipt(b"\x1dk\x04AB\x00\x1dkI\x04{B12after\n")

    assert receipt.lines[0] == "after"


def test_cuts(bench):
    bench.send(b"a\n\x1dVA\x00b\n\x1dVB\x08\x1bd\x05\x1dV\x00\x1bd\x05\x1dV\x01")
    bench.wait(60)

    assert [receipt.partial for receipt in bench.receipts] == [False, True, False, True]
    assert [receipt.dots.height for receipt in bench.receipts] == [30 + 96, 30 + 96 + 8, 150, 150]
