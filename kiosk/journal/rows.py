"""The rows of the journal: what each event did, numbered without a gap and chained by hash.

A row's hash covers all that is in it and the hash before. The oldest rows are let go in time (`retention.py`);
the anchor is the number and hash of the last that went, so that the chain still begins somewhere.
"""

from dataclasses import astuple, dataclass, replace
from typing import Any

from sqlite_utils import Database

from kiosk_wire.chain import chained_hash

COLUMNS = "seq, at_ms, session_id, event, details, state_before, state_after, previous_hash, hash"
_HEAD = """
SELECT seq, hash FROM journal UNION ALL SELECT seq, hash FROM journal_anchor ORDER BY seq DESC LIMIT 1
"""


@dataclass(frozen=True)
class Head:
    seq: int
    hash: str


@dataclass(frozen=True)
class Row:
    seq: int
    at_ms: int
    session_id: str | None
    event: str
    details: str
    state_before: str
    state_after: str
    previous_hash: str
    hash: str = ""

    @property
    def true_hash(self) -> str:
        *fields, previous_hash, _hash = astuple(self)
        return chained_hash(previous_hash, *fields)


def head(db: Database) -> Head:
    return Head(*db.execute(_HEAD).fetchone())


def append(db: Database, at_ms: int, session_id: str | None, **said: Any) -> None:
    last = head(db)
    row = Row(last.seq + 1, at_ms, session_id, **said, previous_hash=last.hash)
    insert(db, row)


def insert(db: Database, row: Row) -> Row:
    """The row as it is now sealed."""
    sealed = replace(row, hash=row.true_hash)
    values = astuple(sealed)
    db.execute(f"INSERT INTO journal ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608
    return sealed
