"""The accounts of one debtor, on a clock that the test turns, and what its creditors hear."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.protocol.balance import available
from disbursement.accounts.protocol.debtors import Terms, open_debtor
from disbursement.accounts.protocol.inbox import receive
from disbursement.accounts.protocol.limits import DAY_MS, MESSAGES_PER_BATCH_MAX, ROOT
from disbursement.accounts.protocol.messages import (
    ConfigureAccount,
    FinalizeTransfer,
    Incoming,
    Outgoing,
    PreparedTransfer,
    PrepareTransfer,
    read_incoming,
)
from disbursement.accounts.protocol.models import (
    AccountOutboxEnd,
    CreditorAccount,
    Debtor,
    Movement,
    RemovedAccount,
    TransferLock,
)
from disbursement.accounts.protocol.order import moment
from disbursement.accounts.protocol.outbox import outgoing
from disbursement.accounts.protocol.processing import process_batch
from disbursement.accounts.protocol.upkeep import keep_up
from disbursement.database import Database

START_MS = 1_800_000_000_000
FAR = moment(START_MS + 3650 * DAY_MS)
ALICE, BOB, CAROL = 2**32 + 1, 2**32 + 2, 2**32 + 3
NUMBERS = itertools.count(1)  # debtors and requests, each new to the database that all tests share
NAMES = {"alice": ALICE, "bob": BOB, "carol": CAROL}
ISSUED = 10**12
M = TypeVar("M")


@dataclass
class AccountsBench:
    db: Database
    debtor_id: int
    now_ms: int = START_MS
    heard: list[Outgoing] = field(default_factory=list)
    read_through: int = 0
    has_forgotten_locks: bool = False

    @classmethod
    def open(cls, db: Database, terms: Terms = Terms(), issued: int = ISSUED) -> "AccountsBench":  # noqa: B008  frozen
        bench = cls(db, next(NUMBERS))
        with db.begin() as session:
            bench.read_through = session.scalars(sa.select(AccountOutboxEnd.number)).one()
            open_debtor(session, bench.debtor_id, terms, bench.now_ms)
        bench.send(bench.configure(ROOT, negligible_amount=Decimal(issued)))
        return bench

    def configure(self, creditor_id: int = ALICE, **changes: Any) -> ConfigureAccount:
        asked = {
            "debtor_id": self.debtor_id,
            "creditor_id": creditor_id,
            "negligible_amount": Decimal(0),
            "config_flags": 0,
            "config_data": "",
            "ts": moment(self.now_ms),
            "seqnum": 1,
        }
        return ConfigureAccount(**(asked | changes))

    def prepare(
        self, sender: int = ALICE, to: int = BOB, *, most: int = 100, **changes: Any
    ) -> PrepareTransfer:
        asked = {
            "debtor_id": self.debtor_id,
            "creditor_id": sender,
            "coordinator_type": "direct",
            "coordinator_id": sender,
            "coordinator_request_id": next(NUMBERS),
            "min_locked_amount": most,
            "max_locked_amount": most,
            "recipient": str(to),
            "final_interest_rate_ts": FAR,
            "max_commit_delay": 2**31 - 1,
            "ts": moment(self.now_ms),
        }
        return PrepareTransfer(**(asked | changes))

    def finalize(
        self, prepared: PreparedTransfer, amount: int, **changes: Any
    ) -> FinalizeTransfer:
        same = (
            "debtor_id",
            "creditor_id",
            "coordinator_type",
            "coordinator_id",
            "coordinator_request_id",
            "transfer_id",
        )
        asked = {name: getattr(prepared, name) for name in same} | {
            "committed_amount": amount,
            "transfer_note_format": "",
            "transfer_note": "",
            "ts": moment(self.now_ms),
        }
        return FinalizeTransfer(**(asked | changes))

    def send(self, *messages: Incoming) -> list[Outgoing]:
        """As they travel: JSON documents. What is heard in answer."""
        if not messages:
            return []
        documents = [read_incoming(message.model_dump_json()) for message in messages]

        def all_at_once(session: Session) -> list[tuple[int, Outgoing]]:
            receive(session, documents)
            process_batch(session, self.now_ms, MESSAGES_PER_BATCH_MAX)
            return outgoing(session, self.read_through)

        return self._heard(self.db.run(all_at_once))

    def keep_up(self) -> list[Outgoing]:
        keep_up(self.db, self.now_ms)
        return self.hear()

    def wait(self, ms: int) -> None:
        self.now_ms += ms

    def hear(self) -> list[Outgoing]:
        return self._heard(self.db.run(lambda session: outgoing(session, self.read_through)))

    def _heard(self, told: list[tuple[int, Outgoing]]) -> list[Outgoing]:
        assert len(told) < MESSAGES_PER_BATCH_MAX
        self.read_through = told[-1][0] if told else self.read_through
        news = [message for _, message in told if message.debtor_id == self.debtor_id]
        self.heard += news
        return news

    def one(self, kind: type[M], among: Iterable[Outgoing]) -> M:
        (found,) = [message for message in among if isinstance(message, kind)]
        return found

    def all_heard(self, kind: type[M]) -> list[M]:
        return [message for message in self.heard if isinstance(message, kind)]

    def lock(self, sender: int = ALICE, to: int = BOB, **changes: Any) -> PreparedTransfer:
        return self.one(PreparedTransfer, self.send(self.prepare(sender, to, **changes)))

    def pay(self, sender: int, to: int, amount: int, **changes: Any) -> list[Outgoing]:
        prepared = self.lock(sender, to, most=amount)
        return self.send(self.finalize(prepared, amount, **changes))

    def open_accounts(self, **amounts: int) -> None:
        """By name; issued to them as much as is said."""
        issued = {NAMES[name]: amount for name, amount in amounts.items()}
        self.send(*(self.configure(creditor_id) for creditor_id in issued))
        told = self.send(
            *(self.prepare(ROOT, to, most=most) for to, most in issued.items() if most)
        )
        prepared = [message for message in told if isinstance(message, PreparedTransfer)]
        self.send(*(self.finalize(lock, lock.locked_amount) for lock in prepared))

    def account(self, creditor_id: int) -> CreditorAccount | None:
        key = (self.debtor_id, creditor_id)
        return self.db.run(lambda session: session.get(CreditorAccount, key))

    def principal(self, creditor_id: int) -> int:
        account = self.account(creditor_id)
        assert account is not None
        return account.principal

    def available(self, creditor_id: int) -> int:
        account = self.account(creditor_id)
        assert account is not None
        return available(account, self.now_ms)

    def rows(self, model: type[Any]) -> list[Any]:
        return self.all_rows(model)[0]

    def all_rows(self, *models: type[Any]) -> list[list[Any]]:
        """Of one moment."""
        mine = [sa.select(model).where(model.debtor_id == self.debtor_id) for model in models]
        return self.db.run(lambda session: [list(session.scalars(each)) for each in mine])

    def books(self) -> dict[int, tuple[int, int]]:
        """Of each account: principal and what is locked."""
        accounts = self.rows(CreditorAccount)
        return {account.creditor_id: (account.principal, account.locked) for account in accounts}

    def close(self) -> None:
        """Leave nothing that another test's upkeep would look after."""
        with self.db.begin() as session:
            for model in (RemovedAccount, TransferLock, Movement, CreditorAccount, Debtor):
                session.execute(sa.delete(model).where(model.debtor_id == self.debtor_id))

    def demand_sound_books(self) -> None:
        """Debits equal credits; principals are their movements; locks are the open ones, each settled once."""
        moved: dict[int, int] = defaultdict(int)
        settled: dict[tuple[Any, ...], int] = {}
        movements, locks, accounts = self.all_rows(Movement, TransferLock, CreditorAccount)
        for movement in movements:
            moved[movement.sender_id] -= movement.amount
            moved[movement.recipient_id] += movement.amount
            if movement.transfer_id is not None:
                transfer = (movement.sender_id, movement.transfer_id)
                assert transfer not in settled
                settled[transfer] = movement.amount
        locked: dict[int, list[int]] = defaultdict(list)
        for lock in locks:
            if lock.state == "prepared":
                locked[lock.creditor_id].append(lock.amount)
            assert lock.committed == settled.pop((lock.creditor_id, lock.transfer_id), 0)
        assert settled == {} or self.has_forgotten_locks
        assert sum(account.principal for account in accounts) == 0
        for account in accounts:
            assert account.principal == moved.pop(account.creditor_id, 0)
            assert account.locked == sum(locked[account.creditor_id])
            assert account.locks == len(locked.pop(account.creditor_id))
            # The root account pays interest, and its limit may be lowered: it may owe more than that.
            if account.interest_rate_ppm >= 0 and account.creditor_id != ROOT:
                assert available(account, self.now_ms) >= 0
        assert set(moved.values()) <= {0}  # of those removed
        assert not any(locked.values())
