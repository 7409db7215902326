import pytest

from drivers.scanner.engines.payload import GONE_AFTER_S, InView, readable
from drivers.scanner.events import CodeSeen, CodeUnreadable
from drivers.scanner.legible import TEXT_CHARS_MAX


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"bitcoin:abc", "bitcoin:abc"),
        ("señor".encode(), "señor"),
        (b"BEGIN:VCARD\r\nN:Ana\tB\r\nEND:VCARD\r\n", "BEGIN:VCARD\r\nN:Ana\tB\r\nEND:VCARD"),
        (b"\n", ""),
        (b"", ""),
        (b"bit\x00coin", ""),
        (b"bit\x1b[2Jcoin", ""),
        ("bit\u202ecoin".encode(), ""),  # right-to-left override
        (b"se\xf1or", ""),
        (b"x" * TEXT_CHARS_MAX, "x" * TEXT_CHARS_MAX),
        (b"x" * (TEXT_CHARS_MAX + 1), ""),
    ],
)
def test_only_what_a_person_could_read_aloud_passes(data, text):
    assert readable(data) == text


def test_said_once_until_it_was_gone():
    view = InView()
    assert view.see(b"a", 0.0) == (CodeSeen("a"),)
    assert view.see(b"a", GONE_AFTER_S) == ()
    assert view.see(b"b", GONE_AFTER_S) == (CodeSeen("b"),)
    assert view.see(b"a", 2 * GONE_AFTER_S) == ()
    assert view.see(b"a", 3 * GONE_AFTER_S + 0.1) == (CodeSeen("a"),)


def test_what_cannot_be_read_is_said_once_however_it_reads():
    view = InView()
    assert view.see(b"\xff", 0.0) == (CodeUnreadable(),)
    assert view.see(b"\xfe", 1.0) == ()
