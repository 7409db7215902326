"""Below the floor and above the hour's limit nothing new is sold; what is promised is paid."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from disbursement.config import SaleSection, WalletRules
from kiosk_wire.pricing import coin_amount, price_with_markup

FUNDS = 100_000_000
HOUR_MS = 3_600_000


def asked(kiosk: Any, name: str, **changes: Any) -> Any:
    assert kiosk.quote(name).status_code == 200
    return kiosk.prepare(name, **changes)


def paid(central: Any, kiosk: Any, name: str, cash_minor: int) -> None:
    kiosk.credited(cash_minor, name)
    kiosk.finalized(cash_minor, name)
    kiosk.report()
    central.work()
    assert kiosk.transfer(name).json()["state"] == "confirmed"


def test_the_last_sale_above_the_floor_is_taken_and_the_next_refused(
    open_central: Any, tmp_path: Path
) -> None:
    one = coin_amount(50_000, 200, price_with_markup(6_500_000, 500), 8)
    floor = Decimal(FUNDS - one).scaleb(-8)
    central = open_central(tmp_path, paying=WalletRules(floor=floor))
    kiosk = central.kiosk()
    assert asked(kiosk, "1").status_code == 200
    refused = asked(kiosk, "2", max_amount_minor=1_000)
    assert (refused.status_code, refused.json().get("code")) == (409, "funds_unavailable"), (
        refused.text
    )
    assert central.locked() == one  # nothing of the refused
    paid(central, kiosk, "1", 50_000)
    central.demand_sound_books()


def test_no_more_is_sold_in_an_hour_than_its_limit(open_central: Any, tmp_path: Path) -> None:
    central = open_central(tmp_path, rules=SaleSection(hourly_limit_minor=60_000))
    kiosk = central.kiosk()
    assert asked(kiosk, "1").status_code == 200  # it may become 500.00
    refused = asked(kiosk, "2", max_amount_minor=10_001)
    assert (refused.status_code, refused.json().get("code")) == (409, "funds_unavailable"), (
        refused.text
    )
    assert refused.json()["detail"] == "the limit of this hour is reached"
    paid(central, kiosk, "1", 20_000)
    assert asked(kiosk, "3", max_amount_minor=40_000).status_code == 200  # it became 200.00
    assert asked(kiosk, "4", max_amount_minor=1_000).status_code == 409
    central.clock.ms += HOUR_MS
    assert asked(kiosk, "5").status_code == 200


def test_a_repeated_prepare_is_no_new_one(open_central: Any, tmp_path: Path) -> None:
    central = open_central(tmp_path, rules=SaleSection(hourly_limit_minor=50_000))
    kiosk = central.kiosk()
    assert asked(kiosk, "1").status_code == 200
    assert kiosk.prepare("1").status_code == 200
