"""Paying exactly once: sign, store the signed bytes, then broadcast; the same bytes for ever.

    FINALIZED ──reserve payouts and coins──▶ sign ──▶ commit bytes and txid ──▶ SIGNED ──▶ BROADCAST

Nothing is broadcast that is not stored, and what is stored is never built again. A crash before that commit
loses bytes that nobody has seen, and the next attempt sweeps their reservation; a crash after it sends the
same bytes once more. A coin of the wallet belongs to at most one payment (the key of `payout_inputs`).

One attempt is one durable workflow, one at a time for each wallet. An attempt that fails orders the next,
later, in the transaction that records why. One that could not even be recorded (the disk was full) leaves
its payout overdue, and `order_overdue` finds it. Not responsible for confirmations; see `watch.py`.
"""

import logging

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.database import in_words
from disbursement.house import House
from disbursement.sales import payments
from disbursement.sales.models import PaymentVersion, Payout, TransferRow
from disbursement.sales.transfers import payment_of
from kiosk_wire.messages import TransferState

RETRY_S_MAX = 60
OVERDUE_S = 300  # more than an attempt takes at a node that answers each call at the last moment
UNPAID = (TransferState.FINALIZED, TransferState.SIGNED)
log = logging.getLogger(__name__)


def order(
    house: House, session: Session, transfer_id: str, *, awaits_approval: bool = False
) -> None:
    """The first attempt, in the transaction that finalizes the transfer; or none before a person's yes."""
    delay_s = house.paying.batch_delay_s
    payout = Payout(transfer_id=transfer_id, attempts=0, awaits_approval=awaits_approval)
    payout.due_at_ms = house.now_ms() + delay_s * 1_000
    session.add(payout)
    session.flush()
    if not awaits_approval:
        house.payouts.enqueue(session, transfer_id, number=1, delay_s=delay_s)


def order_anew(house: House, session: Session, payout: Payout, *, awaits_approval: bool) -> None:
    """Its payment is dead, and what was ordered for that is done with."""
    payout.payment_id, payout.awaits_approval = None, awaits_approval
    session.flush()
    number = payout.attempts + 1
    if awaits_approval:
        payout.attempts, payout.last_error = number, None
    else:
        _again(house, session, payout.transfer_id, number, None, delay_s=0)


def attempt(house: House, transfer_id: str, number: int) -> None:
    """Safe to run again at any point, in part or as a whole."""
    row, payout = house.db.run(lambda session: _read(session, transfer_id))
    if payout.attempts >= number or row.state not in UNPAID or payout.awaits_approval:
        return  # a later attempt took over, or it is done, or a person comes first
    try:
        if row.state == TransferState.FINALIZED:
            _sign(house, transfer_id)
        _broadcast(house, transfer_id)
    except Exception as failure:  # noqa: BLE001  # whatever it is, this payout is tried again
        why = in_words(failure)
        log.warning("payout %s, attempt %s: %s", transfer_id, number, why)
        house.db.run(lambda session: _again(house, session, transfer_id, number, why))


def resume_all(house: House) -> None:
    """At start: every unpaid payout gets a new attempt, so none depends on a workflow that failed."""

    def resume(session: Session) -> None:
        for payout in session.scalars(_unpaid()).all():
            number, why = payout.attempts + 1, payout.last_error
            _again(house, session, payout.transfer_id, number, why, delay_s=0)

    house.db.run(resume)


def order_overdue(house: House) -> None:
    """Whatever became of the attempt that was due: the payout gets another, and the old one, should it
    still come, does nothing."""

    def order(session: Session) -> None:
        before_ms = house.now_ms() - OVERDUE_S * 1_000
        for payout in session.scalars(_unpaid().where(Payout.due_at_ms < before_ms)).all():
            number = payout.attempts + 1
            why = payout.last_error or f"attempt {number} left no word"
            log.warning("payout %s, attempt %s is overdue", payout.transfer_id, number)
            _again(house, session, payout.transfer_id, number, why, delay_s=0)

    house.db.run(order)


def _unpaid() -> sa.Select[Payout]:
    """What waits for a person is not due."""
    return (
        sa.select(Payout)
        .join(TransferRow, TransferRow.transfer_id == Payout.transfer_id)
        .where(TransferRow.state.in_(UNPAID), ~Payout.awaits_approval)
        .order_by(Payout.transfer_id)
    )


def _read(session: Session, transfer_id: str) -> tuple[TransferRow, Payout]:
    return session.get_one(TransferRow, transfer_id), session.get_one(Payout, transfer_id)


def _sign(house: House, transfer_id: str) -> None:
    house.db.run(payments.sweep)
    coins = house.wallet.coins()
    fee_rate = min(house.wallet.fee_rate(), house.paying.fee_rate_max)
    order = house.db.run(
        lambda session: payments.reserve(house, session, transfer_id, coins, fee_rate)
    )
    signed = house.wallet.sign(order)
    house.db.run(lambda session: payments.store(house, session, order, signed))


def _broadcast(house: House, transfer_id: str) -> None:
    version = house.db.run(lambda session: _signed(session, transfer_id))
    house.wallet.broadcast(version.raw, version.txid)
    house.db.run(lambda session: payments.sent(house, session, version))


def _signed(session: Session, transfer_id: str) -> PaymentVersion:
    payment = payment_of(session, transfer_id)
    if payment is None:
        raise ValueError(f"transfer {transfer_id} has no payment")
    return payments.versions(session, payment.payment_id)[-1]


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
