"""Watching the chain: confirmations, reorganizations, lost broadcasts, overdue payouts, the requests that
follow them, and what the wallet holds.

Every pass may be cut short and repeated; all it knows is in the database. So whatever ends one pass (no
node, a full disk), the next begins anew.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from disbursement.accounts.holdings import holdings
from disbursement.customers.screening import rescreen
from disbursement.database import in_words
from disbursement.errors import DisbursementError, FundsUnavailable, WalletRefused
from disbursement.house import House
from disbursement.requests.following import follow_transfers
from disbursement.sales import payments
from disbursement.sales.dead_payments import bury_dead
from disbursement.sales.failed import make_anew, record_failure
from disbursement.sales.models import Payment, PaymentVersion
from disbursement.sales.payments import FINAL_CONFIRMATIONS
from disbursement.sales.payouts import order_overdue
from disbursement.sales.replacing import replace_slow
from disbursement.sales.transfers import move
from disbursement.sales.unheard import complete_unheard
from disbursement.speakers import idempotency
from disbursement.wallets.wallet import Placement
from kiosk_wire.messages import TransferState

WATCH_EVERY_S = 1.0
PRUNE_EVERY_MS = 3_600_000
log = logging.getLogger(__name__)


def run(house: House, stop: threading.Event, look: Callable[[House], None] | None = None) -> None:
    complaint = ""
    while not stop.is_set():
        try:
            (look or watch)(house)
            complaint = ""
        except Exception as failure:  # unwatched, no lost payment would be sent again
            first_line = f"{type(failure).__name__}: {in_words(failure)}".splitlines()[0]
            if first_line != complaint:  # once, not every second
                complaint = first_line
                expected = isinstance(failure, (DisbursementError, OperationalError))
                log.warning(
                    "watching the wallet: %s", complaint, exc_info=None if expected else failure
                )
        stop.wait(WATCH_EVERY_S)


def watch(house: House) -> None:
    """One pass."""
    last_seen_ms = house.tip.seen_at_ms
    order_overdue(house)
    follow_transfers(house)
    tip = house.wallet.tip()
    house.tip.height = tip.height
    is_new = tip.hash != house.tip.watched_hash
    for payment in house.db.run(partial(_unsettled, in_blocks_too=is_new)):
        _look_after(house, payment)
    if is_new:
        bury_dead(house)
    house.tip.watched_hash = tip.hash
    replace_slow(house)
    agree_with_node(house)
    house.tip.seen_at_ms = house.now_ms()
    if house.tip.seen_at_ms // PRUNE_EVERY_MS != last_seen_ms // PRUNE_EVERY_MS:
        idempotency.prune(house)
    if house.desk is not None:
        rescreen(house.db, house.desk.screener, house.now_ms())
    complete_unheard(house)  # it can wait for the next pass; what was sent cannot wait for it


def see_tip(house: House) -> None:
    """For a process beside the one that watches."""
    house.tip.height = house.wallet.tip().height
    house.tip.seen_at_ms = house.now_ms()


def _unsettled(session: Session, *, in_blocks_too: bool) -> list[Payment]:
    """What is in a block stays there until the chain changes."""
    sent = sa.select(PaymentVersion.payment_id).where(PaymentVersion.is_sent)
    unsettled = sa.select(Payment).where(Payment.payment_id.in_(sent), Payment.is_final.is_(False))
    if not in_blocks_too:
        unsettled = unsettled.where(Payment.block_hash.is_(None))
    return list(session.scalars(unsettled.order_by(Payment.payment_id)))


def _look_after(house: House, payment: Payment) -> None:
    """One that cannot be sent holds up no other."""
    try:
        _place(house, payment)
    except (WalletRefused, FundsUnavailable) as refused:
        problem = str(refused)
        house.db.run(lambda session: _note(session, payment.payment_id, problem))


def _place(house: House, payment: Payment) -> None:
    """Whichever version is in a block stands; else the one that waits for one."""
    versions = house.db.run(lambda session: payments.versions(session, payment.payment_id))
    stands, placement = _standing(house, versions)
    house.db.run(lambda session: _record(house, session, payment.payment_id, placement))
    if placement.block is None and payment.spent_by is not None:
        return  # nobody would take it now
    if placement.block is None and not (placement.waiting and versions[-1].is_sent):
        _send(house, payment, versions)
    elif stands is not None:
        house.db.run(partial(_count, house, stands, placement))


def _standing(
    house: House, versions: list[PaymentVersion]
) -> tuple[PaymentVersion | None, Placement]:
    waiting, nowhere = None, Placement(block=None, waiting=False)
    for version in versions:
        placement = house.wallet.placement(version.txid)
        if placement.block is not None:
            return version, placement
        if placement.waiting:
            waiting, nowhere = version, placement
    return waiting, nowhere


def _send(house: House, payment: Payment, versions: list[PaymentVersion]) -> None:
    """A new version, or one that the network lost: first the one that counts; if that is refused, any other.
    Raises WalletRefused when all are."""
    in_turn = sorted(versions, key=lambda v: (v.txid == payment.txid, v.number), reverse=True)
    for version in in_turn:
        try:
            house.wallet.broadcast(version.raw, version.txid)
        except WalletRefused as refused:
            house.db.run(partial(_sent, house, version))
            house.db.run(partial(_waits, house, version))  # for a higher fee, it may be
            log.warning("payment %s, version %s: %s", payment.payment_id, version.number, refused)
            if version is in_turn[-1]:
                raise
        else:
            house.db.run(partial(_sent, house, version))
            return


def _sent(house: House, version: PaymentVersion, session: Session) -> None:
    payments.sent(house, session, version)


def _count(house: House, version: PaymentVersion, placement: Placement, session: Session) -> None:
    payment = session.get_one(Payment, version.payment_id, with_for_update=True)
    payments.count(house, session, payment, version, placement.fee)
    if placement.block is None:
        _waits(house, version, session)
    else:
        _stored(session, version).waits_since_height = None


def _waits(house: House, version: PaymentVersion, session: Session) -> None:
    stored = _stored(session, version)
    if stored.waits_since_height is None:
        stored.waits_since_height = house.tip.height


def _stored(session: Session, version: PaymentVersion) -> PaymentVersion:
    return session.get_one(PaymentVersion, (version.payment_id, version.number))


def _note(session: Session, payment_id: int, problem: str) -> None:
    for _, payout in payments.members(session, payment_id):
        payout.last_error = problem


def _record(house: House, session: Session, payment_id: int, placement: Placement) -> None:
    payment = session.get_one(Payment, payment_id, with_for_update=True)
    block = placement.block
    record_failure(house, session, payment, placement)
    payment.block_hash = block.hash if block else None
    payment.block_height = block.height if block else None
    if block is not None:
        payment.spent_by = None
        payment.is_final = house.tip.height - block.height + 1 >= FINAL_CONFIRMATIONS
    for row, payout in payments.members(session, payment_id):
        if (block is None or placement.failure) and row.state == TransferState.CONFIRMED:
            reason = "its block was reorganized away"
            move(session, row, TransferState.BROADCAST, reason, house.now_ms())
        if block and not placement.failure and row.state == TransferState.BROADCAST:
            reason = f"in block {block.height} {block.hash}"
            move(session, row, TransferState.CONFIRMED, reason, house.now_ms())
        if block is not None:
            payout.last_error = payment.failure
    if payment.is_final and placement.is_void:
        make_anew(house, session, payment)


def agree_with_node(house: House) -> None:
    """Book what the operator moved in or out of the wallet. Only between payouts: a payout that is
    signed may be broadcast already and not yet booked, and is no operator's doing."""
    is_account = house.wallet.is_account
    before = house.db.run(partial(_between_payouts, in_no_block_too=is_account))
    if before is None:
        return
    balance = house.wallet.balance()
    gas_balance = house.wallet.gas.balance() if house.wallet.gas else None

    def book(session: Session) -> int:
        difference = balance - house.books.held(session, house.now_ms())
        if _between_payouts(session, in_no_block_too=is_account) != before:
            return 0
        if gas_balance is not None:
            house.books.see_gas(session, gas_balance, house.now_ms())
        return house.books.change(session, difference, house.now_ms())

    missing = house.db.run(book)
    if missing:
        log.error("the wallet holds %s base units less than is promised to customers", missing)


def _between_payouts(session: Session, *, in_no_block_too: bool) -> list[int] | None:
    """A mark that changes with every booking; None while a version is signed and not known to be sent, or while
    what was sent is still in the balance. A version that a block forestalled, with another of its payment, is never sent."""
    unsent = (
        sa.select(PaymentVersion.txid)
        .join(Payment, Payment.payment_id == PaymentVersion.payment_id)
        .where(PaymentVersion.is_sent.is_(False), Payment.block_hash.is_(None))
    )
    if session.scalars(unsent.limit(1)).first() is not None:
        return None
    in_no_block = sa.select(Payment.payment_id).where(
        Payment.block_hash.is_(None), Payment.txid.is_not(None), Payment.is_final.is_(False)
    )
    if in_no_block_too and session.scalars(in_no_block.limit(1)).first() is not None:
        return None
    return [holding.moved for holding in holdings(session)]
