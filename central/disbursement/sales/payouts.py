"""Paying exactly once: sign, store the signed bytes, then broadcast; the same bytes for ever.

    FINALIZED ──build and sign, not broadcast──▶ commit bytes, txid, coins ──▶ SIGNED ──▶ BROADCAST

Nothing is broadcast that is not stored, and what is stored is never built again. A crash before the commit
loses bytes that nobody has seen; a crash after it sends the same bytes once more. A coin of the wallet
belongs to at most one payout (the key of `payout_inputs`).

One attempt is one durable workflow, one at a time for each wallet. An attempt that fails orders the next,
later, in the transaction that records why. One that could not even be recorded (the disk was full) leaves
its payout overdue, and `order_overdue` finds it. Not responsible for confirmations; see `watch.py`.
"""

import logging

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.database import in_words
from disbursement.house import House
from disbursement.sales.models import Payout, PayoutInput, TransferRow
from disbursement.sales.transfers import move
from disbursement.wallets.wallet import Outpoint, SignedPayment
from kiosk_wire.messages import TransferState

RETRY_S_MAX = 60
OVERDUE_S = 300  # more than an attempt takes at a node that answers each call at the last moment
UNPAID = (TransferState.FINALIZED, TransferState.SIGNED)
log = logging.getLogger(__name__)


def attempt(house: House, transfer_id: str, number: int) -> None:
    """Safe to run again at any point, in part or as a whole."""
    row, payout = house.db.run(lambda session: _read(session, transfer_id))
    if payout.attempts >= number or row.state not in UNPAID:
        return  # a later attempt took over, or it is done
    try:
        if row.state == TransferState.FINALIZED:
            _sign(house, row)
        _broadcast(house, transfer_id)
    except Exception as failure:  # noqa: BLE001  # whatever it is, this payout is tried again
        why = in_words(failure)
        log.warning("payout %s, attempt %s: %s", transfer_id, number, why)
        house.db.run(lambda session: _again(house, session, transfer_id, number, why))


def resume_all(house: House) -> None:
    """At start: every unpaid payout gets a new attempt, so none depends on a workflow that failed."""

    def resume(session: Session) -> None:
        unpaid = sa.select(TransferRow.transfer_id).where(TransferRow.state.in_(UNPAID))
        for transfer_id in session.scalars(unpaid).all():
            payout = session.get_one(Payout, transfer_id)
            _again(house, session, transfer_id, payout.attempts + 1, payout.last_error, delay_s=0)

    house.db.run(resume)


def order_overdue(house: House) -> None:
    """Whatever became of the attempt that was due: the payout gets another, and the old one, should it
    still come, does nothing."""

    def order(session: Session) -> None:
        overdue = (
            sa.select(Payout)
            .join(TransferRow, TransferRow.transfer_id == Payout.transfer_id)
            .where(
                TransferRow.state.in_(UNPAID),
                Payout.due_at_ms < house.now_ms() - OVERDUE_S * 1_000,
            )
        )
        for payout in session.scalars(overdue).all():
            number = payout.attempts + 1
            why = payout.last_error or f"attempt {number} left no word"
            log.warning("payout %s, attempt %s is overdue", payout.transfer_id, number)
            _again(house, session, payout.transfer_id, number, why, delay_s=0)

    house.db.run(order)


def _read(session: Session, transfer_id: str) -> tuple[TransferRow, Payout]:
    return session.get_one(TransferRow, transfer_id), session.get_one(Payout, transfer_id)


def _sign(house: House, row: TransferRow) -> None:
    avoid = house.db.run(_coins_not_yet_broadcast)
    amount = row.amount_base_units or 0
    signed = house.wallet.sign(row.transfer_id, row.address, amount, avoid)
    house.db.run(lambda session: _store(house, session, row.transfer_id, signed))


def _coins_not_yet_broadcast(session: Session) -> set[Outpoint]:
    """The node knows that the coins of broadcast payouts are spent; of these it does not."""
    spent = (
        sa.select(PayoutInput)
        .join(TransferRow, TransferRow.transfer_id == PayoutInput.transfer_id)
        .where(TransferRow.state == TransferState.SIGNED)
    )
    return {Outpoint(coin.txid, coin.vout) for coin in session.scalars(spent)}


def _store(house: House, session: Session, transfer_id: str, signed: SignedPayment) -> None:
    row, payout = _read(session, transfer_id)
    now_ms = house.now_ms()
    move(session, row, TransferState.SIGNED, f"signed {signed.txid}", now_ms)
    payout.raw, payout.txid, payout.fee_base_units = signed.raw, signed.txid, signed.fee
    for coin in signed.inputs:
        session.add(PayoutInput(txid=coin.txid, vout=coin.vout, transfer_id=transfer_id))
    house.books.fix_fee(
        session, transfer_id, reserve=row.fee_reserve, fee=signed.fee, at_ms=now_ms
    )
    session.flush()


def _broadcast(house: House, transfer_id: str) -> None:
    _, payout = house.db.run(lambda session: _read(session, transfer_id))
    if payout.raw is None or payout.txid is None:
        raise ValueError(f"transfer {transfer_id} has no signed bytes")
    house.wallet.broadcast(payout.raw, payout.txid)
    house.db.run(lambda session: _book(house, session, transfer_id))


def _book(house: House, session: Session, transfer_id: str) -> None:
    row, payout = _read(session, transfer_id)
    now_ms = house.now_ms()
    move(session, row, TransferState.BROADCAST, "accepted by the network", now_ms)
    amount, fee = row.amount_base_units or 0, payout.fee_base_units or 0
    house.books.paid(session, transfer_id, amount=amount, fee=fee, at_ms=now_ms)
    payout.last_error = None


def _again(  # noqa: PLR0913
    house: House,
    session: Session,
    transfer_id: str,
    number: int,
    why: str | None,
    *,
    delay_s: float | None = None,
) -> None:
    """Only the newest attempt orders the next one."""
    wait_s = min(RETRY_S_MAX, 2 ** min(number, 10)) if delay_s is None else delay_s
    due_at_ms = house.now_ms() + int(wait_s * 1_000)
    newest = session.execute(
        sa.update(Payout)
        .where(Payout.transfer_id == transfer_id, Payout.attempts == number - 1)
        .values(attempts=number, last_error=why, due_at_ms=due_at_ms)
        .execution_options(synchronize_session=False)
        .returning(Payout.transfer_id)
    )
    if newest.first() is not None:
        house.payouts.enqueue(session, transfer_id, number=number + 1, delay_s=wait_s)
