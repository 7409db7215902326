"""A kiosk that goes silent with credited bills: its customer is paid out of what central knows, once."""

from typing import Any

import pytest

from disbursement.sales import payouts, watch
from disbursement.sales.models import TransferChange
from disbursement.sales.unheard import complete_unheard
from kiosk_wire.pricing import coin_amount, price_with_markup

HOUR_MS = 3_600_000
ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"  # BIP-173's first key, on regtest


@pytest.fixture
def grace_hours(central: Any) -> int:
    return int(central.house.rules.complete_after_hours)


def sell(kiosk: Any) -> None:
    assert kiosk.quote().status_code == 200
    assert kiosk.prepare().status_code == 200


def pass_hours(central: Any, hours: float) -> None:
    """The watch turns each hour."""
    end_ms = central.clock.ms + int(hours * HOUR_MS) + 1
    while central.clock.ms < end_ms:
        central.clock.ms = min(central.clock.ms + HOUR_MS, end_ms)
        complete_unheard(central.house)
        central.work()


def coins(cash_minor: int) -> int:
    return coin_amount(cash_minor, 200, price_with_markup(6_500_000, 500), 8)


def test_its_credited_bills_are_paid_after_the_grace_and_not_before(
    central: Any, kiosk: Any, grace_hours: int
) -> None:
    sell(kiosk)
    kiosk.credited(20_000)
    kiosk.report()
    pass_hours(central, grace_hours - 1)
    assert central.payments() == []
    pass_hours(central, 2)
    assert central.payments() == [(ADDRESS, coins(20_000))]
    reasons = [change.reason for change in central.all(TransferChange)]
    assert reasons[1] == f"finalized; no word of it for {grace_hours} hours"
    central.demand_sound_books()


def test_its_late_word_of_the_same_gets_the_stored_result(
    central: Any, kiosk: Any, grace_hours: int
) -> None:
    sell(kiosk)
    kiosk.credited(20_000)
    kiosk.report()
    pass_hours(central, grace_hours + 1)
    kiosk.finalized(20_000)
    assert kiosk.report().status_code == 200  # with its earlier events once more
    central.work()
    told = kiosk.transfer().json()
    assert (told["state"], told["committed_minor"]) == ("confirmed", 20_000)
    assert told["amount_base_units"] == coins(20_000)
    assert len(central.payments()) == 1
    central.demand_sound_books()


def test_a_word_within_the_grace_begins_it_anew(
    central: Any, kiosk: Any, grace_hours: int
) -> None:
    sell(kiosk)
    kiosk.credited(20_000)
    kiosk.report()
    pass_hours(central, grace_hours - 1)
    kiosk.credited(5_000, bill_id="bill-0002")
    kiosk.report()
    pass_hours(central, grace_hours - 1)
    assert central.payments() == []
    kiosk.finalized(25_000)
    kiosk.report()
    central.work()
    assert central.payments() == [(ADDRESS, coins(25_000))]
    pass_hours(central, 3 * grace_hours)
    assert len(central.payments()) == 1


def test_a_sale_without_a_bill_keeps_its_lock_for_a_kiosk_that_is_only_cut_off(
    central: Any, kiosk: Any, grace_hours: int
) -> None:
    sell(kiosk)
    pass_hours(central, 3 * grace_hours)
    assert kiosk.transfer().json()["state"] == "prepared"
    kiosk.credited(20_000)
    kiosk.finalized(20_000)
    kiosk.report()
    central.work()
    assert central.payments() == [(ADDRESS, coins(20_000))]
    central.demand_sound_books()


def test_too_little_to_be_sent_becomes_a_refund(
    central: Any, kiosk: Any, grace_hours: int
) -> None:
    sell(kiosk)
    kiosk.credited(230)
    kiosk.report()
    pass_hours(central, grace_hours + 1)
    assert kiosk.transfer().json()["state"] == "refund_due"
    assert central.payments() == []
    central.demand_sound_books()


def test_a_completion_that_fails_holds_up_no_payment(
    central: Any, kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_house: Any) -> None:
        raise RuntimeError("a sale that cannot be completed")

    sell(kiosk)
    kiosk.credited(20_000)
    kiosk.finalized(20_000)
    kiosk.report()
    for transfer_id, number, _ in central.queue.ordered:
        payouts.attempt(central.house, transfer_id, number)
    monkeypatch.setattr(watch, "complete_unheard", broken)
    with pytest.raises(RuntimeError):
        watch.watch(central.house)
    assert kiosk.transfer().json()["state"] == "confirmed"
