"""A payout settled by hand: it ends here, and nothing that comes later pays it.

Only as long as nothing is signed for it, or when what was signed is in a block for good and did not pay. Its funds are free again, and the transfer is REFUND_DUE, which every kiosk
knows and which has no way on: whoever attempts, approves, finalizes or signs afterwards finds it so. Who signs for it
at this moment can store nothing, because the payout has left the payment; the next attempt sweeps those coins.
"""

from sqlalchemy.orm import Session

from disbursement.errors import NotOpen
from disbursement.house import House
from disbursement.sales.models import Payment, Payout, TransferRow
from disbursement.sales.payments import fee_promised
from disbursement.sales.transfers import move, payment_of
from kiosk_wire.messages import TransferState

SIGNED = (TransferState.SIGNED, TransferState.BROADCAST, TransferState.CONFIRMED)


def end_payout(house: House, session: Session, row: TransferRow, note: str) -> None:
    """Of a transfer that the caller has locked; of one without a payout nothing. Raises NotOpen."""
    has_failed = _has_failed_for_good(payment_of(session, row.transfer_id))
    if row.state in SIGNED and not has_failed:
        raise NotOpen(_why_not(session, row))
    if row.state != TransferState.FINALIZED and not has_failed:
        return
    now_ms = house.now_ms()
    move(session, row, TransferState.REFUND_DUE, f"settled by hand: {note}", now_ms)
    payout = session.get_one(Payout, row.transfer_id, with_for_update=True)
    payout.payment_id, payout.awaits_approval = None, False
    fee = 0 if has_failed else fee_promised(row, payout)
    promised = (row.amount_base_units or 0) + fee
    house.books.give_back(session, row.transfer_id, promised, now_ms)


def _has_failed_for_good(payment: Payment | None) -> bool:
    return payment is not None and payment.is_final and payment.failure is not None


def _why_not(session: Session, row: TransferRow) -> str:
    payment = payment_of(session, row.transfer_id)
    txid = payment.txid if payment else None
    if row.state == TransferState.CONFIRMED:
        return f"{row.transfer_id} cannot be settled by hand: it is paid, in transaction {txid}"
    if payment and payment.spent_by:
        return (
            f"{row.transfer_id} cannot be settled by hand now: transaction {payment.spent_by} has spent a coin of "
            f"its own, {txid}, but not for good yet. Pay the customer nothing: what stands is found by itself"
        )
    return (
        f"{row.transfer_id} cannot be settled by hand: transaction {txid} is signed and may be on its way, and "
        "nobody can call it back. Pay the customer nothing: it is sent, and its fee raised, until it is in a block"
    )
