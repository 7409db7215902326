"""The store: one transaction for each event, durable before anything is done about it.

Responsible for: opening and checking the database, writing state, facts, book and journal together, and
turning every way a disk can fail into `StorageError`.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlite_utils import Database

from kiosk.errors import StorageDamaged, StorageError, ensure
from kiosk.journal import cash, evidence, outbox, retention, rows
from kiosk.journal.cash import CashEquation
from kiosk.journal.opening import inspect, is_damage, mark_as_made
from kiosk.journal.schema import migrations
from kiosk.session.effects import Fact
from kiosk.session.events import Event
from kiosk.session.memory import Memory, Sale
from kiosk.session.states import State
from kiosk_wire.messages import EventKind

LOCK_WAIT_S = 2.0  # nobody else writes; a longer wait means a second core, or a person's tool

_LAST_RECORD = """
SELECT max(
    coalesce((SELECT at_ms FROM outbox ORDER BY seq DESC LIMIT 1), 0),
    coalesce((SELECT at_ms FROM journal ORDER BY seq DESC LIMIT 1), 0))
"""
_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)
_PRAGMAS = (
    # Smaller pages would write half as much, and two of them share a sector that a power cut can tear.
    "page_size = 4096",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "journal_size_limit = 4194304",  # what a long reader let the WAL grow to is given back
)


class Store:
    def __init__(self, path: Path) -> None:
        """Opens, or makes, the database. Raises StorageError, in words for an operator; StorageDamaged when the file is
        not what was written, and was not touched."""
        self._path = path
        with self._storage_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            inspect(path)
            self._db = Database(
                sqlite3.connect(path, timeout=LOCK_WAIT_S, check_same_thread=False)
            )
            try:
                for pragma in _PRAGMAS:
                    self._db.conn.execute(f"PRAGMA {pragma}")
                migrations.apply(self._db)
                mark_as_made(path)
            except BaseException:
                self._db.close()
                raise

    @property
    def path(self) -> Path:
        return self._path

    def load(self) -> tuple[State, Memory] | None:
        """Where the last process stopped; None on the first day."""
        with self._storage_errors():
            row = self._db.execute("SELECT state, memory FROM core_state").fetchone()
        try:
            return (State(row[0]), _MEMORY.validate_json(row[1])) if row else None
        except ValueError as error:
            wrong = str(error).splitlines()[0]
            raise StorageDamaged(
                f"{self._path}: the core's state cannot be read: {wrong}"
            ) from error

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk when it ends. Raises StorageError."""
        with self._storage_errors(), self._db.atomic():
            yield

    def last_record_ms(self) -> int:
        """When the last record was written; 0 on the first day."""
        with self._storage_errors():
            (at_ms,) = self._db.execute(_LAST_RECORD).fetchone()
        return int(at_ms)

    def save(self, state: State, memory: Memory) -> None:
        """After the facts and the row of its turn: it says how far they go, so that a lost tail shows."""
        self._db.execute(_SAVE, [state.value, _MEMORY.dump_json(memory).decode()])

    def append(self, fact: Fact, event_id: str, at_ms: int) -> None:
        """A fact into the outbox and, where it is about a bill, into the book. The bounds of a session take the
        journal's head with them, to central: the journal cannot be rewritten behind it."""
        if fact.kind in (EventKind.SESSION_STARTED, EventKind.SESSION_ENDED):
            head = rows.head(self._db)
            witness = {"journal_seq": head.seq, "journal_hash": head.hash}
            fact = replace(fact, body=fact.body | witness)
        outbox.append(self._db, fact, event_id, at_ms)
        cash.book(self._db, fact, at_ms)

    def append_dispute(self, fact: Fact, trace: str, event_id: str, at_ms: int) -> None:
        """With what passed between the acceptor and us before this bill was disputed."""
        self.append(evidence.keep(self._db, fact, trace, at_ms), event_id, at_ms)

    def note(  # noqa: PLR0913  # a row of the journal is that wide
        self,
        event: Event,
        session_id: str | None,
        before: State,
        after: State,
        *,
        at_ms: int,
        ended: Sale | None = None,
    ) -> None:
        """What the event did. The sale that it ended is kept whole, so that its receipt can be printed again."""
        details = _ANY.dump_python(event, mode="json")
        if ended is not None:
            details |= {"sale": _ANY.dump_python(ended, mode="json")}
        rows.append(
            self._db,
            at_ms,
            session_id,
            event=type(event).__name__,
            details=json.dumps(details, default=str),
            state_before=before.value,
            state_after=after.value,
        )

    def acknowledge(self, through_seq: int) -> None:
        self._db.execute(
            "UPDATE sync SET acknowledged_seq = max(acknowledged_seq, ?)", [through_seq]
        )

    def let_go_old_rows(self, now_ms: int) -> int:
        """One step of the retention, in a transaction of its own: how many rows went."""
        with self.transaction():
            return retention.let_go(self._db, now_ms)

    def check_cash(self, memory: Memory) -> None:
        """The equation, and that the sale remembers what the book holds. Raises Bug."""
        if memory.sale is None:
            return
        equation = cash.cash_equation(self._db, memory.sale.session_id)
        ensure(equation.holds, f"cash equation broken: {equation}")
        ensure(
            equation.credited_minor == memory.sale.credited_minor,
            f"the sale remembers {memory.sale.credited_minor}, the book holds {equation}",
        )

    def cash_equation(self) -> CashEquation:
        with self._storage_errors():
            return cash.cash_equation(self._db)

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def _storage_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _blamed(error)(f"{self._path}: {explain(error)}") from error
        except OSError as error:
            raise StorageError(f"{self._path}: {error.strerror or error}") from error


def _blamed(error: sqlite3.DatabaseError) -> type[StorageError]:
    return StorageDamaged if is_damage(error) else StorageError


def explain(error: sqlite3.DatabaseError) -> str:
    """What it means and what to do, for an operator."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name == "SQLITE_IOERR_SHMSIZE":  # the index of the WAL found no room
        name = "SQLITE_FULL"
    match name.removeprefix("SQLITE_").split("_")[0]:
        case "BUSY" | "LOCKED":
            return "the database is locked by another program; end it (is a second kiosk core running?)"
        case "FULL":
            return "the disk is full; free some space"
        case "READONLY" | "PERM" | "CANTOPEN":
            return "the database cannot be written; check the folder's owner and permissions, and that its disk is not read-only"
        case "CORRUPT" | "NOTADB":
            return "the database is damaged; keep the file and call support"
        case "IOERR":
            return f"the disk fails ({error}); keep the file and call support"
        case _:
            return str(error)


_ANY: TypeAdapter[Any] = TypeAdapter(Any)
_SAVE = """
INSERT OR REPLACE INTO core_state (id, state, memory, journal_seq, outbox_seq) VALUES (1, ?, ?,
    coalesce((SELECT max(seq) FROM journal), (SELECT seq FROM journal_anchor)),
    coalesce((SELECT max(seq) FROM outbox), 0))
"""
