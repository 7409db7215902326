"""Many rows of a table at a time, as plain objects.

Responsible for: reading, adding and changing any number of rows with one statement. SQLite takes them one after
the other in its own process; PostgreSQL takes one array for each column.
Not responsible for: what the rows mean, and which of them may be changed.
"""
# ruff: noqa: S608  # the names in the statements are the models' own

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import make_dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from disbursement.accounts.protocol.dialect import WideInteger

T = TypeVar("T")
Values = tuple[Any, ...]  # of one row
Convert = Callable[[Any], Any]
Converts = list[tuple[int, Convert]]  # by place in the row


class Rows(Generic[T]):
    """The rows of a model, without the model's machinery. To the type checker they are the model's."""

    def __init__(self, model: type[T], *, generated: str = "") -> None:
        """`generated`: a column that only the database fills."""
        table = cast(sa.Table, cast(Any, model).__table__)
        self._table = table.name
        self._kinds = {c.name: c.type for c in table.columns if c.name != generated}
        self._names = list(self._kinds)
        self._key = [column.name for column in table.primary_key]
        self._others = [name for name in self._names if name not in self._key]
        self.of = cast(type[T], make_dataclass(model.__name__, self._names, slots=True))
        self.values: Callable[[T], Values] = attrgetter(*self._names)

    def read(self, session: Session, keys: Collection[Values], *, lock: bool = False) -> list[T]:
        """Those that are there, in the order of their keys, locked in that order if it is asked for. On
        SQLite nothing needs a lock: a unit of work holds the whole database."""
        if not keys:
            return []
        wanted, on_sqlite = sorted(keys), _is_sqlite(session)
        new = _in_json if on_sqlite else _in_array
        match = " AND ".join(
            f"t.{name} = {new(place, name)}" for place, name in enumerate(self._key)
        )
        source = "json_each(?) AS n" if on_sqlite else self._arrays(self._key)
        statement = (
            f"SELECT {_listed(self._names, 't.{}')} FROM {source} CROSS JOIN {self._table} AS t "
            f"WHERE {match} ORDER BY {_listed(self._key, 't.{}')}"
        )
        if lock and not on_sqlite:
            statement += " FOR UPDATE OF t"
        values = (json.dumps(wanted),) if on_sqlite else self._columns(self._key, wanted)
        found = session.connection().exec_driver_sql(statement, values).all()
        converts = self._converts(self._names, _READ_SQLITE if on_sqlite else _READ_POSTGRES)
        return [self.of(*_converted(row, converts)) for row in found]

    def add(self, session: Session, rows: Sequence[Values]) -> None:
        """Each with all its values, in the order of the columns."""
        into = f"INSERT INTO {self._table} ({_listed(self._names)})"
        self._write(
            session,
            f"{into} VALUES ({_listed(self._names, '?')})",
            f"{into} SELECT * FROM {self._arrays(self._names)}",
            self._names,
            rows,
        )

    def change(self, session: Session, rows: Sequence[T]) -> None:
        """All of them that their key does not say."""
        order = [*self._others, *self._key]
        values: Callable[[T], Values] = attrgetter(*order)
        here = " AND ".join(f"{name} = ?" for name in self._key)
        match = " AND ".join(f"t.{name} = n.{name}" for name in self._key)
        new = _listed(self._others, "{0} = n.{0}")
        self._write(
            session,
            f"UPDATE {self._table} SET {_listed(self._others, '{} = ?')} WHERE {here}",
            f"UPDATE {self._table} AS t SET {new} FROM {self._arrays(order)} WHERE {match}",
            order,
            [values(row) for row in rows],
        )

    def _write(
        self,
        session: Session,
        on_sqlite: str,
        on_postgres: str,
        names: Sequence[str],
        rows: Sequence[Values],
    ) -> None:
        if not rows:
            return
        if _is_sqlite(session):
            converts = self._converts(names, _WRITE_SQLITE)
            many = [_converted(row, converts) for row in rows]
            session.connection().exec_driver_sql(on_sqlite, many)
        else:
            session.connection().exec_driver_sql(on_postgres, self._columns(names, rows))

    def _arrays(self, names: Iterable[str]) -> str:
        """A table of PostgreSQL, made of one array for each column."""
        postgres: sa.Dialect = cast(Any, postgresql.psycopg.dialect)()
        types = [f"%s::{self._kinds[name].compile(dialect=postgres)}[]" for name in names]
        return f"unnest({_listed(types)}) AS n({_listed(names)})"

    def _columns(self, names: Iterable[str], rows: Sequence[Values]) -> Values:
        return tuple(
            _array(column, is_text=isinstance(self._kinds[name], sa.Text))
            for name, column in zip(names, zip(*rows, strict=True), strict=True)
        )

    def _converts(self, names: Iterable[str], table: dict[type, Convert]) -> Converts:
        kinds = (type(self._kinds[name]) for name in names)
        return [(place, table[kind]) for place, kind in enumerate(kinds) if kind in table]


# What the driver has no type for.
_READ_SQLITE: dict[type, Convert] = {
    WideInteger: int,
    sa.Date: date.fromisoformat,
    sa.Boolean: bool,
}
_WRITE_SQLITE: dict[type, Convert] = {WideInteger: str, sa.Date: date.isoformat}
_READ_POSTGRES: dict[type, Convert] = {WideInteger: int}


def _converted(row: Iterable[Any], converts: Converts) -> Values:
    values = list(row)
    for place, convert in converts:
        values[place] = convert(values[place])
    return tuple(values)


def _array(column: Sequence[Any], *, is_text: bool) -> str:
    """As PostgreSQL reads it (documentation, 8.15.2): its own parser is quicker than the driver's one value at a time."""
    if is_text:
        return "{" + ",".join(map(_quoted, column)) + "}"
    return "{" + ",".join(["NULL" if value is None else str(value) for value in column]) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _listed(names: Iterable[str], form: str = "{}") -> str:
    return ", ".join(form.format(name) for name in names)


def _in_json(place: int, _name: str) -> str:
    return f"json_extract(n.value, '$[{place}]')"


def _in_array(_place: int, name: str) -> str:
    return f"n.{name}"


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
