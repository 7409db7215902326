"""Before the database is opened to be written: is it there, is it sound, is it what was written?

Responsible for: refusing a file that is damaged, changed or gone, leaving it and its WAL as they were found. It is read
through a read-only connection, since the last connection that may write moves the WAL into the file when it closes.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from kiosk.errors import InvalidInput, StorageDamaged
from kiosk.journal.chains import wrong_tails
from kiosk.journal.schema import migrations

READ_WAIT_S = 5.0  # for a second program that recovers the WAL
_NOT_THE_FILE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")
_MARK = """\
kiosk.db belongs beside this file. While this file is here, the kiosk begins no other: it would number its
reports from 1 again, and central would refuse them. See docs/faults/storage-damaged.md.
"""


def existing(path: Path) -> Path:
    """For a person who asks. Raises InvalidInput."""
    try:
        is_there = path.is_file()
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be looked at: {error.strerror}") from error
    if not is_there:
        raise InvalidInput(f"{path}: there is no such database; has the core ever run here?")
    return path


def open_to_read(path: Path) -> Database:
    """Raises sqlite3.DatabaseError."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    return Database(sqlite3.connect(uri, uri=True, timeout=READ_WAIT_S))


def inspect(path: Path) -> None:
    """Raises StorageDamaged, or sqlite3.DatabaseError when it cannot be read now."""
    if not path.exists() or path.stat().st_size == 0:
        if _mark(path).exists():
            raise StorageDamaged(
                f"{path} is gone, though this kiosk had one; put it back. See docs/faults/storage-damaged.md"
            )
        return
    try:
        with closing(open_to_read(path)) as db:
            wrong = _first_wrong(db)
    except sqlite3.DatabaseError as error:
        if _name(error).startswith(_NOT_THE_FILE):
            raise
        wrong = str(error)
    except ValueError as error:  # a garbled name in an error's own text
        wrong = str(error)
    if wrong is not None:
        raise StorageDamaged(f"{path} is damaged ({wrong}); keep the file and call support")


def _first_wrong(db: Database) -> str | None:
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        return str(verdict)
    if not is_chained(db):
        return None
    return next((str(finding) for finding in wrong_tails(db)), None)


def is_chained(db: Database) -> bool:
    """Not so one from an earlier version, which the core takes in when it starts, or one half made."""
    return "m003_chain" not in {migration.name for migration in migrations.pending(db)}


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Met while the core runs."""
    is_garbled = "Could not decode" in str(error)  # text that is not UTF-8, as it must be
    return is_garbled or _name(error).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def _name(error: sqlite3.DatabaseError) -> str:
    return getattr(error, "sqlite_errorname", None) or ""


def mark_as_made(path: Path) -> None:
    """So that a database that vanishes is missed."""
    mark = _mark(path)
    if mark.exists():
        return
    with mark.open("w") as file:
        file.write(_MARK)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A new file's name is on disk only then."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}.made")
