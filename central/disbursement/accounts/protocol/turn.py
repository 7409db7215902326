"""One transaction of the accounts: the rows it is about, locked in the order of their ids, and what it tells.

Everything that a batch of messages touches is loaded at the start, at once, as plain objects, and written at the end, or
between two parts of a long batch: so handlers only decide, and the database is asked a handful of questions for hundreds
of messages.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from operator import itemgetter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.protocol import outbox
from disbursement.accounts.protocol.driver import together
from disbursement.accounts.protocol.limits import (
    RESERVED_CREDITORS_MAX,
    RESERVED_DEBTORS_MAX,
    ROOT,
    UPDATE_GAP_MS,
)
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
ACCOUNTS = Rows(CreditorAccount)
BALANCES = Rows(  # what transfers change of an account
    CreditorAccount,
    changing=(
        "principal",
        "interest_nano",
        "accrued_at_ms",
        "locked",
        "locks",
        "last_transfer_id",
        "last_transfer_number",
        "last_transfer_at_ms",
        "last_change_at_ms",
        "last_change_seqnum",
        "update_pending",
        "told_at_ms",
    ),
)
_settings = itemgetter(*ACCOUNTS.places(set(ACCOUNTS.names) - set(BALANCES.written)))
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
    _put: dict[Request, TransferLock] = field(default_factory=dict)  # locks to be written
    _stored: set[Request] = field(default_factory=set)  # locks that the database has
    _moved: list[Movement] = field(default_factory=list)
    _told: list[Told] = field(default_factory=list)
    _before: dict[Key, Values] = field(default_factory=dict)  # accounts as they were read

    def load_locks(self, requests: Collection[Request]) -> None:
        """Always before the accounts, so that two turns never deadlock."""
        for lock in LOCKS.ask(self.session, requests, Lock.UPDATE)():
            self.locks[request_of(lock)] = lock
        self._stored = set(self.locks)

    def load_accounts(self, keys: Collection[Key]) -> None:
        """Once in a turn: a second call would lock out of order."""
        debtors = DEBTORS.ask(self.session, {(debtor_id,) for debtor_id, _ in keys})
        accounts = ACCOUNTS.ask(self.session, keys, Lock.UPDATE)
        self.debtors = {debtor.debtor_id: debtor for debtor in debtors()}
        for account in accounts():
            key = (account.debtor_id, account.creditor_id)
            self.accounts[key], self._before[key] = account, ACCOUNTS.values(account)

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

    def put(self, lock: TransferLock) -> None:
        """It is new, or it changed."""
        request = request_of(lock)
        self.locks[request] = self._put[request] = lock

    def note(self, movement: Movement) -> None:
        self._moved.append(movement)

    def tell(self, message: Told) -> None:
        """Of central's own accounts nobody would read it."""
        is_own = message["debtor_id"] <= RESERVED_DEBTORS_MAX
        if not (is_own and ROOT <= message["creditor_id"] <= RESERVED_CREDITORS_MAX):
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
            self._write_accounts()
            self.spill()
            outbox.tell(self.session, self._told, self.now_ms)

    def spill(self) -> None:
        """Write what is seldom touched twice, so that the database has something to do while more is decided."""
        put, stored = self._put, self._stored
        LOCKS.add(self.session, [LOCKS.values(put[r]) for r in put.keys() - stored])
        LOCKS.change(self.session, [put[r] for r in put.keys() & stored])
        MOVEMENTS.add(self.session, [MOVEMENTS.values(movement) for movement in self._moved])
        stored.update(put)
        put.clear()
        self._moved.clear()

    def _write_accounts(self) -> None:
        opened, configured, moved = (
            list[Values](),
            list[CreditorAccount](),
            list[CreditorAccount](),
        )
        for key, account in self.accounts.items():
            before, now = self._before.get(key), ACCOUNTS.values(account)
            if before is None:
                opened.append(now)
            elif _settings(before) != _settings(now):
                configured.append(account)
            elif before != now:
                moved.append(account)
        ACCOUNTS.add(self.session, opened)
        ACCOUNTS.change(self.session, configured)
        BALANCES.change(self.session, moved)


def request_of(lock: TransferLock) -> Request:
    return lock.coordinator_type, lock.coordinator_id, lock.coordinator_request_id
