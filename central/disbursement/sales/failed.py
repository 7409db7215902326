"""Payments that are in a block and did not pay: a contract said no, or a token moved nothing or too little.

The books promise the amount as before from then on; the fee is gone. Until the block is so deep that nobody looks any
more, nothing else is done: with its block the failure may go. After that, one that certainly moved nothing is made
anew: its number of the account is used up in a block that stays, so none of its versions can ever pay. The new attempt
tries the payment at the node before it signs, so what would fail again is not sent again. Any other failure is for a
person, who must look at the chain.
"""

import logging
import uuid

from sqlalchemy.orm import Session

from disbursement.customers.sanctions import books as sanctions
from disbursement.house import House
from disbursement.sales import payments, payouts
from disbursement.sales.models import Payment
from disbursement.sales.transfers import move
from disbursement.wallets.wallet import Placement
from kiosk_wire.messages import TransferState

log = logging.getLogger(__name__)


def record_failure(house: House, session: Session, payment: Payment, placement: Placement) -> None:
    """As often as the watch looks; booked when it changes."""
    before, payment.failure = payment.failure, _in_words(placement)
    if (before is None) == (payment.failure is None):
        return
    booked = house.books.not_failed if payment.failure is None else house.books.failed
    for row, payout in payments.members(session, payment.payment_id):
        reference = (
            f"{payments.booked_as(row, payment.payment_id)}/{uuid.uuid4()}"  # it may change again
        )
        booked(session, reference, row.amount_base_units or 0, house.now_ms())
        payout.last_error = payment.failure
    log.warning("payment %s: %s", payment.payment_id, payment.failure or "failed no more")


def _in_words(placement: Placement) -> str | None:
    if placement.block is None or not placement.failure:
        return None
    what = f"in block {placement.block.height}, and paid nobody as ordered: {placement.failure}"
    if placement.is_void:
        return f"{what}; made anew once that block is deep"
    return f"{what}; never tried again by itself: look at the chain what the address got"


def make_anew(house: House, session: Session, payment: Payment) -> None:
    """Its payouts wait for a payment again, with another number. What of the fee was reserved is gone."""
    for row, payout in payments.members(session, payment.payment_id):
        reason = f"{payment.txid} paid nobody, and never will: made anew"
        move(session, row, TransferState.FINALIZED, reason, house.now_ms())
        payout.fee_base_units = 0
        is_listed = sanctions.is_listed(session, row.address)
        payouts.order_anew(house, session, payout, awaits_approval=is_listed)
