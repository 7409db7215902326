"""Two-phase transfers: prepare locks funds; later the hold is settled or released, once.

A prepared hold guarantees the later settlement: locked funds are nobody else's, however long it takes.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.models import Account, Hold, HoldState
from disbursement.errors import FundsUnavailable


def prepare(session: Session, hold_id: str, account_id: str, amount: int) -> None:
    """Lock `amount`. Raises FundsUnavailable, and then nothing is locked."""
    locked = session.execute(
        sa.update(Account)
        .where(Account.account_id == account_id, Account.balance - Account.locked >= amount)
        .values(locked=Account.locked + amount)
        .execution_options(synchronize_session=False)
        .returning(Account.account_id)
    )
    if locked.first() is None:
        raise FundsUnavailable(f"account {account_id} has less than {amount} free")
    session.add(
        Hold(hold_id=hold_id, account_id=account_id, amount=amount, state=HoldState.PREPARED)
    )
    session.flush()


def settle(session: Session, hold_id: str) -> None:
    """Unlock for a posting that follows in the same transaction."""
    _close(session, hold_id, HoldState.SETTLED)


def release(session: Session, hold_id: str) -> None:
    """Unlock: the funds are free again."""
    _close(session, hold_id, HoldState.RELEASED)


def _close(session: Session, hold_id: str, to: HoldState) -> None:
    closed = session.execute(
        sa.update(Hold)
        .where(Hold.hold_id == hold_id, Hold.state == HoldState.PREPARED)
        .values(state=to)
        .execution_options(synchronize_session=False)
        .returning(Hold.account_id, Hold.amount)
    ).one()
    session.execute(
        sa.update(Account)
        .where(Account.account_id == closed.account_id)
        .values(locked=Account.locked - closed.amount)
        .execution_options(synchronize_session=False)
    )
