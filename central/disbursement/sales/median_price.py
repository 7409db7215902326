"""The market price from several sources: the median of those that are fresh and agree.

A source that lies or stands still cannot move it: stale prices are dropped, then those beyond a band around the median of
the rest, and fewer than a quorum are no price. The median, and not a mean with deviations: one price of zero moves both of those.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_high

from disbursement.errors import Refused
from disbursement.sales.prices import HttpPriceSource, MarketPrice, PriceSource
from kiosk_wire.messages import RefusalCode

BPS = 10_000


@dataclass(frozen=True)
class MedianPriceSource:
    feeds: Sequence[HttpPriceSource]
    quorum: int
    band_bps: int

    def current(self) -> MarketPrice:
        """Of an even number the higher of the two in the middle, as prices are rounded up; as old as the oldest that counts."""
        fresh = [price for feed in self.feeds if (price := _fresh(feed)) is not None]
        agreeing = self._in_band(fresh)
        if len(agreeing) < self.quorum:
            detail = f"{len(agreeing)} of {len(self.feeds)} prices are fresh and agree; {self.quorum} must"
            raise Refused(503, RefusalCode.PRICE_STALE, detail)
        return MarketPrice(
            minor=median_high(price.minor for price in agreeing),
            source=f"median of {len(agreeing)} markets",
            as_of_ms=min(price.as_of_ms for price in agreeing),
            drawn_from=tuple(fresh),
        )

    def run(self, stop: threading.Event) -> None:
        threads = [threading.Thread(target=feed.run, args=(stop,)) for feed in self.feeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _in_band(self, fresh: list[MarketPrice]) -> list[MarketPrice]:
        if not fresh:
            return []
        middle = median_high(price.minor for price in fresh)
        return [p for p in fresh if abs(p.minor - middle) * BPS <= self.band_bps * middle]


def _fresh(feed: PriceSource) -> MarketPrice | None:
    try:
        return feed.current()
    except Refused:
        return None
