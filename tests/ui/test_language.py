"""Money, coins and numbers, written as people of the language write them, from integers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.language import load_language

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("code", "currency", "exponent", "minor", "text"),
    [
        ("en", "USD", 2, 123_450, "$1,234.50"),
        ("es", "USD", 2, 123_450, "$1,234.50"),  # Spanish of the United States
        ("en", "GBP", 2, 5, "£0.05"),
        ("en", "EUR", 2, 123_450, "€1,234.50"),
        ("es", "EUR", 2, 1_234_550, f"12.345,50{NBSP}€"),
        ("es", "MXN", 2, 123_450, "$1,234.50"),
        ("en", "JPY", 0, 12_345, "¥12,345"),
        ("en", "KWD", 3, 1_234, f"KWD{NBSP}1.234"),
    ],
)
def test_money(code: str, currency: str, exponent: int, minor: int, text: str) -> None:
    assert load_language(code, currency).money(minor, currency, exponent) == text


def test_money_as_on_banknotes_has_no_idle_cents() -> None:
    english = load_language("en", "USD")
    assert english.round_money(4_000, "USD", 2) == "$40"
    assert english.round_money(4_050, "USD", 2) == "$40.50"


def test_coins_keep_all_their_decimals() -> None:
    assert load_language("en", "USD").decimal(41_230, 8) == "0.00041230"
    assert load_language("es", "EUR").decimal(41_230, 8) == "0,00041230"
    assert load_language("en", "USD").decimal(2_100_000_000_000_000, 8) == "21,000,000.00000000"


def test_percent() -> None:
    assert load_language("en", "USD").percent(525) == f"5.25{NBSP}%"
    assert load_language("es", "EUR").percent(525) == f"5,25{NBSP}%"


@given(value=st.integers(0, 10**17), exponent=st.integers(0, 8))
def test_a_written_number_is_the_number(value: int, exponent: int) -> None:
    text = load_language("en", "USD").decimal(value, exponent)
    assert Decimal(text.replace(",", "")) == Decimal(value).scaleb(-exponent)


def test_a_language_without_translations_speaks_english_in_its_own_direction() -> None:
    arabic = load_language("ar", "USD")
    assert arabic.right_to_left
    assert arabic.translate("Choices", "Cancel") == "Cancel"
    assert not load_language("es", "USD").right_to_left
