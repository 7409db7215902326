"""The rows of two-phase transfers written by bare SQL into the service's own tables: what the database can do without a service.

Reserve and settle, each one transaction, as durable as the service's. The same rows as the service writes for
them: a lock, made and settled; both accounts; a movement; two rows of the outbox. No rules, no signatures, no HTTP.
"""
# ruff: noqa: S608  # the statements are made of the columns below

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

Pair = tuple[int, int, int]  # sender, recipient, request

LOCK_COLUMNS = (
    "coordinator_type, coordinator_id, coordinator_request_id, debtor_id, creditor_id, transfer_id, recipient, "
    "recipient_id, amount, asked_at_ms, prepared_at_ms, deadline_ms, final_rate_at_us, demurrage_rate_ppm, "
    "announced_at_ms, state, status_code, committed, total_locked"
)
MOVEMENT_COLUMNS = (
    "at_ms, debtor_id, sender_id, recipient_id, amount, coordinator_type, coordinator_id, coordinator_request_id, "
    "transfer_id, note_format, note"
)
DOCUMENT = "x" * 440  # as long as an AccountTransfer
TIMES = "1, 1, 1, 1, 0, 1"  # asked, prepared, deadline, final rate, demurrage, announced
OUTBOX_COLUMNS = "number, debtor_id, creditor_id, told_at_ms, document"
ISOLATION = "READ COMMITTED"


@dataclass
class BareSqlite:
    """One connection: SQLite has one writer."""

    connection: sqlite3.Connection

    @classmethod
    def open(cls, place: str) -> "BareSqlite":
        connection = sqlite3.connect(place, isolation_level=None, timeout=60)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return cls(connection)

    def reserve(self, pairs: Sequence[Pair]) -> None:
        run, many = self.connection.execute, self.connection.executemany
        run("BEGIN IMMEDIATE")
        many(
            f"INSERT INTO transfer_locks ({LOCK_COLUMNS}) VALUES ('direct', ?, ?, 1, ?, ?, ?, ?, '1', {TIMES}, "
            "'prepared', '', '0', '0')",
            [(s, request, s, request, str(r), r) for s, r, request in pairs],
        )
        many(
            "UPDATE creditor_accounts SET locked = CAST(CAST(locked AS INTEGER) + ? AS TEXT), locks = locks + ? "
            "WHERE debtor_id = 1 AND creditor_id = ?",
            [(n, n, s) for s, n in Counter(s for s, _, _ in pairs).items()],
        )
        run("COMMIT")

    def settle(self, pairs: Sequence[Pair]) -> None:
        run, many = self.connection.execute, self.connection.executemany
        run("BEGIN IMMEDIATE")
        many(
            "UPDATE transfer_locks SET state = 'finalized', status_code = 'OK', committed = amount "
            "WHERE coordinator_type = 'direct' AND coordinator_id = ? AND coordinator_request_id = ?",
            [(s, request) for s, _, request in pairs],
        )
        many(
            "UPDATE creditor_accounts SET locked = CAST(CAST(locked AS INTEGER) - ? AS TEXT), locks = locks - ?, "
            "principal = CAST(CAST(principal AS INTEGER) + ? AS TEXT) WHERE debtor_id = 1 AND creditor_id = ?",
            [(*row[:2], row[2], row[3]) for row in _sums(pairs)],
        )
        many(
            f"INSERT INTO account_movements ({MOVEMENT_COLUMNS}) VALUES (1, 1, ?, ?, '1', 'direct', ?, ?, ?, '', '')",
            [(s, r, s, request, request) for s, r, request in pairs],
        )
        last = run(
            "UPDATE account_outbox_end SET number = number + ? RETURNING number", (2 * len(pairs),)
        ).fetchone()[0]
        told = [creditor for s, r, _ in pairs for creditor in (s, r)]
        many(
            f"INSERT INTO account_outbox ({OUTBOX_COLUMNS}) VALUES (?, 1, ?, 1, ?)",
            [(n, c, DOCUMENT) for n, c in enumerate(told, last - len(told) + 1)],
        )
        run("COMMIT")

    def close(self) -> None:
        self.connection.close()


