"""One transaction of the accounts: the rows it is about, locked in the order of their ids, and what it tells.

Everything that a batch of messages touches is loaded at the start, at once, as plain objects, and written at the end:
so handlers only decide, and the database is asked a handful of questions for hundreds of messages.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.protocol import outbox
from disbursement.accounts.protocol.driver import together
from disbursement.accounts.protocol.limits import UPDATE_GAP_MS
from disbursement.accounts.protocol.models import (
    CreditorAccount,
    Debtor,
    Movement,
    RemovedAccount,
    TransferLock,
)
from disbursement.accounts.protocol.rows import Lock, Rows, Values
from disbursement.accounts.protocol.telling import Told, update_of

Key = tuple[int, int]  # debtor and creditor
Request = tuple[str, int, int]  # a coordinator's type, id and request
K = TypeVar("K")
R = TypeVar("R")
ACCOUNTS = Rows(CreditorAccount)
DEBTORS = Rows(Debtor)
LOCKS = Rows(
    TransferLock,
    changing=("announced_at_ms", "state", "status_code", "committed", "total_locked"),
)
REMOVED = Rows(RemovedAccount, key=("debtor_id", "creditor_id"))
MOVEMENTS = Rows(Movement, generated="movement_id")


@dataclass
class Turn:
    session: Session
    now_ms: int
    debtors: dict[int, Debtor] = field(default_factory=dict)
    accounts: dict[Key, CreditorAccount] = field(default_factory=dict)
    locks: dict[Request, TransferLock] = field(default_factory=dict)
    removed: dict[Key, RemovedAccount] = field(default_factory=dict)  # the latest of each
    _moved: list[Movement] = field(default_factory=list)
    _told: list[Told] = field(default_factory=list)
    _accounts_before: dict[Key, Values] = field(default_factory=dict)
    _locks_before: dict[Request, Values] = field(default_factory=dict)

    def load(self, keys: Collection[Key], requests: Collection[Request] = ()) -> None:
        """Once in a turn: a second call would lock out of order. Locks come after the accounts: whoever settles one has
        locked its sender's account before."""
        asked_debtors = DEBTORS.ask(self.session, {(debtor_id,) for debtor_id, _ in keys})
        asked_accounts = ACCOUNTS.ask(self.session, keys, lock=Lock.UPDATE)
        asked_locks = LOCKS.ask(self.session, requests, lock=Lock.UPDATE)
        self.debtors = {debtor.debtor_id: debtor for debtor in asked_debtors()}
        for account in asked_accounts():
            key = (account.debtor_id, account.creditor_id)
            self.accounts[key], self._accounts_before[key] = account, ACCOUNTS.values(account)
        for lock in asked_locks():
            request = request_of(lock)
            self.locks[request], self._locks_before[request] = lock, LOCKS.values(lock)

    def load_removed(self, keys: Collection[Key]) -> None:
        for account in REMOVED.ask(self.session, keys)():
            self.removed[account.debtor_id, account.creditor_id] = account

    def recipient_of(self, lock: TransferLock) -> CreditorAccount | None:
        if lock.recipient_id is None:
            return None
        return self.accounts.get((lock.debtor_id, lock.recipient_id))

    def remove(self, account: CreditorAccount) -> None:
        key = (account.debtor_id, account.creditor_id)
        del self.accounts[key]
        gone = sa.delete(CreditorAccount).where(
            CreditorAccount.debtor_id == account.debtor_id,
            CreditorAccount.creditor_id == account.creditor_id,
        )
        self.session.execute(gone)

    def note(self, movement: Movement) -> None:
        self._moved.append(movement)

    def tell(self, message: Told) -> None:
        self._told.append(message)

    def tell_update(self, account: CreditorAccount) -> None:
        debtor = self.debtors[account.debtor_id]
        self.tell(update_of(account, debtor, self.now_ms))
        account.update_pending, account.told_at_ms = False, self.now_ms

    def close(self) -> None:
        """Tell what changed, unless it was told a short while ago; then write everything."""
        for account in self.accounts.values():
            if account.update_pending and self.now_ms - account.told_at_ms >= UPDATE_GAP_MS:
                self.tell_update(account)
        self.session.flush()
        with together(self.session):
            _write(self.session, ACCOUNTS, self.accounts, self._accounts_before)
            _write(self.session, LOCKS, self.locks, self._locks_before)
            MOVEMENTS.add(self.session, [MOVEMENTS.values(movement) for movement in self._moved])
            outbox.tell(self.session, self._told, self.now_ms)


def request_of(lock: TransferLock) -> Request:
    return lock.coordinator_type, lock.coordinator_id, lock.coordinator_request_id


def _write(
    session: Session, table: Rows[R], rows: Mapping[K, R], before: Mapping[K, Values]
) -> None:
    """What is new, and what changed."""
    table.add(session, [table.values(row) for key, row in rows.items() if key not in before])
    known = ((row, before[key]) for key, row in rows.items() if key in before)
    table.change(session, [row for row, values in known if table.values(row) != values])
