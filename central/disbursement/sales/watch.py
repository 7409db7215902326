"""Watching the chain: confirmations, reorganizations, lost broadcasts, overdue payouts, and what the
wallet holds.

Every pass may be cut short and repeated; all it knows is in the database. So whatever ends one pass (no
node, a full disk), the next begins anew.
"""

import logging
import threading

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from disbursement.accounts.models import Posting
from disbursement.database import in_words
from disbursement.errors import DisbursementError, WalletRefused
from disbursement.house import House
from disbursement.sales.models import Payout, TransferRow
from disbursement.sales.payouts import order_overdue
from disbursement.sales.transfers import move
from disbursement.sales.unheard import complete_unheard
from disbursement.wallets.wallet import Block
from kiosk_wire.messages import TransferState

WATCH_EVERY_S = 1.0
FINAL_CONFIRMATIONS = 6  # no deeper reorganization is watched for
log = logging.getLogger(__name__)


def run(house: House, stop: threading.Event) -> None:
    complaint = ""
    while not stop.is_set():
        try:
            watch(house)
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
    complete_unheard(house)
    order_overdue(house)
    house.tip.height = house.wallet.tip_height()
    for payout in house.db.run(_unsettled):
        _look_after(house, payout)
    agree_with_node(house)
    house.tip.seen_at_ms = house.now_ms()


def _unsettled(session: Session) -> list[Payout]:
    sent = (TransferState.BROADCAST, TransferState.CONFIRMED)
    return list(
        session.scalars(
            sa.select(Payout)
            .join(TransferRow, TransferRow.transfer_id == Payout.transfer_id)
            .where(TransferRow.state.in_(sent), Payout.is_final.is_(False))
        )
    )


def _look_after(house: House, payout: Payout) -> None:
    try:
        _place(house, payout)
    except WalletRefused as refused:  # one that cannot be sent holds up no other
        problem = str(refused)
        house.db.run(lambda session: _note(session, payout.transfer_id, problem))


def _place(house: House, payout: Payout) -> None:
    if payout.raw is None or payout.txid is None:
        raise ValueError(f"transfer {payout.transfer_id} was broadcast without bytes")
    placement = house.wallet.placement(payout.txid)
    house.db.run(lambda session: _record(house, session, payout.transfer_id, placement.block))
    if placement.block is None and not placement.waiting:
        house.wallet.broadcast(payout.raw, payout.txid)


def _note(session: Session, transfer_id: str, problem: str) -> None:
    session.get_one(Payout, transfer_id).last_error = problem


def _record(house: House, session: Session, transfer_id: str, block: Block | None) -> None:
    row = session.get_one(TransferRow, transfer_id, with_for_update=True)
    payout = session.get_one(Payout, transfer_id)
    payout.block_hash = block.hash if block else None
    payout.block_height = block.height if block else None
    if block is None:
        if row.state == TransferState.CONFIRMED:
            reason = "its block was reorganized away"
            move(session, row, TransferState.BROADCAST, reason, house.now_ms())
        return
    if row.state == TransferState.BROADCAST:
        reason = f"in block {block.height} {block.hash}"
        move(session, row, TransferState.CONFIRMED, reason, house.now_ms())
    payout.last_error = None
    payout.is_final = house.tip.height - block.height + 1 >= FINAL_CONFIRMATIONS


def agree_with_node(house: House) -> None:
    """Book what the operator moved in or out of the wallet. Only between payouts: a payout that is
    signed may be broadcast already and not yet booked, and is no operator's doing."""
    before = house.db.run(_between_payouts)
    if before is None:
        return
    balance = house.wallet.balance()

    def book(session: Session) -> int:
        difference = balance - house.books.held(session)
        if _between_payouts(session) != before:
            return 0
        return house.books.change(session, difference, house.now_ms())

    missing = house.db.run(book)
    if missing:
        log.error("the wallet holds %s base units less than is promised to customers", missing)


def _between_payouts(session: Session) -> tuple[int] | None:
    """A mark that changes with every posting; None while a payout is between signed and booked."""
    signed = sa.select(TransferRow.transfer_id).where(TransferRow.state == TransferState.SIGNED)
    if session.scalars(signed.limit(1)).first() is not None:
        return None
    return (session.scalar(sa.select(sa.func.max(Posting.posting_id))) or 0,)
