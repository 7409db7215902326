"""The database: engines, the unit of work, and the migrations that run at start.

Everything is written for SQLite and PostgreSQL alike. On SQLite two engines open the same file, both in
WAL with synchronous FULL: ours takes the write lock at the start of a unit of work, so that what it reads
stays true; the workflow engine's follows the rules DBOS has for SQLite. One file, because a payout is
enqueued in the transaction that finalizes its sale.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from disbursement.config import Config
from disbursement.errors import InvalidSetup

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


def open_database(config: Config) -> Database:
    """The tables, up to date. Raises InvalidSetup when the folder cannot be used."""
    try:
        config.server.data_dir.mkdir(parents=True, exist_ok=True)
        db = Database(config.database_url)
        db.migrate()
    except (OSError, DatabaseError) as failure:
        folder = config.server.data_dir
        raise InvalidSetup(f"cannot keep the books in {folder}: {failure}") from failure
    return db


def _prepare(connection: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


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
