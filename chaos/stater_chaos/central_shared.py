"""What the centrals of all worlds share, since to make it anew takes longer than a sale: the application, the
engine with its compiled statements, and books without an entry. They serve whichever central is open now.
"""

import functools
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from starlette.types import ASGIApp

from disbursement.api.app import build_app
from disbursement.database import Database
from disbursement.house import House


class _Open:
    """The central that is open now."""

    house: House
    database: Path
    connection_class: type[sqlite3.Connection] = sqlite3.Connection


OPEN = _Open()


class _ItsHouse:
    def __getattr__(self, name: str) -> Any:
        return getattr(OPEN.house, name)


@functools.cache
def application() -> ASGIApp:
    return build_app(cast("House", _ItsHouse()))


@functools.cache
def database() -> Database:
    db = Database("sqlite:///whichever.db")

    @sa.event.listens_for(db.engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        args[0] = str(OPEN.database)
        named["factory"] = OPEN.connection_class

    return db


@functools.cache
def empty_books() -> bytes:
    """A migrated database, as a file."""
    with tempfile.TemporaryDirectory() as folder:
        OPEN.database = Path(folder) / "central.db"
        database().migrate()
        database().close()
        return OPEN.database.read_bytes()
