"""The database's own driver: past SQLAlchemy, whose part in a statement takes longer than many a statement.

Responsible for: statements that are sent together, each without waiting for the answer to the one before.
Not responsible for: transactions, which are the session's; errors, which `database.py` makes SQLAlchemy's own again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

_ANEW = (
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), "
    "set_config('random_page_cost', '1.1', true)"  # the accounts are in memory
)
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


def plan_anew(session: Session) -> None:
    """Each statement until the transaction ends: for its many keys, and the table as long as it is by now. A plan that was kept,
    made while the table was short, reads all of it."""
    if not is_sqlite(session):
        _raw(session).execute(_ANEW, prepare=True)


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
