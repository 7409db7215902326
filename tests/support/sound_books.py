"""What holds of the books of `central` at every moment."""

from collections import Counter
from typing import Any

import sqlalchemy as sa

from disbursement.accounts.protocol.limits import (
    RESERVED_CREDITORS_MAX,
    RESERVED_DEBTORS_MAX,
    ROOT,
)
from disbursement.accounts.protocol.models import (
    AccountOutbox,
    CreditorAccount,
    LockState,
    Movement,
    TransferLock,
)
from disbursement.database import Database


def all_rows(db: Database, model: type[Any]) -> list[Any]:
    by_key = sa.select(model).order_by(*sa.inspect(model).primary_key)
    return db.run(lambda session: list(session.scalars(by_key)))


def demand_sound_books(db: Database) -> None:
    """Of each debtor the principals add up to zero; each is its movements; locks are exactly the open ones. Of central's
    own all is covered, and nothing told."""
    totals, moved, locked = Counter[int](), Counter[Any](), Counter[Any]()
    for movement in all_rows(db, Movement):
        moved[movement.debtor_id, movement.sender_id] -= movement.amount
        moved[movement.debtor_id, movement.recipient_id] += movement.amount
    for lock in all_rows(db, TransferLock):
        if lock.state == LockState.PREPARED:
            locked[lock.debtor_id, lock.creditor_id] += lock.amount
    for account in all_rows(db, CreditorAccount):
        key = (account.debtor_id, account.creditor_id)
        totals[account.debtor_id] += account.principal
        assert (account.principal, account.locked) == (moved[key], locked[key])
        if account.debtor_id <= RESERVED_DEBTORS_MAX and account.creditor_id != ROOT:
            assert 0 <= account.locked <= account.principal
    assert not any(totals.values())
    own = (row for row in all_rows(db, AccountOutbox) if row.debtor_id <= RESERVED_DEBTORS_MAX)
    assert all(row.creditor_id > RESERVED_CREDITORS_MAX for row in own)
