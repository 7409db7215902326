"""The only place where SQLite and PostgreSQL differ for the accounts.

Row locks need no case here: SQLAlchemy leaves FOR UPDATE SKIP LOCKED out of SQLite's statements, where the
unit of work holds the whole database anyway.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator, TypeEngine

DIGITS_MAX = 78  # 2**256 has 78: whatever a token contract can count
NOT_NEGATIVE = "CAST({0} AS TEXT) NOT LIKE '-%'"  # a CHECK that both understand


class WideInteger(TypeDecorator[int]):
    """An integer beyond 64 bits: NUMERIC(78,0) on PostgreSQL; on SQLite, whose numbers end at 64 bits, text.

    To be read, written and compared for equality: text has no order, and no sum."""

    impl = sa.Numeric(DIGITS_MAX, 0)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        is_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(sa.Text() if is_sqlite else sa.Numeric(DIGITS_MAX, 0))

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return str(value) if dialect.name == "sqlite" else Decimal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:  # noqa: ARG002  the base's
        return None if value is None else int(value)


def insert_new(session: Session, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    """What is not there yet, by any of its keys; the others are passed over."""
    if not rows:
        return
    known = session.get_bind().dialect.name
    insert: Any = sqlite.insert if known == "sqlite" else postgresql.insert
    session.execute(insert(table).on_conflict_do_nothing(), rows)
