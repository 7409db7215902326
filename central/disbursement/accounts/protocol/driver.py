"""The database's own driver: past SQLAlchemy, whose part in a statement takes longer than many a statement.

Responsible for: statements that are sent together, each without waiting for the answer to the one before.
Not responsible for: transactions, which are the session's; errors, which `database.py` makes SQLAlchemy's own again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

Answer = Callable[[], list[tuple[Any, ...]]]  # the rows; waits for them


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


@contextmanager
def together(session: Session) -> Iterator[None]:
    """What is asked in it goes out at once (PostgreSQL, libpq, "Pipeline Mode"); an error is raised where an answer is
    awaited, or at the end. Nothing else of the session may be used in it. SQLite answers before one could wait."""
    if is_sqlite(session) or _raw(session).pgconn.pipeline_status:
        yield
        return
    with _raw(session).pipeline():
        yield


def plan_for_any_keys(session: Session) -> None:
    """Until the transaction ends: by the keys' index. A plan for the keys at hand may read a whole table instead."""
    if not is_sqlite(session):
        _raw(session).execute("SET LOCAL plan_cache_mode = force_generic_plan")


def ask(session: Session, statement: str, values: Sequence[Any]) -> Answer:
    if is_sqlite(session):
        rows = _raw(session).execute(statement, values).fetchall()
        return lambda: rows
    cursor = _raw(session).execute(statement, values, prepare=True)
    return lambda: list(cursor.fetchall())


def tell(session: Session, statement: str, values: Sequence[Any]) -> None:
    """One statement. On SQLite, `values` are those of many."""
    if is_sqlite(session):
        _raw(session).executemany(statement, values)
    else:
        _raw(session).execute(statement, values, prepare=True)


def _raw(session: Session) -> Any:
    return session.connection().connection.driver_connection
