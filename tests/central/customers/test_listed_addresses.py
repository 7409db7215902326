"""Nothing is sold, approved or paid by itself to an address on the list, with or without customers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from disbursement.config import RequestSection
from disbursement.customers.sanctions import books
from disbursement.customers.sanctions.models import ListedAttempt
from disbursement.customers.sanctions.reading import read_list
from disbursement.errors import RequestRefused
from disbursement.matters import open_matters, settle
from disbursement.requests.request import CryptoDisburseRequest
from disbursement.sales.approvals import approve
from disbursement.sales.models import TransferRow
from ofac_files import Entry, write_advanced

LISTED = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"  # as the kiosks of these tests ask for


@pytest.fixture
def central(open_central: Any, tmp_path: Path) -> Any:
    """Where nobody is asked who they are."""
    return open_central(tmp_path)


@pytest.fixture
def load(central: Any, tmp_path: Path) -> Any:
    def load(address: str = LISTED, day: int = 1) -> None:
        person = Entry(7, "Nobody", "LISTED", wallets=[("XBT", address)])
        found = read_list(write_advanced(tmp_path / "sdn.xml", date(2026, 11, day), [person]))
        central.house.db.run(lambda session: books.replace(session, found, 0))

    return load


def matters(central: Any) -> list[Any]:
    house = central.house
    return house.db.run(lambda session: open_matters(session, house.rules, house.now_ms()))


def test_no_sale_begins_to_a_listed_address_in_any_case(
    central: Any, kiosk: Any, load: Any
) -> None:
    load(LISTED.upper())
    kiosk.happened("session_started", claim_code="ABCD-2345", language="en")
    kiosk.report()
    kiosk.quote()
    for _ in range(2):
        refused = kiosk.prepare()
        assert (refused.status_code, refused.json()["code"]) == (409, "address_refused")
    assert central.all(TransferRow) == []
    assert len(central.all(ListedAttempt)) == 1
    [matter] = matters(central)
    assert (matter.name, matter.by_hand) == ("listed:transfer-1", True)
    assert "ABCD-2345" in matter.text
    house = central.house
    house.db.run(lambda s: settle(house, s, matter.name, "reported to OFAC"))
    assert matters(central) == []


def test_the_list_that_counts_decides(central: Any, kiosk: Any, load: Any) -> None:
    load()
    kiosk.quote()
    assert kiosk.prepare().status_code == 409
    load("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", day=2)  # taken off the list
    assert kiosk.prepare().status_code == 200
    load(day=3)
    assert kiosk.prepare().status_code == 200  # a repeat gets the stored answer


def test_an_address_listed_while_cash_went_in_is_not_paid_by_itself(
    central: Any, kiosk: Any, load: Any
) -> None:
    kiosk.quote()
    kiosk.prepare()
    load()
    kiosk.credited(20_000)
    kiosk.finalized(20_000)
    kiosk.report()
    central.work()
    assert central.payments() == []
    [matter] = matters(central)
    assert "its address is on the sanctions list, waits for approval" in matter.text
    approve(central.house, "transfer-1", "a licence of OFAC's allows it")
    central.work()
    assert len(central.payments()) == 1
    central.demand_sound_books()


def test_a_request_is_neither_approved_nor_sent_to_a_listed_address(
    central: Any, load: Any
) -> None:

    house = replace(central.house, requests=RequestSection(max_amount=Decimal(1)))

    def asked(name: str) -> CryptoDisburseRequest:
        return CryptoDisburseRequest.submit(
            house,
            requested_by="anna",
            requesting_app="test",
            purpose="order 17",
            amount=Decimal("0.01"),
            crypto_currency="BTC",
            crypto_address=LISTED,
            request_id=name,
        )

    before, after = asked("before"), asked("after")
    before.approve(by="ben", note="seen")
    load()
    with pytest.raises(RequestRefused):
        before.send_to_node()
    with pytest.raises(RequestRefused):
        after.approve(by="ben", note="seen")
    central.work()
    assert central.payments() == []
