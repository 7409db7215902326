"""What a customer gets for cash. Integers only; both sides compute it, and must agree."""

BASIS_POINTS = 10_000


def price_with_markup(market_price_minor: int, markup_bps: int) -> int:
    """Minor units for one whole coin, mark-up included, rounded up (against the customer by less
    than one minor unit per coin). Raises ValueError on a price that is not positive."""
    if market_price_minor <= 0 or markup_bps < 0:
        raise ValueError(f"no price: {market_price_minor=} {markup_bps=}")
    return -(-market_price_minor * (BASIS_POINTS + markup_bps) // BASIS_POINTS)


def coin_amount(inserted_minor: int, fee_minor: int, price_minor: int, coin_exponent: int) -> int:
    """Base units of the coin for the cash inserted, fee taken off first, rounded down; 0 when the
    cash does not exceed the fee. `price_minor` is minor units for one whole coin."""
    spendable_minor = max(0, inserted_minor - fee_minor)
    return int(spendable_minor * 10**coin_exponent // price_minor)


def smallest_cash(base_units: int, fee_minor: int, price_minor: int, coin_exponent: int) -> int:
    """The least cash for which `coin_amount` gives at least so many base units, of which there must
    be one or more."""
    return int(fee_minor + -(-base_units * price_minor // 10**coin_exponent))
