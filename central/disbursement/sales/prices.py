"""The market price of one whole coin, with its source and its age.

Two sources: one fixed by configuration, one fetched as JSON on a schedule. A price that is older than its
stated age is no price. Numbers are read as decimals from the JSON text.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, Protocol

import httpx2

from disbursement.config import HttpPrice
from disbursement.errors import Refused, without_number
from kiosk_wire.messages import RefusalCode

FETCH_TIMEOUT_S = 10
PRICE_MINOR_MAX = 10**15  # as the wire's Quote allows
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MarketPrice:
    minor: int
    source: str
    as_of_ms: int
    drawn_from: tuple["MarketPrice", ...] = ()  # also those that did not count


class PriceSource(Protocol):
    def current(self) -> MarketPrice:
        """Raises Refused (price_stale) when there is no fresh price."""


def to_minor(price: Decimal, currency_exponent: int) -> int:
    """Rounded up, like the mark-up. Raises ValueError for what cannot be a price."""
    if not price.is_finite() or price <= 0 or price > PRICE_MINOR_MAX:
        raise ValueError(f"{price} is no price")
    return int(price.scaleb(currency_exponent).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class FixedPriceSource:
    """As the operator set it; as of the start of the service."""

    price: MarketPrice

    def current(self) -> MarketPrice:
        return self.price


class HttpPriceSource:
    """Keeps the last price fetched; `run` fetches until told to stop."""

    def __init__(
        self,
        config: HttpPrice,
        currency_exponent: int,
        now_ms: Callable[[], int],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config = config
        self._currency_exponent = currency_exponent
        self._now_ms = now_ms
        self._monotonic_s = monotonic_s
        self._last: tuple[MarketPrice, float] | None = None  # with the monotonic time it is of

    def current(self) -> MarketPrice:
        if self._last is None:
            raise Refused(503, RefusalCode.PRICE_STALE, "no price has been fetched yet")
        price, as_of_s = self._last
        # By either clock: UTC may be set back, and the monotonic one sleeps with a suspended machine.
        slept_s = (self._now_ms() - price.as_of_ms) / 1_000
        age_s = int(max(self._monotonic_s() - as_of_s, slept_s))
        if age_s > self._config.max_age_s:
            raise Refused(503, RefusalCode.PRICE_STALE, f"the last price is {age_s} s old")
        return price

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.try_to_fetch()
            stop.wait(self._config.fetch_every_s)

    def try_to_fetch(self) -> None:
        try:
            self.fetch()
        except (
            httpx2.HTTPError,
            ValueError,
            ArithmeticError,
            LookupError,
            TypeError,
        ) as failure:
            log.warning("no price from %s: %s", self._config.url, self._why(failure))

    def _why(self, failure: Exception) -> str:
        match failure:
            case httpx2.HTTPStatusError():
                return f"it answers with status {failure.response.status_code}"
            case httpx2.HTTPError():
                return without_number(failure)
            case json.JSONDecodeError():
                return "its answer is not JSON"
            case _:
                return f"its answer has no price at {self._config.path} (price.path)"

    def fetch(self) -> None:
        as_of_ms, as_of_s = (
            self._now_ms(),
            self._monotonic_s(),
        )  # before asking: the answer is at least this young
        answer = httpx2.get(
            str(self._config.url), timeout=FETCH_TIMEOUT_S, follow_redirects=True
        ).raise_for_status()
        told = json.loads(answer.content, parse_float=Decimal)
        minor = to_minor(Decimal(_at(told, self._config.path)), self._currency_exponent)
        self._last = MarketPrice(minor, self._config.url.host or "http", as_of_ms), as_of_s


@dataclass(frozen=True)
class FetchedWhenAsked:
    """For a process that ends too soon to fetch on a schedule."""

    source: PriceSource
    feeds: Sequence[HttpPriceSource]

    def current(self) -> MarketPrice:
        for feed in self.feeds:
            feed.try_to_fetch()
        return self.source.current()


def _at(told: Any, path: str) -> str | int | Decimal:
    """`data.0.amount` of the JSON told: names of objects, numbers of lists."""
    for part in path.split("."):
        told = told[int(part)] if isinstance(told, list) else told[part]
    if isinstance(told, bool) or not isinstance(told, (str, int, Decimal)):
        raise TypeError(f"{path} is not a number")
    return told
