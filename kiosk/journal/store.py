"""The store: one transaction for each event, durable before anything is done about it.

Responsible for: opening and checking the database, writing state, facts, book and journal together, and
turning every way a disk can fail into `StorageError`.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlite_utils import Database

from kiosk.errors import StorageError, ensure
from kiosk.journal import cash, outbox
from kiosk.journal.cash import CashEquation
from kiosk.journal.schema import migrations
from kiosk.session.effects import Fact
from kiosk.session.events import Event
from kiosk.session.memory import Memory
from kiosk.session.states import State

LOCK_WAIT_S = 2.0  # nobody else writes; a longer wait means a second core, or a person's tool

_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)


class Store:
    def __init__(self, path: Path) -> None:
        """Opens, or makes, the database. Raises StorageError, in words for an operator."""
        self._path = path
        with self._storage_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = Database(
                sqlite3.connect(path, timeout=LOCK_WAIT_S, check_same_thread=False)
            )
            try:
                self._check_and_migrate()
            except BaseException:
                self._db.close()
                raise

    def _check_and_migrate(self) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._db.conn.execute(f"PRAGMA {pragma}")
        (verdict,) = self._db.conn.execute("PRAGMA quick_check").fetchone()
        if verdict != "ok":
            raise StorageError(
                f"{self._path} is damaged ({verdict}); keep the file and call support"
            )
        migrations.apply(self._db)

    @property
    def path(self) -> Path:
        return self._path

    def load(self) -> tuple[State, Memory] | None:
        """Where the last process stopped; None on the first day."""
        with self._storage_errors():
            row = self._db.execute("SELECT state, memory FROM core_state").fetchone()
        return (State(row[0]), _MEMORY.validate_json(row[1])) if row else None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk when it ends. Raises StorageError."""
        with self._storage_errors(), self._db.atomic():
            yield

    def save(self, state: State, memory: Memory) -> None:
        row = {"id": 1, "state": state.value, "memory": _MEMORY.dump_json(memory).decode()}
        self._db.table("core_state").insert(row, pk="id", replace=True)

    def append(self, fact: Fact, event_id: str, at_ms: int) -> None:
        """A fact into the outbox and, where it is about a bill, into the book."""
        outbox.append(self._db, fact, event_id, at_ms)
        cash.book(self._db, fact, at_ms)

    def note(
        self, event: Event, session_id: str | None, before: State, after: State, at_ms: int
    ) -> None:
        self._db.table("journal").insert(
            {
                "at_ms": at_ms,
                "session_id": session_id,
                "event": type(event).__name__,
                "details": json.dumps(_ADAPTER.dump_python(event, mode="json"), default=str),
                "state_before": before.value,
                "state_after": after.value,
            }
        )

    def keep_evidence(self, fact: Fact, trace: str, at_ms: int) -> None:
        """What passed between the acceptor and us before this bill was disputed."""
        row = {"bill_id": fact.body["bill_id"], "session_id": fact.session_id}
        self._db.table("evidence").insert(row | {"at_ms": at_ms, "trace": trace})

    def acknowledge(self, through_seq: int) -> None:
        self._db.execute(
            "UPDATE sync SET acknowledged_seq = max(acknowledged_seq, ?)", [through_seq]
        )

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
            raise StorageError(f"{self._path}: {explain(error)}") from error
        except OSError as error:
            raise StorageError(f"{self._path}: {error.strerror or error}") from error


def explain(error: sqlite3.DatabaseError) -> str:
    """What it means and what to do, for an operator."""
    name = getattr(error, "sqlite_errorname", "") or ""
    match name.removeprefix("SQLITE_").split("_")[0]:
        case "BUSY" | "LOCKED":
            return "the database is locked by another program; end it (is a second kiosk core running?)"
        case "FULL":
            return "the disk is full; free some space"
        case "READONLY" | "PERM" | "CANTOPEN":
            return "the database cannot be written; check the folder's owner and permissions"
        case "CORRUPT" | "NOTADB":
            return "the database is damaged; keep the file and call support"
        case "IOERR":
            return f"the disk fails ({error}); keep the file and call support"
        case _:
            return str(error)


_ADAPTER: TypeAdapter[Any] = TypeAdapter(Any)
