import socket
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from disbursement.api.app import build_app
from disbursement.errors import Refused
from disbursement.metrics import Counted, Metrics
from kiosk_wire.messages import RefusalCode


class Scrape:
    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/metrics"

    def __call__(self, name: str, **labels: str) -> float:
        text = httpx2.get(self._url).text
        [value] = [
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]
        return float(value)


@pytest.fixture
def scrape(central: Any) -> Any:
    with socket.create_server(("127.0.0.1", 0)) as any_free:
        port = any_free.getsockname()[1]
    metrics = Metrics(central.house)
    stop = metrics.serve(port)
    scrape = Scrape(port)
    scrape.metrics = metrics  # type: ignore[attr-defined]
    yield scrape
    stop()


def test_books_are_drawn_at_each_scrape(scrape: Any, central: Any, kiosk: Any) -> None:
    assert scrape("central_transfers", state="prepared") == 0
    kiosk.quote()
    kiosk.prepare()
    assert scrape("central_transfers", state="prepared") == 1
    assert scrape("central_account_locked", account=central.house.books.account("wallet")) > 0
    kiosk.credited(20_000)
    kiosk.finalized(20_000)
    kiosk.report()
    central.clock.ms += 90_000
    assert scrape("central_oldest_payout_seconds") == 90
    assert scrape("central_kiosk_silent_seconds", kiosk="kiosk-1") == 90
    central.work()
    assert scrape("central_transfers", state="confirmed") == 1
    assert scrape("central_open_matters") == 0
    assert scrape("central_oldest_payout_seconds") == 0


def test_requests_are_counted_by_route_and_status_and_never_by_what_strangers_ask_for(
    scrape: Any, central: Any
) -> None:
    client = TestClient(Counted(build_app(central.house), scrape.metrics))
    assert client.get("/healthz").status_code == 200
    for number in range(3):
        client.get(f"/etc/passwd/{number}")
    client.post("/v1/quotes", json={})
    assert scrape("central_requests_total", route="/healthz", status="200") == 1
    assert scrape("central_requests_total", route="none", status="404") == 3
    assert scrape("central_requests_total", method="POST", route="none", status="401") == 1
    assert scrape("central_request_seconds_count", route="/healthz") == 1


def test_readiness_says_what_is_missing(
    central: Any, kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    central.work()  # the watch has turned
    assert kiosk.client.get("/readyz").json() == {"ready": True, "missing": []}
    central.clock.ms += 61_000

    def stale(_self: Any) -> Any:
        raise Refused(503, RefusalCode.PRICE_STALE, "the last price is 300 s old")

    monkeypatch.setattr(type(central.house.prices), "current", stale)
    answer = kiosk.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["missing"] == [
        "the wallet has not answered for a minute",
        "no price: the last price is 300 s old",
    ]
