"""A large payout waits for a person, whatever starts anew meanwhile, and is paid once they said yes."""

from pathlib import Path
from typing import Any

import pytest

from disbursement.config import SaleSection
from disbursement.errors import NotOpen
from disbursement.matters import open_matters
from disbursement.metrics import Metrics
from disbursement.sales import payouts
from disbursement.sales.approvals import approve
from disbursement.sales.models import Approval, PayoutInput

LIMIT_MINOR = 20_000


@pytest.fixture
def central(open_central: Any, tmp_path: Path) -> Any:
    return open_central(tmp_path, rules=SaleSection(approve_above_minor=LIMIT_MINOR))


def finalized(kiosk: Any, cash_minor: int) -> None:
    assert kiosk.quote().status_code == 200
    assert kiosk.prepare().status_code == 200
    kiosk.credited(cash_minor)
    kiosk.finalized(cash_minor)
    assert kiosk.report().status_code == 200


def matters(central: Any) -> list[tuple[str, str]]:
    house = central.house
    found = house.db.run(lambda s: open_matters(s, house.rules, central.clock()))
    return [(matter.name, matter.text) for matter in found]


def test_less_than_the_limit_is_paid_at_once(central: Any, kiosk: Any) -> None:
    finalized(kiosk, LIMIT_MINOR - 100)
    central.work()
    assert kiosk.transfer().json()["state"] == "confirmed"


def test_nothing_is_signed_before_the_approval_and_it_is_paid_after(
    central: Any, kiosk: Any
) -> None:
    finalized(kiosk, LIMIT_MINOR)
    payouts.resume_all(central.house)  # a restart
    central.clock.ms += 10 * payouts.OVERDUE_S * 1_000
    central.work()
    payouts.attempt(central.house, "transfer-1", 1)  # one that nobody ordered
    assert (central.payments(), central.all(PayoutInput)) == ([], [])
    [(name, text)] = matters(central)
    assert name == "transfer-1"
    assert text == (
        "kiosk kiosk-1, claim code unknown: 200.00 USD credited, waits for approval: "
        "`central approve transfer-1 --note ...`, or `central settle transfer-1 --note ...` ends it unpaid"
    )
    approve(central.house, "transfer-1", "called the customer, Ann")
    for _ in range(2):
        central.work()
    assert kiosk.transfer().json()["state"] == "confirmed"
    assert len(central.payments()) == 1
    assert [row.note for row in central.all(Approval)] == ["called the customer, Ann"]
    assert matters(central) == []
    central.demand_sound_books()


def test_an_approval_is_given_once_and_only_to_what_waits(central: Any, kiosk: Any) -> None:
    finalized(kiosk, LIMIT_MINOR)
    approve(central.house, "transfer-1", "yes")
    for transfer_id in ("transfer-1", "transfer-9"):
        with pytest.raises(NotOpen, match="waits for approval"):
            approve(central.house, transfer_id, "yes")
    assert len(central.all(Approval)) == 1


def test_what_waits_for_a_person_is_no_late_payout(central: Any, kiosk: Any) -> None:
    finalized(kiosk, LIMIT_MINOR)
    central.clock.ms += 3_600_000
    registry = Metrics(central.house).registry
    assert registry.get_sample_value("central_oldest_payout_seconds") == 0
    approve(central.house, "transfer-1", "called the customer, Ann")
    central.clock.ms += 60_000
    assert registry.get_sample_value("central_oldest_payout_seconds") == 60
