"""What stands outside the journal and speaks of it: facts that carry its hashes to central."""

import json
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from kiosk.journal import evidence
from kiosk.journal.chain_migration import CHAIN_STARTED
from kiosk.journal.chains import Finding, Progress
from kiosk.journal.retention import is_kept
from kiosk.session.states import State

_WITNESSES = """
SELECT seq, session_id, kind, body ->> '$.journal_seq', body ->> '$.journal_hash' FROM outbox
WHERE kind IN ('session_started', 'session_ended') AND body ->> '$.journal_hash' IS NOT NULL ORDER BY seq
"""
_ROW = """
SELECT hash FROM journal WHERE seq = :seq UNION ALL SELECT hash FROM journal_kept WHERE seq = :seq
UNION ALL SELECT hash FROM journal_anchor WHERE seq = :seq
"""
_BEGAN_BETWEEN_SALES = "SELECT 1 FROM journal_kept WHERE seq = ? AND state_after = ?"


def wrong_evidence(db: Database, _progress: Progress) -> Iterator[Finding]:
    """Each dispute's trace is there, and is the one that the dispute's fact names."""
    named = _named_traces(db)
    for bill_id, packed in db.execute("SELECT bill_id, trace FROM evidence"):
        if bill_id not in named:
            yield Finding("evidence", bill_id, "no dispute speaks of it", "none for this bill")
            continue
        expected = named.pop(bill_id)
        try:
            found = evidence.trace_sha256(evidence.unpack(packed))
        except ValueError as error:
            found = f"unreadable: {error}"
        if found != expected:
            yield Finding("evidence", bill_id, "the trace was changed", f"SHA-256 {expected}")
    for bill_id, expected in named.items():
        yield Finding("evidence", bill_id, "the trace is missing", f"SHA-256 {expected}")


def wrong_witnesses(db: Database, _progress: Progress) -> Iterator[Finding]:
    """The rows of the journal are those of which the facts speak; those set aside are there from the first
    to the last of their session."""
    began: dict[str, int] = {}
    (anchor_seq,) = db.execute("SELECT seq FROM journal_anchor").fetchone()
    for seq, session_id, kind, row_seq, row_hash in db.execute(_WITNESSES).fetchall():
        found = db.execute(_ROW, {"seq": row_seq}).fetchone()
        is_gone = found is None and row_seq > anchor_seq
        if is_gone or (found and found[0] != row_hash):
            wrong = "it is missing" if is_gone else "it is another row"
            yield Finding(
                "journal", row_seq, wrong, f"hash {row_hash}, of which outbox {seq} speaks"
            )
        if kind == "session_started":
            began[session_id] = row_seq + 1
        elif session_id in began:
            last_seq = min(row_seq + 1, anchor_seq)
            yield from _missing_aside(db, session_id, began.pop(session_id), last_seq)
    for session_id, first_seq in began.items():
        yield from _missing_aside(db, session_id, first_seq, anchor_seq)


def _missing_aside(
    db: Database, session_id: str, first_seq: int, last_seq: int
) -> Iterator[Finding]:
    """A bill that came between sales began a session without a sale in hand: the rows that follow are others'."""
    if first_seq > last_seq or not is_kept(db, session_id):
        return
    if db.execute(_BEGAN_BETWEEN_SALES, [first_seq, State.IDLE]).fetchone():
        return
    query = "SELECT seq FROM journal_kept WHERE seq BETWEEN ? AND ?"
    there = {seq for (seq,) in db.execute(query, [first_seq, last_seq])}
    for seq in range(first_seq, last_seq + 1):
        if seq not in there:
            yield Finding("journal_kept", seq, "missing", f"a row of session {session_id}")


def _named_traces(db: Database) -> dict[str, str]:
    query = """
        SELECT body ->> '$.bill_id', body ->> '$.trace_sha256' FROM outbox
        WHERE kind = 'bill_disputed' AND body ->> '$.trace_sha256' IS NOT NULL
    """
    named: dict[str, str] = dict(db.execute(query).fetchall())
    started = "SELECT details FROM {} WHERE event = ?"
    for table in ("journal", "journal_kept"):
        for (details,) in db.execute(started.format(table), [CHAIN_STARTED]):
            told: dict[str, Any] = json.loads(details)
            named |= told["evidence"]
    return named
