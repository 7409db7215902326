"""The transaction that payouts share: its coins are reserved first, and nobody else's from then on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from disbursement.config import WalletRules
from disbursement.errors import WalletRefused, WalletUnavailable
from disbursement.sales import payments, payouts
from disbursement.sales.models import Payment, PaymentVersion, Payout, PayoutInput
from disbursement.sales.transfers import TransferMoved
from disbursement.wallets.practice import PracticeWallet
from disbursement.wallets.wallet import Coin, Outpoint

ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
OTHER_ADDRESS = "bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry"
COINS = [Coin(Outpoint(letter * 64, 0), 1_000_000) for letter in "ab"]


def finalized(kiosk: Any, name: str, address: str = ADDRESS) -> str:
    assert kiosk.quote(name).status_code == 200
    assert kiosk.prepare(name, address=address).status_code == 200
    kiosk.credited(2_000, name)
    kiosk.finalized(2_000, name)
    assert kiosk.report().status_code == 200
    return f"transfer-{name}"


def reserve(central: Any, transfer_id: str, coins: Any = COINS) -> Any:
    return central.house.db.run(
        lambda s: payments.reserve(central.house, s, transfer_id, coins, 0)
    )


def test_a_coin_that_is_reserved_is_not_chosen_again(central: Any, kiosk: Any) -> None:
    first, second = finalized(kiosk, "1"), finalized(kiosk, "2")
    chosen = [reserve(central, transfer).coins for transfer in (first, second)]
    assert chosen == [(COINS[0],), (COINS[1],)]


def test_one_coin_belongs_to_one_payment_whatever_was_read(central: Any, kiosk: Any) -> None:
    order = reserve(central, finalized(kiosk, "1"))
    taken = order.coins[0].outpoint
    again = sa.insert(PayoutInput).values(txid=taken.txid, vout=taken.vout, payment_id=1, value=1)
    with central.house.db.begin() as session, pytest.raises(sa.exc.IntegrityError):
        session.execute(again)


def test_a_payout_is_reserved_once(central: Any, kiosk: Any) -> None:
    transfer = finalized(kiosk, "1")
    reserve(central, transfer)
    with pytest.raises(TransferMoved):
        reserve(central, transfer)


def test_what_died_before_it_signed_leaves_nothing_reserved(
    central: Any, kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = finalized(kiosk, "1")

    def die(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(PracticeWallet, "sign", die)
        with pytest.raises(KeyboardInterrupt):
            payouts.attempt(central.house, transfer, 1)
    assert len(central.all(PayoutInput)) == 1
    central.work()
    assert kiosk.transfer().json()["state"] == "confirmed"
    [spent] = central.all(PayoutInput)
    [payment] = central.all(Payment)
    assert spent.payment_id == payment.payment_id == 2  # the first number is never used again


def test_who_signs_for_a_reservation_that_was_swept_stores_nothing(
    central: Any, kiosk: Any
) -> None:
    """A recovered workflow runs beside the one it was recovered from."""
    transfer = finalized(kiosk, "1")
    house = central.house
    slow = reserve(central, transfer)
    house.db.run(payments.sweep)
    quick = reserve(central, transfer)
    signed = house.wallet.sign(slow)
    with pytest.raises(TransferMoved):
        house.db.run(lambda s: payments.store(house, s, slow, signed))
    house.db.run(lambda s: payments.store(house, s, quick, signed))
    assert len(central.all(PaymentVersion)) == 1


def test_unconfirmed_change_is_spent_only_when_it_is_ours_and_sure(
    central: Any, kiosk: Any
) -> None:
    central_txid = "c" * 64
    own = Coin(Outpoint(central_txid, 1), 1_000_000, ancestors=1)
    transfer = finalized(kiosk, "1")
    with pytest.raises(WalletRefused, match="not enough coins"):
        reserve(central, transfer, [own])  # of a payment that is not ours
    versions = [
        PaymentVersion(
            payment_id=7,
            number=number,
            txid=txid,
            raw="",
            fee_base_units=1,
            fee_rate=1,
            signed_at_ms=0,
            is_sent=True,
        )
        for number, txid in ((1, central_txid), (2, "d" * 64))
    ]

    def one_version(session: Any) -> None:
        session.add(Payment(payment_id=7, txid=central_txid, is_final=False))
        session.flush()
        session.add(versions[0])

    central.house.db.run(one_version)
    with central.house.db.begin() as session:
        order = payments.reserve(central.house, session, transfer, [own], 0)
        assert order.coins == (own,)
        session.rollback()
    central.house.db.run(lambda session: session.add(versions[1]))
    with pytest.raises(WalletRefused, match="not enough coins"):
        reserve(central, transfer, [own])


def batching(central: Any) -> Any:
    wallet = replace(central.house.wallet, outputs_max=10)
    return replace(central.house, wallet=wallet)


def test_payouts_that_wait_share_one_transaction_but_never_an_address(
    central: Any, kiosk: Any
) -> None:
    first, second = finalized(kiosk, "1"), finalized(kiosk, "2", OTHER_ADDRESS)
    third = finalized(kiosk, "3")
    house = batching(central)
    coins = [Coin(Outpoint("a" * 64, 0), 10**7)]
    order = house.db.run(lambda s: payments.reserve(house, s, first, coins, 0))
    assert [output.transfer_id for output in order.outputs] == [first, second]
    waiting = [p.transfer_id for p in central.all(Payout) if p.payment_id is None]
    assert waiting == [third]


def test_a_payout_that_failed_goes_alone(central: Any, kiosk: Any) -> None:
    bad, good = finalized(kiosk, "1"), finalized(kiosk, "2", OTHER_ADDRESS)
    house = batching(central)
    house.db.run(lambda s: setattr(s.get(Payout, bad), "last_error", "dust"))
    coins = [Coin(Outpoint(letter * 64, 0), 10**7) for letter in "ab"]
    for transfer in (bad, good):
        order = house.db.run(lambda s, t=transfer: payments.reserve(house, s, t, coins, 0))
        assert [output.transfer_id for output in order.outputs] == [transfer]


def test_the_shared_fee_is_booked_to_the_last_unit(central: Any, kiosk: Any) -> None:
    first = finalized(kiosk, "1")
    finalized(kiosk, "2", OTHER_ADDRESS)
    house = batching(central)
    coins = [Coin(Outpoint("a" * 64, 0), 10**7)]
    order = house.db.run(lambda s: payments.reserve(house, s, first, coins, 0))
    signed = replace(
        PracticeWallet.sign(house.wallet, replace(order, outputs=order.outputs[:1])), fee=301
    )
    house.db.run(lambda s: payments.store(house, s, order, signed))
    [version] = central.all(PaymentVersion)
    house.db.run(lambda s: payments.sent(house, s, version))
    assert [payout.fee_base_units for payout in central.all(Payout)] == [151, 150]
    assert central.balances()["fees"] == 301
    central.demand_sound_books()
    assert {kiosk.transfer(name).json()["txid"] for name in "12"} == {signed.txid}


def test_what_was_signed_before_payments_had_versions_is_one(
    central: Any, kiosk: Any, books_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = finalized(kiosk, "1")

    def away(*_args: Any) -> None:
        raise WalletUnavailable("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(PracticeWallet, "broadcast", away)
        payouts.attempt(central.house, transfer, 1)
    [version] = central.all(PaymentVersion)
    db = books_of("0003")
    before = {"raw": version.raw, "txid": version.txid, "fee": 5, "transfer": transfer}
    with db.engine.begin() as connection:
        for statement in (
            "UPDATE payouts SET raw = :raw, txid = :txid, fee_base_units = :fee",
            "INSERT INTO payout_inputs (txid, vout, transfer_id) VALUES ('c', 1, :transfer)",
        ):
            connection.execute(sa.text(statement), before)
    db.migrate()

    def read(session: Any) -> tuple[Any, ...]:
        payout = session.get_one(Payout, transfer)
        [(_, carried)] = payments.members(session, payout.payment_id)
        [signed] = payments.versions(session, payout.payment_id)
        spent = session.get_one(PayoutInput, ("c", 1))
        return carried.transfer_id, signed.raw, signed.txid, signed.is_sent, spent.payment_id

    assert db.run(read) == (transfer, version.raw, version.txid, False, 1)


def test_payouts_wait_for_each_other_as_long_as_the_wallet_says(
    open_central: Any, tmp_path: Path
) -> None:
    central = open_central(tmp_path, paying=WalletRules(batch_delay_s=3))
    finalized(central.kiosk(), "1")
    assert [delay_s for _, _, delay_s in central.queue.ordered] == [3]
    assert central.all(Payout)[0].due_at_ms == central.clock() + 3_000
