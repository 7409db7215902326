"""The outbox: facts for central, numbered without a gap and chained by hash.

The core appends within its transactions; the sync worker reads through a connection of its own.
"""

import json
import sqlite3
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kiosk.journal.rows import Head
from kiosk.session.effects import Fact
from kiosk_wire.chain import GENESIS_HASH, event_hash
from kiosk_wire.messages import KioskEvent

_COLUMNS = "seq, event_id, session_id, at_ms, kind, body, previous_hash, hash"


def head(db: Database) -> Head:
    last = db.execute("SELECT seq, hash FROM outbox ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(*last) if last else Head(0, GENESIS_HASH)


def append(db: Database, fact: Fact, event_id: str, at_ms: int) -> None:
    last = head(db)
    row: dict[str, Any] = {
        "seq": last.seq + 1,
        "event_id": event_id,
        "session_id": fact.session_id,
        "at_ms": at_ms,
        "kind": fact.kind.value,
        "body": json.dumps(fact.body, separators=(",", ":"), sort_keys=True),
        "previous_hash": last.hash,
    }
    values = [*row.values(), event_hash(**row)]
    db.execute(f"INSERT INTO outbox ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608


class OutboxReader:
    """Read-only, for the sync worker's thread."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row

    def acknowledged_seq(self) -> int:
        (seq,) = self._connection.execute("SELECT acknowledged_seq FROM sync").fetchone()
        return int(seq)

    def after(self, seq: int, limit: int) -> tuple[KioskEvent, ...]:
        """The events that follow `seq`, at most `limit`, in order."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608
            [seq, limit],
        )
        return tuple(KioskEvent.model_validate(dict(row)) for row in rows)

    def close(self) -> None:
        self._connection.close()
