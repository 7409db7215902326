"""Replacing a payment that waits too long by a version with a higher fee.

Every version spends the same coins and pays the same, only the change shrinks: so at most one can confirm,
whichever the miners take. It is built, stored and then sent, as the first was. Not replaced is a payment
whose change another of ours spends already (that one would die with it), one without change, and one at
the highest rate that the configuration allows; those wait on.
"""

import logging

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.errors import FundsUnavailable, WalletRefused
from disbursement.house import House
from disbursement.sales import payments
from disbursement.sales.models import Payment, PaymentVersion, PayoutInput
from disbursement.sales.transfers import TransferMoved
from disbursement.wallets.fees import raised
from disbursement.wallets.wallet import Coin, Order, Outpoint, SignedPayment

log = logging.getLogger(__name__)


def replace_slow(house: House) -> None:
    """The caller sends what this stores, in its next pass."""
    for payment_id in house.db.run(lambda session: _slow(house, session)):
        try:
            _replace(house, payment_id)
        except (WalletRefused, FundsUnavailable, TransferMoved) as why:
            log.warning("payment %s is not replaced: %s", payment_id, why)


def _slow(house: House, session: Session) -> list[int]:
    """Each is asked about once in so many blocks, whatever came of it: the count begins anew here."""
    begun_at = house.tip.height - house.paying.replace_after_blocks
    slow = (
        sa.select(PaymentVersion)
        .join(Payment, Payment.txid == PaymentVersion.txid)
        .where(
            Payment.block_hash.is_(None),
            Payment.spent_by.is_(None),
            PaymentVersion.waits_since_height <= begun_at,
        )
        .order_by(PaymentVersion.payment_id)
    )
    found = list(session.scalars(slow))
    for version in found:
        version.waits_since_height = house.tip.height
    return [version.payment_id for version in found]


def _replace(house: House, payment_id: int) -> None:
    estimate = house.wallet.fee_rate()
    order = house.db.run(lambda session: _order(house, session, payment_id, estimate))
    if order is not None:
        signed = house.wallet.sign(order)
        house.db.run(lambda session: _store(house, session, order, signed))


def _order(house: House, session: Session, payment_id: int, estimate: int) -> Order | None:
    payment = session.get_one(Payment, payment_id, with_for_update=True)
    newest = payments.versions(session, payment_id)[-1]
    fee_rate = raised(
        newest.fee_rate,
        estimate,
        house.paying.fee_rate_max,
        house.wallet.least_raise(newest.fee_rate),
    )
    if fee_rate is None or not _may_be_replaced(session, payment):
        return None
    mine = sa.select(PayoutInput).where(PayoutInput.payment_id == payment_id)
    spent = session.scalars(mine.order_by(PayoutInput.txid, PayoutInput.vout))
    coins = tuple(Coin(Outpoint(coin.txid, coin.vout), coin.value) for coin in spent)
    outputs = payments.outputs(session, payment_id)
    return Order(payment_id, outputs, coins, fee_rate, payment.change_address)


def _may_be_replaced(session: Session, payment: Payment) -> bool:
    txids = [version.txid for version in payments.versions(session, payment.payment_id)]
    spent = sa.select(PayoutInput).where(PayoutInput.txid.in_(txids))
    is_alive = payment.block_hash is None and payment.spent_by is None
    is_possible = is_alive and payment.change_address is not None
    return is_possible and session.scalars(spent.limit(1)).first() is None


def _store(house: House, session: Session, order: Order, signed: SignedPayment) -> None:
    """Raises FundsUnavailable when nothing is free for the higher fee."""
    payment = session.get_one(Payment, order.payment_id, with_for_update=True)
    if not _may_be_replaced(session, payment):
        raise TransferMoved(f"payment {order.payment_id} cannot be replaced any more")
    newest = payments.versions(session, order.payment_id)[-1]
    version = payments.as_version(order, signed, newest.number + 1, house.now_ms())
    version.replaces = newest.txid
    session.add(version)
    session.flush()
    payments.count(house, session, payment, version)
    log.warning(
        "payment %s waits for a block: its fee goes from %s to %s base units",
        order.payment_id,
        newest.fee_base_units,
        version.fee_base_units,
    )
