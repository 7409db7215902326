import pytest

from drivers.scanner.legible import TEXT_CHARS_MAX, is_legible


@pytest.mark.parametrize(
    "text", ["", "bitcoin:abc", "señor", "BEGIN:VCARD\r\nN:Ana\tB\r\n", "A" * TEXT_CHARS_MAX]
)
def test_what_a_person_could_read_aloud(text: str) -> None:
    assert is_legible(text)


@pytest.mark.parametrize(
    "text", ["bit\x00coin", "bit\x1b[2Jcoin", "bit\u202ecoin", "bit\u200bcoin", "1" * 4297]
)
def test_what_nobody_could(text: str) -> None:
    assert not is_legible(text)
