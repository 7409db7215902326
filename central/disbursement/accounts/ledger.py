"""Posting: moving an amount between two accounts of one coin, both legs at once.

Responsible for: debits equal credits, and no balance below zero (the database's CHECK has the last word).
Not responsible for: what the accounts mean; see `accounts/books.py`.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.models import Account, Posting, Side
from disbursement.errors import FundsUnavailable


def open_account(session: Session, account_id: str, coin: str, side: Side) -> None:
    """Make the account if it is not there; an account keeps its coin and side for ever."""
    if session.get(Account, account_id) is None:
        session.add(Account(account_id=account_id, coin=coin, side=side, balance=0, locked=0))
        session.flush()


def free_balance(session: Session, account_id: str) -> int:
    account = session.get_one(Account, account_id, populate_existing=True)
    return account.balance - account.locked


def in_lock_order(account_ids: Iterable[str]) -> list[str]:
    """Always this one, so that two units of work never deadlock. `wallet` comes before `in_flight`:
    a hold that is closed has locked it already."""
    return sorted(account_ids, reverse=True)


def post(session: Session, posting: Posting) -> None:
    """Book it. Raises FundsUnavailable when an account would fall below what it has free."""
    accounts = {posting.debit_id: Side.DEBIT, posting.credit_id: Side.CREDIT}
    for account_id in in_lock_order(accounts):
        _apply(session, account_id, accounts[account_id], posting.amount)
    session.add(posting)
    session.flush()


def _apply(session: Session, account_id: str, side: Side, amount: int) -> None:
    change = sa.case((Account.side == side, amount), else_=-amount)
    changed = session.execute(
        sa.update(Account)
        .where(Account.account_id == account_id, Account.balance - Account.locked + change >= 0)
        .values(balance=Account.balance + change)
        .execution_options(synchronize_session=False)
        .returning(Account.account_id)
    )
    if changed.first() is None:
        raise FundsUnavailable(f"account {account_id} has less than {amount} free")
