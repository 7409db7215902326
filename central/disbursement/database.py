"""The database: the unit of work, and the migrations that run at start.

Everything is written for SQLite and PostgreSQL alike. Two engines open the same database, ours and the
workflow engine's, because a payout is enqueued in the transaction that finalizes its sale.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.util.exc import CommandError
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from disbursement import deadline, postgres, sqlite
from disbursement.config import Config
from disbursement.errors import InvalidSetup

VERSION_TABLE = "disbursement_version"
HEAD = "head"  # of the migrations: the newest
MIGRATIONS = Path(__file__).parent / "migrations"
TRIES_MAX = 5  # of a unit of work that met another one

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

    def __init__(self, url: str | sa.URL) -> None:
        url = sa.make_url(url)
        self.is_postgres = url.get_backend_name() == "postgresql"
        home = postgres if self.is_postgres else sqlite
        self.engine, self.workflow_engine = home.open_engines(url)
        self._driver_error: type[Exception] = self.engine.dialect.loaded_dbapi.Error

    def migrate(self) -> None:
        """Of two processes that come together one migrates, and the other finds it done."""
        alembic = AlembicConfig()
        alembic.set_main_option("script_location", str(MIGRATIONS))
        with self.engine.begin() as connection:
            if self.is_postgres:
                postgres.lock_until_commit(connection, postgres.Lock.MIGRATE)
            alembic.attributes["connection"] = connection
            command.upgrade(alembic, HEAD)

    @contextmanager
    def begin(self, *, serializable: bool = False) -> Iterator[Session]:
        """One transaction: all of it, or nothing. Raises Refused when there is no time left for it."""
        engine = self.engine
        if serializable and self.is_postgres:  # on SQLite every one is
            engine = engine.execution_options(isolation_level="SERIALIZABLE")
        deadline.demand_time()
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                left_ms = deadline.left_ms()
                if self.is_postgres and left_ms is not None:
                    postgres.end_by(session, left_ms)
                yield session
                deadline.demand_time()
        except self._driver_error as failure:  # of a statement that went past SQLAlchemy
            raise DBAPIError.instance(
                "", None, failure, self._driver_error, hide_parameters=True
            ) from failure

    def run(self, work: Callable[[Session], T], *, serializable: bool = False) -> T:
        """The result of `work`, in one transaction; again from the start if another came between.

        Two requests with the same id both find nothing and both insert: one of them meets the unique
        key, runs again, and finds what the other stored. So does a deadlock's victim, and one that was
        `serializable`, for work that relies on what is not there and that no key holds."""
        for _ in range(TRIES_MAX - 1):
            try:
                with self.begin(serializable=serializable) as session:
                    return work(session)
            except (IntegrityError, OperationalError) as met:
                logging.getLogger(__name__).info("unit of work runs again: %s", met)
        with self.begin(serializable=serializable) as session:
            return work(session)

    def close(self) -> None:
        self.engine.dispose()
        self.workflow_engine.dispose()


@contextmanager
def open_database(config: Config, *, new: bool = False) -> Iterator[Database]:
    """The books, brought up to date; with `new` they are begun where there are none yet. Raises InvalidSetup:
    there are none, they cannot be kept there, or they are damaged, also while they are open."""
    books = config.books_place
    if new and config.server.database is None:
        make_folder(config.database_file.parent)
    db = Database(config.database_url)
    try:
        if db.is_postgres:
            postgres.demand_version(db.engine)
        if not new and not _has_books(config, db):
            place = books if db.is_postgres else config.server.data_dir
            kind = "database" if db.is_postgres else "data directory"
            raise InvalidSetup(
                f"there are no books in {place}: is this the {kind} of the service? "
                "`central serve`, or `central kiosk add` before it, begins new ones"
            )
        db.migrate()
        yield db
    except CommandError as unknown:  # Alembic knows no such revision
        raise InvalidSetup(
            f"{books} is of a newer version of this program: use that one"
        ) from unknown
    except DatabaseError as failure:
        if not is_of_the_world(failure):
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


def _has_books(config: Config, db: Database) -> bool:
    """Asks for a file first: connecting would make it."""
    if not db.is_postgres and not _is_file(config.database_file):
        return False
    return bool(sa.inspect(db.engine).has_table(VERSION_TABLE))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as failure:
        raise InvalidSetup(f"cannot look for the books in {path}: {failure.strerror}") from failure


def is_of_the_world(failure: DatabaseError) -> bool:
    """Not our own mistake: a person can do something about it."""
    return type(failure) in {DatabaseError, OperationalError} or _words(failure) is not None


def in_words(failure: Exception) -> str:
    """Without the statement and the library's own remarks."""
    if not isinstance(failure, DBAPIError):
        return str(failure)
    return _words(failure) or str(failure.orig)


def _words(failure: DBAPIError) -> str | None:
    return sqlite.in_words(failure) or postgres.in_words(failure)
