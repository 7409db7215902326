"""Payouts so large that a person must say yes before anything is signed. Their funds stay promised meanwhile."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.errors import NotOpen
from disbursement.house import House
from disbursement.sales.models import Approval, Payout


def approve(house: House, transfer_id: str, note: str) -> None:
    """It is paid from now on. Raises NotOpen."""
    house.db.run(lambda session: _approve(house, session, transfer_id, note))


def _approve(house: House, session: Session, transfer_id: str, note: str) -> None:
    now_ms = house.now_ms()
    waited = session.execute(
        sa.update(Payout)
        .where(Payout.transfer_id == transfer_id, Payout.awaits_approval)
        .values(awaits_approval=False, due_at_ms=now_ms)
        .execution_options(synchronize_session=False)
        .returning(Payout.attempts)
    ).first()
    if waited is None:
        raise NotOpen(
            f"no payout {transfer_id!r} waits for approval: `central status` lists those that do"
        )
    session.add(Approval(transfer_id=transfer_id, at_ms=now_ms, note=note))
    house.payouts.enqueue(session, transfer_id, number=waited.attempts + 1, delay_s=0)
