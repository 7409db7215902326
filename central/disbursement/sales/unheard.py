"""Sales whose kiosk went silent before it ended them: which they are, and how they end.

Until then its funds stay locked. A sale with credited bills ends by itself after a grace, for the bills that central
knows of: the customer has paid, and waits. One without is left to a person, who may know that the kiosk
is only cut off: its cash may be in a journal that has not arrived, and needs the lock and the rate.
Should the kiosk come back and say the same, nothing changes; should it say more, that is a problem for a person.
"""

import logging
from functools import partial

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
log = logging.getLogger(__name__)


def unheard(session: Session, now_ms: int, *, for_hours: int = UNHEARD_HOURS) -> list[TransferRow]:
    """Prepared, and since then no word of that sale for so long."""
    before_ms = now_ms - for_hours * MS_PER_HOUR
    last_word_ms = (
        sa.select(sa.func.max(InboxEvent.received_at_ms))
        .where(
            InboxEvent.kiosk_id == TransferRow.speaker_id,
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
    """For the bills credited so far, as if the kiosk had said so. Raises NotOpen."""
    return house.db.run(lambda session: _by_hand(house, session, transfer_id, note))


def complete_unheard(house: House) -> None:
    """Those with credited bills, after the grace."""
    for transfer_id in house.db.run(lambda session: _overdue(house, session)):
        house.db.run(partial(_complete, house, transfer_id))


def _overdue(house: House, session: Session) -> list[str]:
    silent = unheard(session, house.now_ms(), for_hours=house.rules.complete_after_hours)
    return [row.transfer_id for row in silent if credited_minor(session, row)]


def _complete(house: House, transfer_id: str, session: Session) -> None:
    _lock_kiosk(session, transfer_id)
    if transfer_id not in _overdue(house, session):
        return  # a word came in between
    row = session.get_one(TransferRow, transfer_id)
    log.warning("transfer %s is completed without its kiosk %s", transfer_id, row.speaker_id)
    _finalize(house, session, row, f"no word of it for {house.rules.complete_after_hours} hours")


def _lock_kiosk(session: Session, transfer_id: str) -> None:
    """Its kiosk's events are taken in before, or after: so it comes first of all."""
    mine = sa.select(TransferRow.speaker_id).where(TransferRow.transfer_id == transfer_id)
    kiosk = sa.select(Kiosk).where(Kiosk.kiosk_id == mine.scalar_subquery())
    session.scalars(kiosk.with_for_update()).first()


def _by_hand(house: House, session: Session, transfer_id: str, note: str) -> TransferRow:
    _lock_kiosk(session, transfer_id)
    row = next((r for r in unheard(session, house.now_ms()) if r.transfer_id == transfer_id), None)
    if row is None:
        raise NotOpen(
            f"transfer {transfer_id!r} does not wait for a silent kiosk: those that `central status` "
            f"lists so (no word for {UNHEARD_HOURS} hours) can be finalized by hand"
        )
    _finalize(house, session, row, f"by hand: {note}")
    return row


def _finalize(house: House, session: Session, row: TransferRow, why: str) -> None:
    if row.speaker_id is None:
        raise ValueError(f"transfer {row.transfer_id} waits for no kiosk")
    committed_minor = credited_minor(session, row)
    claim = Claim(row.speaker_id, row.session_id, row.transfer_id, committed_minor, instead=why)
    finalize(house, session, claim)


def credited_minor(session: Session, row: TransferRow) -> int:
    mine = (
        CreditedBill.kiosk_id == row.speaker_id,
        CreditedBill.transfer_id == row.transfer_id,
    )
    return int(session.scalar(sa.select(sa.func.sum(CreditedBill.value_minor)).where(*mine)) or 0)
