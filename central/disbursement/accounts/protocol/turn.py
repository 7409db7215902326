"""One transaction of the accounts: the rows it is about, locked in the order of their ids, and what it tells.

Everything that a batch of messages touches is loaded at the start, at once; so handlers read and write
objects, and the database is asked a handful of questions for hundreds of messages.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.protocol import outbox
from disbursement.accounts.protocol.limits import UPDATE_GAP_MS
from disbursement.accounts.protocol.messages import Outgoing
from disbursement.accounts.protocol.models import (
    CreditorAccount,
    Debtor,
    RemovedAccount,
    TransferLock,
)
from disbursement.accounts.protocol.telling import update_of

Key = tuple[int, int]  # debtor and creditor
Request = tuple[str, int, int]  # a coordinator's type, id and request


@dataclass
class Turn:
    session: Session
    now_ms: int
    debtors: dict[int, Debtor] = field(default_factory=dict)
    accounts: dict[Key, CreditorAccount] = field(default_factory=dict)
    locks: dict[Request, TransferLock] = field(default_factory=dict)
    removed: dict[Key, RemovedAccount] = field(default_factory=dict)  # the latest of each
    _told: list[Outgoing] = field(default_factory=list)

    def load_accounts(self, keys: Collection[Key]) -> None:
        """Once in a turn: a second call would lock out of order."""
        debtors = sa.select(Debtor).where(Debtor.debtor_id.in_({debtor for debtor, _ in keys}))
        self.debtors = {debtor.debtor_id: debtor for debtor in self.session.scalars(debtors)}
        key = sa.tuple_(CreditorAccount.debtor_id, CreditorAccount.creditor_id)
        accounts = (
            sa.select(CreditorAccount)
            .where(key.in_(sorted(keys)))
            .order_by(CreditorAccount.debtor_id, CreditorAccount.creditor_id)
            .with_for_update()
        )
        for account in self.session.scalars(accounts):
            self.accounts[account.debtor_id, account.creditor_id] = account

    def load_locks(self, requests: Collection[Request]) -> None:
        """After the accounts. Whoever settles a lock has locked its sender's account before."""
        columns = (
            TransferLock.coordinator_type,
            TransferLock.coordinator_id,
            TransferLock.coordinator_request_id,
        )
        locks = (
            sa.select(TransferLock)
            .where(sa.tuple_(*columns).in_(sorted(requests)))
            .order_by(*columns)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        self.locks = {
            (lock.coordinator_type, lock.coordinator_id, lock.coordinator_request_id): lock
            for lock in self.session.scalars(locks)
        }

    def load_removed(self, keys: Collection[Key]) -> None:
        key = sa.tuple_(RemovedAccount.debtor_id, RemovedAccount.creditor_id)
        removed = sa.select(RemovedAccount).where(key.in_(sorted(keys)))
        for account in self.session.scalars(removed.order_by(RemovedAccount.creation_date)):
            self.removed[account.debtor_id, account.creditor_id] = account

    def recipient_of(self, lock: TransferLock) -> CreditorAccount | None:
        if lock.recipient_id is None:
            return None
        return self.accounts.get((lock.debtor_id, lock.recipient_id))

    def tell(self, message: Outgoing) -> None:
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
        outbox.tell(self.session, self._told)
