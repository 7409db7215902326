"""Texts and answers in the lines of Honeywell, Newland and engines that only send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.engines.honeywell.language import Honeywell
from drivers.scanner.engines.language import Answer, Code
from drivers.scanner.engines.lines import Lines
from drivers.scanner.engines.newland.language import Newland, command
from drivers.scanner.engines.text.language import Text
from drivers.scanner.legible import TEXT_CHARS_MAX

# NLS-HR52 User Manual, "Programming with Serial Commands"
NEWLAND_COMMAND = "7E0130303030 40 44464D41444430 36393939303033393939394631 3431 3B03"
NEWLAND_ANSWER = "020130303030 40 44464D41444430 36393939303033393939394631 3431 06 3B03"
every_language = pytest.mark.parametrize("new", [Honeywell, Newland, Text])


def test_honeywells_public_answers_are_found():
    assert Honeywell().hear(b"PAPHHF\x06.", 0.0) == [Answer()]  # a log in a public driver
    assert Honeywell().hear(b"CBRENA1\x06.", 0.0) == [Answer()]  # N3680 guide, Query Commands
    several = b"BEPBEP1\x06;BEPLVL1\x06;DECMIR1\x06;SUFBK2990D09\x06."  # a log in a public driver
    assert Honeywell().hear(several, 0.0) == [Answer()]


def test_newlands_public_answer_is_found():
    assert Newland().hear(bytes.fromhex(NEWLAND_ANSWER), 0.0) == [Answer()]


def test_newlands_commands_have_the_published_form():
    published = bytes.fromhex(NEWLAND_COMMAND)
    ours = command("DFMADD0699900399" + "99F141")
    assert (ours[:6], ours[-2:]) == (published[:6], published[-2:])
    assert ours[6:7] == b"#"  # where the published one has @, and writes the flash


@every_language
def test_no_setting_is_for_ever(new):
    for request in (*new.setup, *new.start, *new.stop):
        assert not request.data.startswith(b"~\x010000@")
        assert not (request.data.startswith(b"\x16M\r") and request.data.endswith(b"."))


def test_a_setting_that_the_engine_does_not_know_is_named():
    assert Honeywell().hear(b"TRGMOD0\x06;ALLENA0\x05;QRCENA1\x15!", 0.0) == [
        Answer(refused=("ALLENA", "QRCENA"))
    ]
    assert Newland().hear(b"\x02\x010000#SCNMOD0\x05;TSUENA1\x06;\x03", 0.0) == [
        Answer(refused=("SCNMOD",))
    ]


def test_an_answer_behind_half_a_text_is_found_and_the_half_is_dropped():
    heard = Honeywell().hear(b"bitcoin:bcrt1qw508TRGMOD0\x06!next\r", 0.0)
    assert heard == [Answer(), Code(b"next")]
    assert Newland().hear(b"bitcoin:\x02\x010000#SCNTRG1\x06;\x03next\r", 0.0) == [
        Answer(),
        Code(b"next"),
    ]


@every_language
def test_a_text_in_pieces_is_one(new):
    language = new()
    heard = [
        item for byte in b"bitcoin:abc\r\nnext\r\n" for item in language.hear(bytes([byte]), 0)
    ]
    assert [item.data.strip() for item in heard] == [b"bitcoin:abc", b"next"]


def test_an_end_may_be_cr_or_lf_or_both():
    assert Text().hear(b"one\rtwo\nthree\r\n\r\nfour\n", 0.0) == [
        Code(b"one"),
        Code(b"two"),
        Code(b"three"),
        Code(b"four"),
    ]


@every_language
def test_a_text_cut_by_a_silence_is_not_taken_for_two(new):
    language = new()
    assert language.hear(b"bitcoin:bcrt1qw508?amount=0.1", 0.0) == []
    assert language.fall_silent() == []
    assert language.hear(b"5\r", 0.0) == [Code(b"")]  # damaged, and nothing but that
    assert language.hear(b"bitcoin:bcrt1qw508?amount=0.15\r", 0.0) == [
        Code(b"bitcoin:bcrt1qw508?amount=0.15")
    ]


@every_language
def test_a_text_begun_before_the_start_is_dropped_to_its_end(new):
    language = new()
    language.hear(b"bitcoin:the one before", 0.0)
    language.begin()
    assert language.hear(b"'s\rmine\r", 0.0) == [Code(b""), Code(b"mine")]


@every_language
def test_a_text_without_end_is_dropped_and_held_in_bounds(new):
    language = new()
    for _ in range(100):
        assert language.hear(b"x" * 1000, 0.0) == []
        assert len(language._buffer) <= TEXT_CHARS_MAX
    assert language.hear(b"\rnext\r", 0.0) == [Code(b""), Code(b"next")]


@every_language
@given(bursts=st.lists(st.binary(max_size=200), max_size=20))
def test_no_bytes_raise_and_the_next_whole_text_but_one_is_read(new, bursts):
    language: Lines = new()
    for burst in bursts:
        language.hear(burst, 0.0)
    language.fall_silent()
    language.hear(b"\r", 0.0)
    assert language.hear(b"wallet\r", 0.0) == [Code(b"wallet")]
