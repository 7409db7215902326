"""The database: engines, the unit of work, and the migrations that run at start.

Everything is written for SQLite and PostgreSQL alike. On SQLite two engines open the same file, both in
WAL with synchronous FULL: ours takes the write lock at the start of a unit of work, so that what it reads
stays true; the workflow engine's follows the rules DBOS has for SQLite. One file, because a payout is
enqueued in the transaction that finalizes its sale.
"""

import logging
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.util.exc import CommandError
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from disbursement.config import Config
from disbursement.errors import InvalidSetup

DAMAGED = "the database is damaged: stop the service, keep a copy, and restore the last backup"
SQLITE_WORDS = {  # https://www.sqlite.org/rescode.html
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_BUSY: "another program keeps the database locked: end it and try again",
    sqlite3.SQLITE_FULL: "the disk is full: make room and try again",
    sqlite3.SQLITE_IOERR: "the disk does not read or write: look at the system's log",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: do file and folder belong to who runs this?",
    sqlite3.SQLITE_READONLY: "cannot be written: do file and folder belong to who runs this?",
}
VERSION_TABLE = "disbursement_version"
MIGRATIONS = Path(__file__).parent / "migrations"
TRIES_MAX = 5  # of a unit of work that met another one
BUSY_TIMEOUT_MS = 30_000

T = TypeVar("T")


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {int: sa.BigInteger, str: sa.Text}
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """Opens the tables at `url`. Use `run` for every unit of work."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url)
        self.workflow_engine = sa.create_engine(url)
        if self.engine.dialect.name == "sqlite":
            _demand_sqlite_that_dbos_can_use()
            _lock_at_begin(self.engine)
            _as_dbos_expects(self.workflow_engine)

    def migrate(self) -> None:
        alembic = AlembicConfig()
        alembic.set_main_option("script_location", str(MIGRATIONS))
        with self.engine.begin() as connection:
            alembic.attributes["connection"] = connection
            command.upgrade(alembic, "head")

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: all of it, or nothing."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def run(self, work: Callable[[Session], T]) -> T:
        """The result of `work`, in one transaction; again from the start if another came between.

        Two requests with the same id both find nothing and both insert: one of them meets the unique
        key, runs again, and finds what the other stored."""
        for _ in range(TRIES_MAX - 1):
            try:
                with self.begin() as session:
                    return work(session)
            except (IntegrityError, OperationalError) as met:
                logging.getLogger(__name__).info("unit of work runs again: %s", met)
        with self.begin() as session:
            return work(session)

    def close(self) -> None:
        self.engine.dispose()
        self.workflow_engine.dispose()


@contextmanager
def open_database(config: Config, *, new: bool = False) -> Iterator[Database]:
    """The books, brought up to date; with `new` they are begun where there are none yet. Raises InvalidSetup:
    there are none, they cannot be kept there, or they are damaged, also while they are open."""
    books = config.database_file
    if new:
        make_folder(books.parent)
    db = Database(f"sqlite:///{books}")
    try:
        if not new and not _has_books(books, db):
            raise InvalidSetup(
                f"there are no books in {books.parent}: is this the data directory of the service? "
                "`central serve`, or `central kiosk add` before it, begins new ones"
            )
        db.migrate()
        yield db
    except CommandError as unknown:  # Alembic knows no such revision
        raise InvalidSetup(
            f"{books} is of a newer version of this program: use that one"
        ) from unknown
    except DatabaseError as failure:
        if not _is_of_the_world(failure):
            raise
        raise InvalidSetup(f"{books}: {in_words(failure)}") from failure
    finally:
        db.close()


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise InvalidSetup(
            f"cannot make the folder {folder} for the books: {failure.strerror}; choose another with "
            "--data-dir or server.data_dir"
        ) from failure


def _has_books(file: Path, db: Database) -> bool:
    """Asks for the file first: connecting would make it."""
    try:
        exists = file.is_file()
    except OSError as failure:
        raise InvalidSetup(f"cannot look for the books in {file}: {failure.strerror}") from failure
    return exists and sa.inspect(db.engine).has_table(VERSION_TABLE)


def _is_of_the_world(failure: DatabaseError) -> bool:
    """Not our own mistake: a person can do something about it."""
    return type(failure) in {DatabaseError, OperationalError}


def in_words(failure: Exception) -> str:
    """Without the statement and the library's own remarks."""
    if not isinstance(failure, DBAPIError):
        return str(failure)
    code = getattr(failure.orig, "sqlite_errorcode", 0) & 0xFF  # extended codes have the kind here
    return SQLITE_WORDS.get(code, str(failure.orig))


def _prepare(connection: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _demand_sqlite_that_dbos_can_use() -> None:
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
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _as_dbos_expects(engine: sa.Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        _prepare(connection)
