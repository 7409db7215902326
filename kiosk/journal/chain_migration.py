"""From a journal that could be rewritten to one that cannot without a trace.

Rows and evidence from before are taken into the chain as they are found; its first own row, CHAIN_STARTED, says up to
where, and what the evidence was. What was changed earlier than that, nobody can tell.
"""

import json
from dataclasses import replace

from sqlite_utils import Database

from kiosk.journal import evidence, rows
from kiosk.journal.rows import Row
from kiosk_wire.chain import GENESIS_HASH

_OLD = "seq, at_ms, session_id, event, details, state_before, state_after"
CHAIN_STARTED = "ChainStarted"


def start_chain(db: Database) -> None:
    for name in ("journal", "evidence", "outbox"):
        db.execute(f"ALTER TABLE {name} RENAME TO {name}_before")
    db.execute("DROP INDEX outbox_by_session")
    for statement in _TABLES.strip().split(";\n\n"):
        db.execute(statement)
    _take_in_rows(db)
    for name in ("journal", "evidence", "outbox"):
        db.execute(f"DROP TABLE {name}_before")
    for table in ("journal", "journal_kept", "outbox", "evidence"):
        refuse_changes(db, table)


def refuse_changes(db: Database, table: str) -> None:
    """Rows of the journal that the anchor has passed may go: they have been let go by the retention."""
    gone = "WHEN old.seq > (SELECT seq FROM journal_anchor)" if table == "journal" else ""
    for change, when in (("UPDATE", ""), ("DELETE", gone)):
        db.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} {when}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _take_in_rows(db: Database) -> None:
    db.execute("INSERT INTO outbox SELECT * FROM outbox_before ORDER BY seq")
    db.execute("INSERT INTO journal_anchor VALUES (1, 0, ?)", [GENESIS_HASH])
    last = Row(0, 0, None, "", "", "", "", "", GENESIS_HASH)
    in_order = f"SELECT {_OLD}, NULL FROM journal_before ORDER BY seq"  # noqa: S608
    for fields in db.execute(in_order):
        last = rows.insert(db, replace(Row(*fields), previous_hash=last.hash))
    hashes = {}
    for bill_id, session_id, at_ms, trace in db.execute(
        "SELECT * FROM evidence_before"
    ).fetchall():
        packed = evidence.pack(trace)
        db.execute(
            "INSERT INTO evidence VALUES (?, ?, ?, ?)", [bill_id, session_id, at_ms, packed]
        )
        hashes[bill_id] = evidence.trace_sha256(trace)
    if last.seq or hashes:
        details = json.dumps({"through_seq": last.seq, "evidence": hashes}, sort_keys=True)
        state = last.state_after
        rows.append(
            db,
            last.at_ms,  # of the last row: a migration has no clock
            None,
            event=CHAIN_STARTED,
            details=details,
            state_before=state,
            state_after=state,
        )


_TABLES = """
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    session_id TEXT,
    event TEXT NOT NULL,
    details TEXT NOT NULL,
    state_before TEXT NOT NULL,
    state_after TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TABLE journal_kept (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    session_id TEXT,
    event TEXT NOT NULL,
    details TEXT NOT NULL,
    state_before TEXT NOT NULL,
    state_after TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TABLE journal_anchor (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TABLE evidence (
    bill_id TEXT PRIMARY KEY,
    session_id TEXT,
    at_ms INTEGER NOT NULL,
    trace BLOB NOT NULL
) STRICT;

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL,
    session_id TEXT,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_by_session ON outbox (session_id);

ALTER TABLE core_state ADD COLUMN journal_seq INTEGER;

ALTER TABLE core_state ADD COLUMN outbox_seq INTEGER
"""
