"""The life of a transfer: which state follows which, and the one way to change it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.errors import DisbursementError, Refused
from disbursement.house import House
from disbursement.sales.models import Payment, Payout, TransferChange, TransferRow
from kiosk_wire.messages import RefusalCode, Transfer, TransferState

NEXT: dict[TransferState, frozenset[TransferState]] = {
    TransferState.PREPARED: frozenset(
        {TransferState.DISMISSED, TransferState.FINALIZED, TransferState.REFUND_DUE}
    ),
    TransferState.DISMISSED: frozenset({TransferState.REFUND_DUE}),  # cash turned up after all
    TransferState.FINALIZED: frozenset({TransferState.SIGNED, TransferState.REFUND_DUE}),
    # Back to FINALIZED: its payment can never confirm (`dead_payments.py`), or was reverted for good (`failed.py`).
    TransferState.SIGNED: frozenset({TransferState.BROADCAST, TransferState.FINALIZED}),
    TransferState.BROADCAST: frozenset(
        {TransferState.CONFIRMED, TransferState.FINALIZED, TransferState.REFUND_DUE}
    ),
    TransferState.CONFIRMED: frozenset(
        {TransferState.BROADCAST}
    ),  # its block was reorganized away
    TransferState.REFUND_DUE: frozenset(),
}


class TransferMoved(DisbursementError):
    """Somebody else changed the transfer in between."""


def open_transfer(session: Session, row: TransferRow, reason: str, at_ms: int) -> None:
    """A transfer begins its life in the state it is given."""
    row.version = 1
    session.add(row)
    session.flush()
    _record(session, row, reason, at_ms)


def move(
    session: Session, row: TransferRow, to: TransferState, reason: str, at_ms: int, **values: int
) -> None:
    """Raises TransferMoved unless the transfer still is as `row` says."""
    if to not in NEXT[TransferState(row.state)]:
        raise TransferMoved(f"transfer {row.transfer_id} is {row.state} and cannot become {to}")
    changed = session.execute(
        sa.update(TransferRow)
        .where(
            TransferRow.transfer_id == row.transfer_id,
            TransferRow.state == row.state,
            TransferRow.version == row.version,
        )
        .values(state=to, version=row.version + 1, **values)
        .execution_options(synchronize_session=False)
        .returning(TransferRow.transfer_id)
    )
    if changed.first() is None:
        raise TransferMoved(f"transfer {row.transfer_id} is no longer {row.state}")
    session.refresh(row)
    _record(session, row, reason, at_ms)


def _record(session: Session, row: TransferRow, reason: str, at_ms: int) -> None:
    change = TransferChange(transfer_id=row.transfer_id, version=row.version)
    change.state, change.at_ms, change.reason = row.state, at_ms, reason
    session.add(change)
    session.flush()


def find(session: Session, speaker_id: str, transfer_id: str) -> TransferRow:
    """Of this speaker: another's does not exist for it."""
    row = session.get(TransferRow, transfer_id)
    if row is None or row.speaker_id != speaker_id:
        raise Refused(404, RefusalCode.NOT_FOUND, f"no transfer {transfer_id}")
    return row


def payment_of(session: Session, transfer_id: str) -> Payment | None:
    return session.scalar(
        sa.select(Payment)
        .join(Payout, Payout.payment_id == Payment.payment_id)
        .where(Payout.transfer_id == transfer_id)
    )


def confirmations(payment: Payment | None, tip_height: int) -> int:
    if payment is None or payment.block_height is None or payment.failure:
        return 0
    return max(1, tip_height - payment.block_height + 1)


def status(house: House, speaker_id: str, transfer_id: str) -> Transfer:
    return house.db.run(
        lambda session: as_message(
            session, find(session, speaker_id, transfer_id), house.tip.height
        )
    )


def as_message(session: Session, row: TransferRow, tip_height: int) -> Transfer:
    payment = payment_of(session, row.transfer_id)
    return Transfer(
        transfer_id=row.transfer_id,
        session_id=row.session_id,
        state=TransferState(row.state),
        network=row.network,
        address=row.address,
        max_amount_minor=row.max_amount_minor,
        min_amount_minor=row.min_amount_minor,
        committed_minor=row.committed_minor,
        amount_base_units=row.amount_base_units,
        txid=payment.txid if payment else None,
        confirmations=confirmations(payment, tip_height),
    )
