"""Does the journal still say what was written? Every row against its chain, every book against the facts.

Read-only, on one view of the database, beside a running core or on a copy. What is wrong is told with the table, the
number of the row, and what should be there.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from kiosk.errors import InvalidInput
from kiosk.journal import outbox, rows
from kiosk.journal.books import wrong_books
from kiosk.journal.chains import Finding, Progress, wrong_events, wrong_rows
from kiosk.journal.opening import is_chained, open_to_read
from kiosk.journal.rows import Head
from kiosk.journal.witnesses import wrong_evidence, wrong_witnesses


@dataclass(frozen=True)
class Verdict:
    findings: tuple[Finding, ...]
    rows: int
    events: int
    journal: Head
    outbox: Head
    acknowledged: Head  # the event up to which central has them, with its hash here


def verify(path: Path, progress: Progress = lambda _said: None) -> Verdict:
    """Raises InvalidInput, or sqlite3.DatabaseError when the file cannot be read at all."""
    with closing(open_to_read(path)) as db:
        db.execute("BEGIN")  # one view, whatever the core writes meanwhile
        if not is_chained(db):
            raise InvalidInput(f"{path}: from an earlier version; start this version's core once")
        return Verdict(
            findings=tuple(_findings(db, progress)),
            rows=_count(db, "journal") + _count(db, "journal_kept"),
            events=_count(db, "outbox"),
            journal=rows.head(db),
            outbox=outbox.head(db),
            acknowledged=_acknowledged(db),
        )


def _findings(db: Database, progress: Progress) -> Iterator[Finding]:
    damage = [verdict for (verdict,) in db.execute("PRAGMA integrity_check(20)").fetchall()]
    if damage != ["ok"]:
        yield from (Finding("the file", None, verdict, "a sound page") for verdict in damage)
        return
    for checks in (wrong_rows, wrong_events, wrong_evidence, wrong_witnesses, wrong_books):
        try:
            yield from checks(db, progress)
        except (sqlite3.DatabaseError, ValueError, LookupError, TypeError) as error:
            # What was changed may no longer be what it was: JSON, an object, a state.
            yield Finding(checks.__name__, None, f"cannot be read: {error}", "as it was written")


def _acknowledged(db: Database) -> Head:
    query = "SELECT seq, hash FROM outbox WHERE seq = (SELECT acknowledged_seq FROM sync)"
    row = db.execute(query).fetchone()
    return Head(*row) if row else Head(0, "")


def _count(db: Database, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
