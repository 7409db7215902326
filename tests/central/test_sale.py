"""One sale, from the quote to the confirmed payment, and the ways it can end instead."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from disbursement.errors import WalletRefused, WalletUnavailable
from disbursement.kiosks.models import InboxEvent
from disbursement.sales import payments, payouts
from disbursement.sales.models import Payout, TransferChange
from disbursement.wallets.practice import PracticeWallet
from disbursement.wallets.wallet import Placement
from kiosk_wire.pricing import coin_amount, price_with_markup

PRICE_MINOR = price_with_markup(6_500_000, 500)
ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"


def units(cash_minor: int) -> int:
    return coin_amount(cash_minor, 200, PRICE_MINOR, 8)


def locked(central: Any) -> int:
    return central.locked()


def prepared(kiosk: Any, name: str = "1", **changes: Any) -> dict[str, Any]:
    assert kiosk.quote(name).status_code == 200
    answer = kiosk.prepare(name, **changes)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_quote_tells_price_markup_and_fee_apart(kiosk: Any, central: Any) -> None:
    quote = kiosk.quote().json()
    assert quote["market_price_minor"] == 6_500_000
    assert quote["markup_bps"] == 500
    assert quote["price_minor"] == 6_825_000  # 5 percent more
    assert quote["fee_minor"] == 200
    assert quote["network"] == "practice"
    assert quote["expires_at_ms"] == central.clock() + 600_000


def test_preparing_locks_the_funds_for_the_largest_amount(kiosk: Any, central: Any) -> None:
    transfer = prepared(kiosk)
    assert transfer["state"] == "prepared"
    assert locked(central) == units(50_000) == 729_670  # 498 dollars at 68,250 a coin
    central.demand_sound_books()


def test_what_was_inserted_is_paid_once_and_the_rest_is_free_again(
    kiosk: Any, central: Any
) -> None:
    prepared(kiosk)
    kiosk.credited(2_000)
    kiosk.credited(5_000)
    kiosk.finalized(7_000)
    assert kiosk.report().json() == {"through_seq": 3}
    assert kiosk.transfer().json()["state"] == "finalized"
    central.work()
    transfer = kiosk.transfer().json()
    assert (transfer["state"], transfer["confirmations"]) == ("confirmed", 1)
    assert transfer["amount_base_units"] == units(7_000) == 99_633
    assert central.payments() == [(ADDRESS, 99_633)]
    assert central.balances() == {
        "wallet": 100_000_000 - 99_633,
        "in_flight": 0,
        "sold": 99_633,
        "fees": 0,
        "owner": 100_000_000,
    }
    assert locked(central) == 0
    central.demand_sound_books()


def test_every_state_of_a_sale_is_on_record(kiosk: Any, central: Any) -> None:
    prepared(kiosk)
    kiosk.credited(2_000)
    kiosk.finalized(2_000)
    kiosk.report()
    central.work()
    changes = central.all(TransferChange)
    assert [(c.version, c.state) for c in changes] == [
        (1, "prepared"),
        (2, "finalized"),
        (3, "signed"),
        (4, "broadcast"),
        (5, "confirmed"),
    ]


def test_nothing_inserted_releases_the_lock_and_pays_nobody(kiosk: Any, central: Any) -> None:
    prepared(kiosk)
    kiosk.finalized(0)
    kiosk.report()
    central.work()
    assert kiosk.transfer().json()["state"] == "dismissed"
    assert (locked(central), central.payments()) == (0, [])


def test_finalizing_days_after_everything_expired_still_pays(kiosk: Any, central: Any) -> None:
    prepared(kiosk)
    kiosk.credited(10_000)
    kiosk.finalized(10_000)
    central.clock.ms += 9 * 24 * 3_600_000
    kiosk.report()
    central.work()
    assert kiosk.transfer().json()["state"] == "confirmed"


@pytest.mark.parametrize(
    ("bills", "committed", "why"),
    [
        ([2_000], 5_000, "50.00 USD claimed, but bills of 20.00 USD credited"),
        ([2_000, 2_000], 2_000, "20.00 USD claimed, but bills of 40.00 USD credited"),
        ([2_000], 0, "0.00 USD claimed, but bills of 20.00 USD credited"),
        ([100], 100, "1.00 USD buy 0.00000000 BTC: too little to be sent"),
        ([230], 230, "2.30 USD buy 0.00000439 BTC: too little to be sent"),
    ],
)
def test_cash_that_cannot_be_paid_as_coins_waits_for_a_person(
    kiosk: Any, central: Any, bills: list[int], committed: int, why: str
) -> None:
    prepared(kiosk)
    for value_minor in bills:
        kiosk.credited(value_minor)
    kiosk.finalized(committed)
    assert kiosk.report().status_code == 200
    central.work()
    assert kiosk.transfer().json()["state"] == "refund_due"
    assert central.all(TransferChange)[-1].reason == why
    assert (locked(central), central.payments()) == (0, [])
    central.demand_sound_books()


@pytest.mark.parametrize(("short_by", "state"), [(0, "confirmed"), (1, "refund_due")])
def test_the_smallest_cash_that_can_be_sent_is_told_at_prepare(
    kiosk: Any, central: Any, short_by: int, state: str
) -> None:
    """The practice wallet sends no less than 546 base units: 37.2645 cents at 68,250 dollars a coin,
    so 38 cents, and 200 for the fee."""
    least = prepared(kiosk)["min_amount_minor"]
    assert least == 238
    assert (units(least), units(least - 1)) == (556, 542)
    kiosk.credited(least - short_by)
    kiosk.finalized(least - short_by)
    kiosk.report()
    central.work()
    assert kiosk.transfer().json()["state"] == state
    assert kiosk.transfer().json()["min_amount_minor"] == least
    central.demand_sound_books()


def test_bills_of_another_currency_are_not_paid(kiosk: Any, central: Any) -> None:
    prepared(kiosk)
    kiosk.credited(2_000, currency="MXN")
    kiosk.finalized(2_000)
    kiosk.report()
    assert kiosk.transfer().json()["state"] == "refund_due"


def test_more_than_the_largest_amount_is_paid_up_to_the_lock(kiosk: Any, central: Any) -> None:
    prepared(kiosk, max_amount_minor=10_000)
    kiosk.credited(20_000)
    kiosk.finalized(20_000)
    kiosk.report()
    central.work()
    assert central.payments() == [(ADDRESS, units(10_000))]
    [problem] = [event.problem for event in central.all(InboxEvent) if event.problem]
    assert problem == (  # (100 - 2) and (200 - 2) dollars at 68,250 a coin
        "200.00 USD buy 0.00290109 BTC, more than was locked: 0.00143589 BTC paid"
    )
    assert central.all(TransferChange)[1].reason == problem
    central.demand_sound_books()


def test_finalizing_what_was_never_prepared(kiosk: Any, central: Any) -> None:
    kiosk.credited(2_000, "a")
    kiosk.finalized(2_000, "a")
    kiosk.finalized(0, "b")
    kiosk.report()
    assert kiosk.transfer("a").json()["state"] == "refund_due"
    assert kiosk.transfer("b").json()["state"] == "dismissed"


@pytest.mark.parametrize("cash", [0, 2_000])
def test_a_prepare_that_comes_after_the_end_is_refused(
    kiosk: Any, central: Any, cash: int
) -> None:
    kiosk.quote()
    kiosk.finalized(cash)
    kiosk.report()
    late = kiosk.prepare()
    assert (late.status_code, late.json()["code"]) == (409, "transfer_closed")
    assert locked(central) == 0


def test_a_bill_credited_after_the_dismissal_is_not_forgotten(kiosk: Any, central: Any) -> None:
    prepared(kiosk)
    kiosk.finalized(0)
    kiosk.credited(2_000)
    kiosk.report()
    assert kiosk.transfer().json()["state"] == "refund_due"


def test_a_restart_at_every_step_pays_once(
    open_central: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies right before each of the steps of a payout in turn; the next start goes on."""
    central = open_central(tmp_path)
    kiosk = central.kiosk()
    prepared(kiosk)
    kiosk.credited(7_000)
    kiosk.finalized(7_000)
    kiosk.report()

    class Killed(BaseException):
        pass

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise Killed

    for module, step in ((payments, "reserve"), (payments, "store"), (payments, "sent")):
        with monkeypatch.context() as patch:
            patch.setattr(module, step, die)
            with pytest.raises(Killed):
                central.work()
        central = open_central(tmp_path)
        payouts.resume_all(central.house)
    central.work()
    central.work()
    assert central.payments() == [(ADDRESS, units(7_000))]
    central.demand_sound_books()


