"""Rows and columns are dots, 8 a millimetre."""

import numpy as np
import pytest
from PIL import Image

from hardware_sim.printer.paper import Paper

BAND = Image.new("1", (576, 24), 1)


def rows_with_ink(receipt):
    return np.flatnonzero(np.asarray(receipt.dots).any(axis=1))


def test_the_last_12_mm_are_not_yet_past_the_blade():
    paper = Paper()
    paper.advance(24, BAND, "first")
    paper.advance(200, None, "")
    paper.advance(24, BAND, "late")
    first = paper.cut(partial=False)
    paper.advance(96, None, None)
    second = paper.cut(partial=False)

    assert first.lines == ("first", "")
    assert list(rows_with_ink(first)) == list(range(96, 120))  # under 12 mm of blank paper
    assert second.lines == ("late",)
    assert list(rows_with_ink(second)) == list(range(72, 96))


def test_a_cut_of_nothing_leaves_nothing():
    paper = Paper()
    assert paper.cut(partial=False) is None

    paper.advance(10, None, None)
    assert paper.cut(partial=False) is not None
    assert paper.cut(partial=False) is None


def test_not_a_dot_is_lost_between_receipts():
    paper = Paper()
    heights = []
    for feed in (130, 7, 900):
        paper.advance(feed, None, None)
        heights.append(paper.cut(partial=True).dots.height)
    assert heights == [130, 7, 900]


@pytest.mark.parametrize("partial", [True, False])
def test_the_picture_shows_every_dot_on_paper_of_80_mm(partial):
    paper = Paper()
    paper.advance(24, BAND, "x")
    paper.advance(96, None, None)
    receipt = paper.cut(partial=partial)

    picture = np.asarray(receipt.picture().convert("L"))
    dark = picture < 100
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    assert len(rows) == 24
    assert len(columns) == 576
    paper_columns = np.flatnonzero(picture[picture.shape[0] // 2] > 225)
    assert paper_columns[-1] - paper_columns[0] == 640 - 1


def test_the_words_end_with_the_last_word():
    paper = Paper()
    for line in ("a", "", "b", "", ""):
        paper.advance(30, None, line)
    paper.advance(96, None, None)

    assert paper.cut(partial=False).text == "a\n\nb\n"
