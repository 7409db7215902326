"""The tables, as migrations that are only ever appended to."""

from sqlite_utils import Database, Migrations

from kiosk.journal.chain_migration import start_chain

migrations = Migrations("kiosk")


@migrations()
def m001_first(db: Database) -> None:
    for statement in _FIRST.strip().split(";\n\n"):
        db.execute(statement)


@migrations()
def m002_evidence(db: Database) -> None:
    db.execute(
        """
        CREATE TABLE evidence (
            bill_id TEXT PRIMARY KEY,
            session_id TEXT,
            at_ms INTEGER NOT NULL,
            trace TEXT NOT NULL
        ) STRICT
        """
    )


@migrations()
def m003_chain(db: Database) -> None:
    start_chain(db)


_FIRST = """
CREATE TABLE core_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    state TEXT NOT NULL,
    memory TEXT NOT NULL
) STRICT;

CREATE TABLE bill (
    bill_id TEXT PRIMARY KEY,
    session_id TEXT,
    value_minor INTEGER CHECK (value_minor > 0),
    currency TEXT NOT NULL,
    seen_at_ms INTEGER NOT NULL,
    stack_decided_at_ms INTEGER,
    outcome TEXT CHECK (outcome IN ('credited', 'returned', 'disputed', 'unattributed')),
    reason TEXT,
    ended_at_ms INTEGER,
    CHECK (value_minor IS NOT NULL OR outcome = 'unattributed')
) STRICT;

CREATE INDEX bill_by_session ON bill (session_id);

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    session_id TEXT,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_by_session ON outbox (session_id);

CREATE TABLE sync (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    acknowledged_seq INTEGER NOT NULL
) STRICT;

INSERT INTO sync VALUES (1, 0);

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    session_id TEXT,
    event TEXT NOT NULL,
    details TEXT NOT NULL,
    state_before TEXT NOT NULL,
    state_after TEXT NOT NULL
) STRICT
"""
