"""SQLite: two engines on one file, both in WAL with synchronous FULL.

Ours takes the write lock at the start of a unit of work, so that what it reads stays true; the workflow
engine's follows the rules DBOS has for SQLite.
"""

import sqlite3
import sys
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from disbursement import deadline
from disbursement.errors import InvalidSetup

DAMAGED = "the database is damaged: stop the service, keep a copy, and restore the last backup"
WORDS = {  # https://www.sqlite.org/rescode.html
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_BUSY: "another program keeps the database locked: end it and try again",
    sqlite3.SQLITE_FULL: "the disk is full: make room and try again",
    sqlite3.SQLITE_IOERR: "the disk does not read or write: look at the system's log",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: do file and folder belong to who runs this?",
    sqlite3.SQLITE_READONLY: "cannot be written: do file and folder belong to who runs this?",
}
BUSY_TIMEOUT_MS = 30_000


def open_engines(url: sa.URL) -> tuple[sa.Engine, sa.Engine]:
    """Ours, and the workflow engine's."""
    _demand_one_that_dbos_can_use()
    # names and phones are among the parameters, and errors are logged
    ours, workflows = (sa.create_engine(url, hide_parameters=True) for _ in range(2))
    _lock_at_begin(ours)
    _as_dbos_expects(workflows)
    return ours, workflows


def in_words(failure: DBAPIError) -> str | None:
    code = getattr(failure.orig, "sqlite_errorcode", 0) & 0xFF  # extended codes have the kind here
    return WORDS.get(code)


def _prepare(connection: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _demand_one_that_dbos_can_use() -> None:
    """From Python 3.12 on DBOS writes its times by unixepoch('subsec'), which SQLite has since 3.42."""
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise InvalidSetup(
            f"Python {sys.version_info.major}.{sys.version_info.minor} here uses SQLite "
            f"{sqlite3.sqlite_version}, and needs 3.42 or newer: use the system's own Python"
        )


def _lock_at_begin(engine: sa.Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        _prepare(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        left_ms = deadline.left_ms()
        wait_ms = BUSY_TIMEOUT_MS if left_ms is None else min(left_ms, BUSY_TIMEOUT_MS)
        connection.exec_driver_sql(f"PRAGMA busy_timeout={wait_ms}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _as_dbos_expects(engine: sa.Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        _prepare(connection)
