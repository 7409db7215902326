"""Many rows of a table at a time, as plain objects.

Responsible for: reading, adding and changing any number of rows with one statement. SQLite takes them one after
the other in its own process; PostgreSQL takes one array for each column.
Not responsible for: what the rows mean, and which of them may be changed.
"""
# ruff: noqa: S608  # the names in the statements are the models' own

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, make_dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from disbursement.accounts.protocol import driver
from disbursement.accounts.protocol.dialect import WideInteger

T = TypeVar("T")
Values = tuple[Any, ...]  # of one row
Convert = Callable[[Any], Any]
Converts = list[tuple[int, Convert]]  # by place in the row


class Lock(StrEnum):
    """Held until the transaction ends."""

    NONE = ""
    SHARE = " FOR SHARE OF t"
    UPDATE = " FOR UPDATE OF t"


@dataclass(frozen=True)
class _Statements:
    """Of one database: made once, because a batch of one message needs them all."""

    select: str
    insert: str
    claim: str
    update: str


class Rows(Generic[T]):
    """The rows of a model, without the model's machinery. To the type checker they are the model's."""

    def __init__(
        self,
        model: type[T],
        *,
        only: Collection[str] = (),
        key: Sequence[str] = (),
        generated: str = "",
        changing: Collection[str] = (),
    ) -> None:
        """`only`: to read these columns alone; `key`: by what they are asked for, if it is not the primary key;
        `generated`: one that the database fills; `changing`: those that `change` writes, if it is not all but the key."""
        table = cast(sa.Table, cast(Any, model).__table__)
        kinds = {c.name: c.type for c in table.columns if c.name != generated}
        self._kinds = {name: kind for name, kind in kinds.items() if not only or name in only}
        self.names = list(self._kinds)
        primary = [column.name for column in table.primary_key if column.name in self._kinds]
        self._key = [*key] or primary
        self._order = primary
        others = [name for name in self.names if name not in self._key]
        self.written = [*(changing or others), *self._key]  # in the order of an update's values
        self._read_sqlite = self._converts(self.names, _READ_SQLITE)
        self._read_postgres = self._converts(self.names, _READ_POSTGRES)
        self._on_sqlite = self._for_sqlite(table.name)
        self._on_postgres = self._for_postgres(table.name)
        self.of = cast(type[T], make_dataclass(model.__name__, self.names, slots=True))
        self.values: Callable[[T], Values] = attrgetter(*self.names)
        self._written_of: Callable[[T], Values] = attrgetter(*self.written)

    def ask(
        self, session: Session, keys: Collection[Values], lock: Lock = Lock.NONE
    ) -> Callable[[], list[T]]:
        """Those that are there, in the order of their primary keys, locked in that order. On SQLite nothing needs
        a lock: a unit of work holds the whole database."""
        if not keys:
            return list
        if driver.is_sqlite(session):
            statement, converts = self._on_sqlite.select, self._read_sqlite
        else:
            statement, converts = self._on_postgres.select + lock, self._read_postgres
        found = driver.ask(session, statement, self._many(session, self._key, sorted(keys)))
        return lambda: [self.of(*_converted(row, converts)) for row in found()]

    def claim(self, session: Session, rows: Collection[Values]) -> Callable[[], set[Values]]:
        """Add those whose key is not there yet: the keys that were added."""
        if not rows:
            return set
        on = self._on_sqlite if driver.is_sqlite(session) else self._on_postgres
        added = driver.ask(session, on.claim, self._many(session, self.names, sorted(rows)))
        return lambda: set(added())

    def add(self, session: Session, rows: Sequence[Values]) -> None:
        """Each with all its values, in the order of the columns."""
        self._tell(session, lambda on: on.insert, self.names, rows)

    def change(self, session: Session, rows: Iterable[T]) -> None:
        values = [self._written_of(row) for row in rows]
        self._tell(session, lambda on: on.update, self.written, values)

    def places(self, names: Iterable[str]) -> list[int]:
        """In a row's values."""
        return [self.names.index(name) for name in names]

    def _tell(
        self,
        session: Session,
        statement: Callable[[_Statements], str],
        names: Sequence[str],
        rows: Sequence[Values],
    ) -> None:
        if not rows:
            return
        if driver.is_sqlite(session):
            converts = self._converts(names, _WRITE_SQLITE)
            many = [_converted(row, converts) for row in rows]
            driver.tell(session, statement(self._on_sqlite), many)
        else:
            driver.tell(session, statement(self._on_postgres), self._columns(names, rows))

    def _many(self, session: Session, names: Sequence[str], rows: Sequence[Values]) -> Values:
        """As one statement takes them."""
        if driver.is_sqlite(session):
            return (json.dumps(rows),)
        return self._columns(names, rows)

    def _for_sqlite(self, table: str) -> _Statements:
        match = " AND ".join(
            f"t.{name} = json_extract(n.value, '$[{place}]')"
            for place, name in enumerate(self._key)
        )
        select = self._select(table, "json_each(?) AS n", match)
        here = " AND ".join(f"{name} = ?" for name in self._key)
        new = _listed(self.written[: -len(self._key)], "{} = ?")
        places = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(self.names)))
        into = f"INSERT INTO {table} ({_listed(self.names)})"
        return _Statements(
            select,
            f"{into} VALUES ({_listed(self.names, '?')})",
            f"{into} SELECT {places} FROM json_each(?) WHERE true {self._unless_there()}",
            f"UPDATE {table} SET {new} WHERE {here}",
        )

    def _for_postgres(self, table: str) -> _Statements:
        match = " AND ".join(f"t.{name} = n.{name}" for name in self._key)
        select = self._select(table, self._arrays(self._key), match)
        new = _listed(self.written[: -len(self._key)], "{0} = n.{0}")
        names, written = self._arrays(self.names), self._arrays(self.written)
        into = f"INSERT INTO {table} ({_listed(self.names)})"
        return _Statements(
            select,
            f"{into} SELECT * FROM {names}",
            f"{into} SELECT * FROM {names} {self._unless_there()}",
            f"UPDATE {table} AS t SET {new} FROM {written} WHERE {match}",
        )

    def _unless_there(self) -> str:
        return f"ON CONFLICT DO NOTHING RETURNING {_listed(self._key)}"

    def _select(self, table: str, keys: str, match: str) -> str:
        columns, order = _listed(self.names, "t.{}"), _listed(self._order, "t.{}")
        return (
            f"SELECT {columns} FROM {keys} CROSS JOIN {table} AS t WHERE {match} ORDER BY {order}"
        )

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