def test_a_payout_that_fails_is_tried_again_later_with_the_same_bytes(
    kiosk: Any, central: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(kiosk)
    kiosk.credited(7_000)
    kiosk.finalized(7_000)
    kiosk.report()
    delays, sent = [], []

    def away(_wallet: Any, raw: str, _txid: str) -> None:
        sent.append(raw)
        raise WalletUnavailable("no answer from the node")

    with monkeypatch.context() as patch:
        patch.setattr(PracticeWallet, "broadcast", away)
        for _ in range(7):
            central.work()
            delays += [delay_s for _, _, delay_s in central.queue.ordered]
    assert delays == [2, 4, 8, 16, 32, 60, 60]
    assert len(set(sent)) == 1
    [payout] = central.all(Payout)
    assert payout.last_error == "no answer from the node"
    payouts.attempt(central.house, "transfer-1", 3)  # one that was overtaken does nothing
    assert central.payments() == []
    central.work()
    assert central.payments() == [(ADDRESS, units(7_000))]
    assert central.all(Payout)[0].last_error is None
    central.demand_sound_books()


def test_one_attempt_made_twice_at_once_orders_one_next(
    kiosk: Any, central: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recovered workflow may run beside the one it was recovered from."""
    prepared(kiosk)
    kiosk.credited(7_000)
    kiosk.finalized(7_000)
    kiosk.report()
    runs = []

    def fail_both(_wallet: Any, _raw: str, _txid: str) -> None:
        runs.append(1)
        if len(runs) == 1:
            payouts.attempt(central.house, "transfer-1", 1)
        raise WalletUnavailable("no answer from the node")

    monkeypatch.setattr(PracticeWallet, "broadcast", fail_both)
    central.work()
    assert len(runs) == 2
    assert [number for _, number, _ in central.queue.ordered] == [2]


def test_a_network_fee_beyond_its_reserve_waits_when_nothing_is_free(
    kiosk: Any, central: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coins promised to others never pay a fee: the payout waits, unsigned, for a lower one."""
    true_sign = PracticeWallet.sign

    def dear(wallet: Any, *order: Any) -> Any:
        return replace(true_sign(wallet, *order), fee=99_000_000)

    monkeypatch.setattr(PracticeWallet, "sign", dear)
    prepared(kiosk)
    kiosk.quote("2")
    assert kiosk.prepare("2", max_amount_minor=1_000_000).status_code == 200
    kiosk.credited(7_000)
    kiosk.finalized(7_000)
    kiosk.report()
    central.work()
    assert kiosk.transfer().json()["state"] == "finalized"
    assert "free" in central.all(Payout)[0].last_error
    central.demand_sound_books()
    monkeypatch.setattr(PracticeWallet, "sign", true_sign)
    central.work()
    assert kiosk.transfer().json()["state"] == "confirmed"
    central.demand_sound_books()


def test_a_payment_that_the_network_lost_is_sent_again_and_holds_up_no_other(
    kiosk: Any, central: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("1", "2"):
        prepared(kiosk, name)
        kiosk.credited(2_000, name)
        kiosk.finalized(2_000, name)
    kiosk.report()
    refused = []

    def lost(_wallet: Any, txid: str) -> Placement:
        return Placement(block=None, waiting=False)

    def refuse(_wallet: Any, _raw: str, txid: str) -> None:
        refused.append(txid)
        raise WalletRefused("txn-mempool-conflict")

    with monkeypatch.context() as patch:
        patch.setattr(PracticeWallet, "placement", lost)
        central.work()
        patch.setattr(PracticeWallet, "broadcast", refuse)
        central.work()
    assert len(refused) == 2
    assert {payout.last_error for payout in central.all(Payout)} == {"txn-mempool-conflict"}
    central.work()
    assert {kiosk.transfer(name).json()["state"] for name in "12"} == {"confirmed"}
    assert {payout.last_error for payout in central.all(Payout)} == {None}
