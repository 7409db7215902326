"""What leaves the wallet on request counts for the same limits as what is sold, and stops at the same floor."""

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from disbursement.config import Config, RequestSection, SaleSection, WalletRules
from disbursement.errors import RequestRefused
from disbursement.matters import open_matters, settle
from disbursement.requests.request import CryptoDisburseRequest
from disbursement.sales.approvals import approve
from disbursement.sales.models import TransferRow
from disbursement.service import open_office, open_prices
from disbursement.workflows import migrate

ADDRESS = "1HB5XMLmzFVj8ALj6mfBsbifRoD4miY36v"
HOUR_MS = 3_600_000
WORTH_65 = Decimal("0.001")  # USD, at the price of the tests


@pytest.fixture
def limited(open_central: Any, tmp_path: Path) -> Callable[..., Any]:
    def start(floor: str = "0", **rules: Any) -> Any:
        central = open_central(
            tmp_path, rules=SaleSection(**rules), paying=WalletRules(floor=Decimal(floor))
        )
        central.house = replace(central.house, requests=RequestSection(max_amount=Decimal(1)))
        return central

    return start


def approved(house: Any, name: str, amount: Decimal = WORTH_65) -> CryptoDisburseRequest:
    request = CryptoDisburseRequest.submit(
        house,
        requested_by="anna",
        requesting_app="test",
        purpose="order 17",
        amount=amount,
        crypto_currency="BTC",
        crypto_address=ADDRESS,
        request_id=f"otc-{name}",
    )
    request.approve(by="ben", note="as agreed")
    return request


def sent(house: Any, name: str, amount: Decimal = WORTH_65) -> CryptoDisburseRequest:
    request = approved(house, name, amount)
    request.send_to_node()
    return request


def prepared(kiosk: Any, name: str, max_amount_minor: int) -> int:
    assert kiosk.quote(name).status_code == 200
    return int(kiosk.prepare(name, max_amount_minor=max_amount_minor).status_code)


def test_sales_and_requests_share_the_limit_of_an_hour(limited: Any) -> None:
    central = limited(hourly_limit_minor=20_000)
    assert sent(central.house, "1").state == "ordered"  # 65.00
    kiosk = central.kiosk()
    assert prepared(kiosk, "1", 13_501) == 409
    assert prepared(kiosk, "2", 13_000) == 200
    late = sent(central.house, "2")
    assert (late.state, late.version.note) == (
        "failed_to_send",
        "the limit of this hour is reached",
    )
    assert central.house.db.run(lambda s: s.get(TransferRow, "request:otc-2")) is None
    central.clock.ms += HOUR_MS
    late.send_to_node()
    assert late.state == "ordered"
    central.work()
    assert len(central.payments()) == 2
    central.demand_sound_books()


def test_a_request_stops_at_the_floor(limited: Any) -> None:
    central = limited(floor="0.9")
    assert sent(central.house, "1", Decimal("0.1")).state == "ordered"
    short = sent(central.house, "2", Decimal("0.00001"))
    assert short.state == "failed_to_send"
    assert short.version.note == "the wallet would fall below its floor"
    central.demand_sound_books()


def test_a_large_request_waits_for_approval_of_its_payout(limited: Any) -> None:
    central = limited(approve_above_minor=6_500)
    house = central.house
    sent(house, "small", Decimal("0.00099999"))  # 64.9993..., of which a cent begun counts
    large = sent(house, "large", Decimal("0.00100001"))
    central.work()
    matters = {m.name: m.text for m in house.db.run(lambda s: open_matters(s, house.rules, 0))}
    assert set(matters) == {"request:otc-small", "request:otc-large"}
    assert matters["request:otc-large"] == (
        f"0.00100001 BTC to {ADDRESS}, asked by anna for 'order 17', waits for approval: "
        "`central approve request:otc-large --note ...`, "
        "or `central settle request:otc-large --note ...` ends it unpaid"
    )
    assert central.payments() == []
    approve(house, "request:otc-large", "seen the contract")
    house.db.run(lambda s: settle(house, s, "request:otc-small", "paid by bank"))
    for _ in range(2):
        central.work()
    assert [amount for _, amount in central.payments()] == [100_001]
    assert large.latest().state == "confirmed"
    central.demand_sound_books()


def test_without_a_price_nothing_that_has_a_limit_is_sent(limited: Any) -> None:
    central = limited(hourly_limit_minor=10_000)
    url = "http://127.0.0.1:9/price"
    nothing = open_prices(
        Config.model_validate({"price": {"source": "http", "url": url, "path": "p"}})
    )
    request = approved(replace(central.house, prices=nothing), "1")
    with pytest.raises(RequestRefused, match="not known now: no price has been fetched yet"):
        request.send_to_node()
    assert request.latest().state == "approved"


class Market(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"price": "65000.00"}')

    def log_message(self, *_args: Any) -> None:
        """Nothing."""


def test_an_office_fetches_the_price_when_it_needs_it(limited: Any, tmp_path: Path) -> None:
    migrate(limited().house.db)
    with HTTPServer(("127.0.0.1", 0), Market) as market:
        threading.Thread(target=market.serve_forever).start()
        url = f"http://127.0.0.1:{market.server_port}/"
        told = {
            "server": {"data_dir": tmp_path},
            "price": {"source": "http", "url": url, "path": "price"},
            "requests": {"max_amount": "1"},
            "sale": {"hourly_limit_minor": 10_000},
        }
        try:
            with open_office(Config.model_validate(told)) as house:
                assert sent(house, "1").state == "ordered"
                assert sent(house, "2").state == "failed_to_send"
        finally:
            market.shutdown()
