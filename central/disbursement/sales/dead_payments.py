"""A payment that can never confirm, because another transaction has spent one of its coins for good.

Somebody paid from the wallet by hand, or from a restored copy of it. Only that other transaction is proof, in a block
as deep as no reorganization goes, and no version of the payment itself; that a payment is in no mempool proves
nothing. Then its payouts are paid anew, of other coins or of those that are left. One whose address the other
transaction pays waits for a person first: the customer may have the coins.

The dead payment stays on record with its versions and the coins that it lost.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.customers.sanctions import books as sanctions
from disbursement.errors import WalletRefused
from disbursement.house import House
from disbursement.sales import payments, payouts
from disbursement.sales.models import Payment, PaymentVersion, Payout, PayoutInput, TransferRow
from disbursement.sales.payments import FINAL_CONFIRMATIONS
from disbursement.sales.transfers import move
from disbursement.wallets.wallet import Outpoint, Spender
from kiosk_wire.messages import TransferState

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Suspect:
    payment_id: int
    coins: tuple[Outpoint, ...]  # one of these spent by another: it is dead
    signed_at_ms: int


def bury_dead(house: House) -> None:
    """One pass; between two blocks nothing changes."""
    for suspect in house.db.run(_suspects):
        try:
            spender = house.wallet.spender(suspect.coins, suspect.signed_at_ms)
        except WalletRefused as why:  # it holds up nothing else
            log.warning("payment %s: who spent its coins is not told: %s", suspect.payment_id, why)
            continue
        house.db.run(partial(_judge, house, suspect.payment_id, spender))


def _suspects(session: Session) -> list[_Suspect]:
    first = sa.select(PaymentVersion).join(
        Payment, Payment.payment_id == PaymentVersion.payment_id
    )
    in_no_block = first.where(
        PaymentVersion.number == 1, Payment.block_hash.is_(None), Payment.is_final.is_(False)
    )
    return [
        _Suspect(
            version.payment_id,
            tuple(_coins_to_ask(session, version.payment_id)),
            version.signed_at_ms,
        )
        for version in session.scalars(in_no_block.order_by(PaymentVersion.payment_id)).all()
    ]


def _coins_to_ask(session: Session, payment_id: int) -> Iterator[Outpoint]:
    """Of change that never came to be, the coins that its own payment lost; of change that waits, nothing."""
    for coin in _inputs(session, payment_id):
        parent = _parent(session, coin)
        if parent is None or parent.block_hash is not None:
            yield Outpoint(coin.txid, coin.vout)
        elif parent.is_final:
            yield from _coins_to_ask(session, parent.payment_id)


def _inputs(session: Session, payment_id: int) -> list[PayoutInput]:
    mine = sa.select(PayoutInput).where(PayoutInput.payment_id == payment_id)
    return list(session.scalars(mine.order_by(PayoutInput.txid, PayoutInput.vout)))


def _parent(session: Session, coin: PayoutInput) -> Payment | None:
    return session.scalar(
        sa.select(Payment)
        .join(PaymentVersion, PaymentVersion.payment_id == Payment.payment_id)
        .where(PaymentVersion.txid == coin.txid)
    )


def _judge(house: House, payment_id: int, spender: Spender | None, session: Session) -> None:
    payment = session.get_one(Payment, payment_id, with_for_update=True)
    if payment.block_hash is not None or payment.is_final:
        return
    own = {version.txid for version in payments.versions(session, payment_id)}
    if spender is None or spender.txid in own:
        if payment.spent_by is not None:
            _note(session, payment, None)
        payment.spent_by = None
        return
    payment.spent_by = spender.txid
    if spender.confirmations >= FINAL_CONFIRMATIONS:
        _bury(house, session, payment, spender)
    else:
        told = f"transaction {spender.txid}, none of ours, has spent a coin of {payment.txid}"
        _note(
            session, payment, f"{told}: paid anew once that is {FINAL_CONFIRMATIONS} blocks deep"
        )


def _note(session: Session, payment: Payment, problem: str | None) -> None:
    for _, payout in payments.members(session, payment.payment_id):
        payout.last_error = problem


def _bury(house: House, session: Session, payment: Payment, spender: Spender) -> None:
    log.error("payment %s is dead: %s has spent its coin", payment.txid, spender.txid)
    for member in payments.members(session, payment.payment_id):
        _pay_anew(house, session, payment, member, spender)
    for version in payments.versions(session, payment.payment_id):
        version.is_sent = True  # or refused, now for ever
    for coin in _inputs(session, payment.payment_id):
        parent = _parent(session, coin)
        exists = parent is None or parent.block_hash is not None
        if exists and Outpoint(coin.txid, coin.vout) not in spender.spends:
            session.delete(coin)
    payment.is_final = True


def _pay_anew(
    house: House,
    session: Session,
    payment: Payment,
    member: tuple[TransferRow, Payout],
    spender: Spender,
) -> None:
    row, payout = member
    now_ms = house.now_ms()
    if row.state == TransferState.BROADCAST:
        reference = payments.booked_as(row, payment.payment_id)
        amount, fee = row.amount_base_units or 0, payout.fee_base_units or 0
        house.books.unpaid(session, reference, amount=amount, fee=fee, at_ms=now_ms)
    why = f"{payment.txid} is dead: {spender.txid} has spent its coin"
    may_be_paid = row.address in spender.pays
    if may_be_paid:
        why += " and pays the same address"
    move(session, row, TransferState.FINALIZED, why, now_ms)
    needs_a_person = may_be_paid or sanctions.is_listed(session, row.address)
    payouts.order_anew(house, session, payout, awaits_approval=needs_a_person)