@dataclass
class BarePostgres:
    """One connection of several. One array for each column, as one statement for any number of rows wants it."""

    connection: psycopg.Connection[Any]

    @classmethod
    def open(cls, place: str) -> "BarePostgres":
        return cls(psycopg.connect(place))

    def reserve(self, pairs: Sequence[Pair]) -> None:
        with self.connection.transaction():
            run = self.connection.execute
            senders, recipients, requests = (_array(column) for column in zip(*pairs, strict=True))
            self._lock_accounts({s for s, _, _ in pairs})
            run(
                f"INSERT INTO transfer_locks ({LOCK_COLUMNS}) SELECT 'direct', s, q, 1, s, q, r::text, r, 1, {TIMES}, "
                "'prepared', '', 0, 0 FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS n(s, r, q)",
                (senders, recipients, requests),
            )
            counts = Counter(s for s, _, _ in pairs)
            run(
                "UPDATE creditor_accounts SET locked = locked + n.n, locks = locks + n.n "
                "FROM unnest(%s::bigint[], %s::bigint[]) AS n(c, n) WHERE debtor_id = 1 AND creditor_id = n.c",
                (_array(counts), _array(counts.values())),
            )

    def settle(self, pairs: Sequence[Pair]) -> None:
        with self.connection.transaction():
            run = self.connection.execute
            senders, recipients, requests = (_array(column) for column in zip(*pairs, strict=True))
            self._lock_accounts({c for s, r, _ in pairs for c in (s, r)})
            run(
                "UPDATE transfer_locks SET state = 'finalized', status_code = 'OK', committed = amount "
                "FROM unnest(%s::bigint[], %s::bigint[]) AS n(s, q) WHERE coordinator_type = 'direct' "
                "AND coordinator_id = n.s AND coordinator_request_id = n.q",
                (senders, requests),
            )
            run(
                "UPDATE creditor_accounts SET locked = locked - n.l, locks = locks - n.k, principal = principal + n.p "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS n(l, k, p, c) "
                "WHERE debtor_id = 1 AND creditor_id = n.c",
                tuple(_array(column) for column in zip(*_sums(pairs), strict=True)),
            )
            run(
                f"INSERT INTO account_movements ({MOVEMENT_COLUMNS}) SELECT 1, 1, s, r, 1, 'direct', s, q, q, '', '' "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS n(s, r, q)",
                (senders, recipients, requests),
            )
            ended = run(
                "UPDATE account_outbox_end SET number = number + %s RETURNING number",
                (2 * len(pairs),),
            ).fetchone()
            first = (ended[0] if ended else 0) - 2 * len(pairs)
            run(
                f"INSERT INTO account_outbox ({OUTBOX_COLUMNS}) SELECT %s + i, 1, c, 1, %s "
                "FROM unnest(%s::bigint[]) WITH ORDINALITY AS n(c, i)",
                (first, DOCUMENT, _array([c for s, r, _ in pairs for c in (s, r)])),
            )

    def _lock_accounts(self, creditors: set[int]) -> None:
        self.connection.execute(
            "SELECT principal FROM creditor_accounts WHERE debtor_id = 1 AND creditor_id = ANY(%s::bigint[]) "
            "ORDER BY creditor_id FOR UPDATE",
            (_array(creditors),),
        )

    def close(self) -> None:
        self.connection.close()


def _sums(pairs: Sequence[Pair]) -> list[tuple[int, int, int, int]]:
    """Of each account: what is unlocked, how many locks, what it gains, and whose it is."""
    sent, got = Counter(s for s, _, _ in pairs), Counter(r for _, r, _ in pairs)
    return [(sent[c], sent[c], got[c] - sent[c], c) for c in sorted(sent | got)]


def _array(numbers: Any) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
