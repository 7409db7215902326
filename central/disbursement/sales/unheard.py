"""Sales whose kiosk went silent before it ended them: which they are, and how a person ends one.

Until then its funds stay locked, and bills credited to it stay unpaid.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.errors import NotOpen
from disbursement.house import House
from disbursement.kiosks.models import InboxEvent, Kiosk
from disbursement.sales.finalizing import Claim, finalize
from disbursement.sales.models import CreditedBill, TransferChange, TransferRow
from kiosk_wire.messages import TransferState

UNHEARD_HOURS = 24  # no customer stands there that long, and no network should be away longer
MS_PER_HOUR = 3_600_000


def unheard(session: Session, now_ms: int) -> list[TransferRow]:
    """Prepared, and since then no word of that sale for `UNHEARD_HOURS`."""
    before_ms = now_ms - UNHEARD_HOURS * MS_PER_HOUR
    last_word_ms = (
        sa.select(sa.func.max(InboxEvent.received_at_ms))
        .where(
            InboxEvent.kiosk_id == TransferRow.kiosk_id,
            InboxEvent.session_id == TransferRow.session_id,
        )
        .scalar_subquery()
    )
    silent = (
        sa.select(TransferRow)
        .join(TransferChange, TransferChange.transfer_id == TransferRow.transfer_id)
        .where(
            TransferRow.state == TransferState.PREPARED,
            TransferChange.version == TransferRow.version,
            TransferChange.at_ms < before_ms,
            sa.func.coalesce(last_word_ms, 0) < before_ms,
        )
    )
    return list(session.scalars(silent.order_by(TransferRow.transfer_id)))


def finalize_by_hand(house: House, transfer_id: str, note: str) -> TransferRow:
    """For the bills credited so far, as if the kiosk had said so. Should it come back and say the same,
    nothing changes; should it say more, that is a problem for a person. Raises NotOpen."""
    return house.db.run(lambda session: _finalize(house, session, transfer_id, note))


def _finalize(house: House, session: Session, transfer_id: str, note: str) -> TransferRow:
    row = next((r for r in unheard(session, house.now_ms()) if r.transfer_id == transfer_id), None)
    if row is None:
        raise NotOpen(
            f"transfer {transfer_id!r} does not wait for a silent kiosk: those that `central status` "
            f"lists so (no word for {UNHEARD_HOURS} hours) can be finalized by hand"
        )
    session.get_one(Kiosk, row.kiosk_id, with_for_update=True)  # takes in no event meanwhile
    mine = CreditedBill.kiosk_id == row.kiosk_id, CreditedBill.transfer_id == transfer_id
    credited = session.scalar(sa.select(sa.func.sum(CreditedBill.value_minor)).where(*mine))
    finalize(
        house,
        session,
        Claim(row.kiosk_id, row.session_id, transfer_id, int(credited or 0), by_hand=note),
    )
    return row
