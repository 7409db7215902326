"""What cash buys, and the least cash that buys enough: the one is the other's inverse."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_wire.pricing import coin_amount, smallest_cash


@given(
    base_units=st.integers(1, 10**9),
    fee_minor=st.integers(0, 10**9),
    price_minor=st.integers(1, 10**15),
    coin_exponent=st.integers(0, 18),
)
def test_the_smallest_cash_buys_enough_and_one_less_does_not(
    base_units: int, fee_minor: int, price_minor: int, coin_exponent: int
) -> None:
    least = smallest_cash(base_units, fee_minor, price_minor, coin_exponent)
    assert coin_amount(least, fee_minor, price_minor, coin_exponent) >= base_units
    assert coin_amount(least - 1, fee_minor, price_minor, coin_exponent) < base_units
