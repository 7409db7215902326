"""The price from several markets: no single one of them can move it, whatever it says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disbursement.config import MedianPrice, load_config
from disbursement.errors import InvalidSetup, Refused
from disbursement.sales.median_price import MedianPriceSource
from disbursement.sales.models import QuoteInput
from disbursement.sales.prices import MarketPrice
from kiosk_wire.messages import RefusalCode

NOW_MS = 1_763_632_800_000
BAND_BPS = 150


class Market:
    """A feed as far as the median asks; None is a stale one."""

    def __init__(self, name: str, minor: int | None, as_of_ms: int = NOW_MS) -> None:
        self.price = None if minor is None else MarketPrice(minor, name, as_of_ms)

    def current(self) -> MarketPrice:
        if self.price is None:
            raise Refused(503, RefusalCode.PRICE_STALE, "the last price is 300 s old")
        return self.price


def median(*minors: int | None, quorum: int = 2) -> MedianPriceSource:
    markets: Any = [Market(f"market-{at}", minor) for at, minor in enumerate(minors)]
    return MedianPriceSource(markets, quorum, BAND_BPS)


@pytest.mark.parametrize(
    ("minors", "price"),
    [
        ((6_500_000, 6_510_000, 6_505_000), 6_505_000),
        ((6_500_000, 6_510_000), 6_510_000),  # the higher of two, as prices are rounded up
        (
            (6_500_000, 6_510_000, 6_505_000, 1),
            6_505_000,
        ),  # a market that says nothing costs anything
        ((6_500_000, 6_510_000, 6_505_000, 99_000_000), 6_505_000),
        ((6_500_000, None, 6_510_000), 6_510_000),
    ],
)
def test_price_is_the_median_of_the_fresh_that_agree(
    minors: tuple[int | None, ...], price: int
) -> None:
    assert median(*minors).current().minor == price


@pytest.mark.parametrize(
    "minors",
    [(6_500_000, None, None), (6_500_000, 7_500_000), (1, 6_500_000, 99_000_000), (None, None)],
)
def test_fewer_than_a_quorum_are_no_price(minors: tuple[int | None, ...]) -> None:
    with pytest.raises(Refused, match="prices are fresh and agree; 2 must") as refused:
        median(*minors).current()
    assert (refused.value.status, refused.value.code) == (503, RefusalCode.PRICE_STALE)


@given(
    honest=st.lists(st.integers(6_490_000, 6_510_000), min_size=3, max_size=7),
    lie=st.integers(1, 10**12),
)
def test_one_liar_among_three_or_more_never_moves_it_out_of_the_honest_range(
    honest: list[int], lie: int
) -> None:
    told = median(lie, *honest).current().minor
    assert min(honest) <= told <= max(honest)


def test_it_is_as_old_as_the_oldest_that_counts() -> None:
    markets: Any = [
        Market("a", 6_500_000, NOW_MS - 40_000),
        Market("b", 6_500_000, NOW_MS - 10_000),
        Market("liar", 1, NOW_MS - 50_000),
    ]
    assert MedianPriceSource(markets, 2, BAND_BPS).current().as_of_ms == NOW_MS - 40_000


def test_quote_keeps_what_it_was_drawn_from(central: Any, kiosk: Any, monkeypatch: Any) -> None:
    prices = median(6_500_000, 6_510_000, 1)
    monkeypatch.setattr(type(central.house.prices), "current", lambda _self: prices.current())
    told = kiosk.quote().json()
    assert (told["market_price_minor"], told["price_source"]) == (6_510_000, "median of 2 markets")
    kept = {(row.source, row.price_minor) for row in central.all(QuoteInput)}
    assert kept == {("market-0", 6_500_000), ("market-1", 6_510_000), ("market-2", 1)}


def config_of(tmp_path: Any, feeds: str, quorum: int = 2) -> Any:
    path = tmp_path / "central.toml"
    path.write_text(f'[price]\nsource = "median"\nquorum = {quorum}\nfeeds = [{feeds}]\n')
    return load_config(path).price


def test_it_is_configured_by_its_feeds(tmp_path: Any) -> None:
    feeds = (
        '{ url = "https://a.example/", path = "p" }, { url = "https://b.example/", path = "q" }'
    )
    price = config_of(tmp_path, feeds)
    assert isinstance(price, MedianPrice)
    assert [feed.path for feed in price.feeds] == ["p", "q"]
    with pytest.raises(InvalidSetup, match=r"price\.quorum: must be no more than there are feeds"):
        config_of(tmp_path, feeds, quorum=3)
    with pytest.raises(InvalidSetup, match=r"price\.feeds\.1\.pth; did you mean path\?"):
        config_of(tmp_path, feeds.replace('path = "q"', 'pth = "q"'))
    with pytest.raises(InvalidSetup, match="two are of one host"):
        config_of(tmp_path, feeds.replace("b.example", "a.example"))
