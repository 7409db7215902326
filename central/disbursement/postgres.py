"""PostgreSQL: connections with a bound on every wait, advisory locks, and its errors in an operator's words.

Units of work run at READ COMMITTED, and lock what they rely on; see docs/adr/0017-postgresql.md.
"""

from enum import IntEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from disbursement.errors import InvalidSetup, without_number

OLDEST = 15  # the oldest that the tests run on
CONNECT_TIMEOUT_S = 10
LOCK_TIMEOUT_MS = 30_000  # as SQLite's busy timeout
IDLE_IN_TRANSACTION_MS = (
    60_000  # a process that was stopped in mid-transaction holds up the others no longer
)
WORDS = {  # https://www.postgresql.org/docs/current/errcodes-appendix.html
    "25006": "it is read-only: name the primary in server.database, not a replica",
    "42501": "its user may not do that: make it the owner of the database",
    "53100": "its disk is full: make room and try again",
    "53300": "it takes no more connections: raise its max_connections, or run fewer processes",
    "55P03": "another program keeps it locked: end it and try again",
    "57P01": "it was shut down: try again once it runs",
    "57P02": "one of its processes crashed: it ends them all, and starts again by itself",
}


WORDS_LOCKED = 0x5350  # advisory locks of two numbers: ours, then the word's


class Lock(IntEnum):
    """Keys of advisory locks: the letters SP (0x5350) for us, then a number."""

    MIGRATE = 0x53500001
    TAKE_OVER = 0x53500002


def open_engines(url: sa.URL) -> tuple[sa.Engine, sa.Engine]:
    """Ours, and the workflow engine's."""
    ours = _open(url, isolation_level="READ COMMITTED")
    workflows = _open(url)
    return ours, workflows


def _open(url: sa.URL, **options: Any) -> sa.Engine:
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,  # names and phones are among them, and errors are logged
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
        **options,
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    """What is committed stays, whatever the server's default is; and no wait is for ever."""
    connection.execute(
        "SELECT set_config('lock_timeout', %s, false), "
        "set_config('idle_in_transaction_session_timeout', %s, false), "
        "set_config('synchronous_commit', "
        "CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
        "ELSE current_setting('synchronous_commit') END, false)",
        [str(LOCK_TIMEOUT_MS), str(IDLE_IN_TRANSACTION_MS)],
    )
    connection.commit()


def end_by(session: Session, left_ms: int) -> None:
    """No wait and no statement of this transaction is longer."""
    session.execute(
        sa.select(
            sa.func.set_config("lock_timeout", str(max(1, min(left_ms, LOCK_TIMEOUT_MS))), True),
            sa.func.set_config("statement_timeout", str(max(1, left_ms)), True),
        )
    )


def demand_version(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    if version < OLDEST:
        raise InvalidSetup(
            f"the PostgreSQL of server.database is version {version}, and {OLDEST} or newer is needed"
        )


def lock_word_until_commit(session: Session, word: str) -> None:
    """Of two with the same word one waits for the other. SQLite has one writer at a time anyway."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        of_word = sa.func.hashtext(word)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WORDS_LOCKED, of_word)))


def lock_until_commit(connection: sa.Connection, lock: Lock) -> None:
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(int(lock))))


def in_words(failure: DBAPIError) -> str | None:
    code = getattr(failure.orig, "sqlstate", None)
    if code is not None:
        return WORDS.get(code)
    return _unconnected(failure)


def _unconnected(failure: DBAPIError) -> str | None:
    """There is no code of an error that came before there was a connection: only libpq's text."""
    if type(failure.orig).__module__.partition(".")[0] != "psycopg":
        return None
    first_line = without_number(failure.orig or failure).partition("\n")[0]
    why = first_line.rpartition(" failed: ")[2].removeprefix("FATAL:").strip()
    if "password" in why or "authentication" in why:
        return f"{why}: correct server.database, or the password in PGPASSWORD or ~/.pgpass"
    if why.startswith("database "):
        return f"{why}: make it with createdb, or correct server.database"
    return f"cannot connect: {why}; does it run, and is server.database right?"
