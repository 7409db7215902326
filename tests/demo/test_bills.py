"""Bills as a person types them."""

import pytest

from stater_demo.bills import parse_bills


@pytest.mark.parametrize(
    ("words", "bills"),
    [("20,20", (20, 20)), ("100", (100,)), ("$5, $10", (5, 10))],
)
def test_bills_come_in_the_order_said(words: str, bills: tuple[int, ...]) -> None:
    assert parse_bills(words) == bills


@pytest.mark.parametrize("words", ["", "20,,20", "30", "20.00", "-20", "twenty", "٢٠"])
def test_what_is_no_us_bill_is_refused_with_the_bills_there_are(words: str) -> None:
    with pytest.raises(ValueError, match="1, 2, 5, 10, 20, 50, 100"):
        parse_bills(words)
