"""What holds of the books of `central` at every moment."""

from typing import Any

import sqlalchemy as sa

from disbursement.accounts.models import Account, Hold, HoldState, Posting, Side
from disbursement.database import Database


def all_rows(db: Database, model: type[Any]) -> list[Any]:
    by_key = sa.select(model).order_by(*sa.inspect(model).primary_key)
    return db.run(lambda session: list(session.scalars(by_key)))


def demand_sound_books(db: Database) -> None:
    """Debits equal credits; every balance is its postings; locks are exactly the open holds."""
    accounts = all_rows(db, Account)
    sides = {side: sum(a.balance for a in accounts if a.side == side) for side in Side}
    assert sides[Side.DEBIT] == sides[Side.CREDIT]
    postings, holds = all_rows(db, Posting), all_rows(db, Hold)
    for account in accounts:
        debited = sum(p.amount for p in postings if p.debit_id == account.account_id)
        credited = sum(p.amount for p in postings if p.credit_id == account.account_id)
        grown = debited - credited if account.side == Side.DEBIT else credited - debited
        assert grown == account.balance
        mine = (h for h in holds if h.account_id == account.account_id)
        assert account.locked == sum(h.amount for h in mine if h.state == HoldState.PREPARED)
        assert 0 <= account.locked <= account.balance
