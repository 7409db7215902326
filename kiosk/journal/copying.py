"""A copy of the database while the core runs: one moment of it, whole, in one file, on disk.

The copy is read from one view, so that the core's commits neither disturb it nor wait for it, and is put in place
only once it is complete; what is there already is never overwritten.
"""

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from kiosk.errors import InvalidInput
from kiosk.journal.opening import open_to_read, sync_folder

PAGES_PER_STEP = 1_000  # 4 MB between two words of progress
# Only the copy is written: the stick is full or fails, and the journal is sound.
_NOT_WRITTEN = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC")


def copy_database(source: Path, target: Path, progress: Callable[[str], None]) -> None:
    """Raises InvalidInput when the copy cannot be written there, sqlite3.DatabaseError when it cannot be read."""
    part = target.with_name(f"{target.name}.part")
    try:
        _begin(part, target)
    except FileExistsError as error:
        raise InvalidInput(f"{error.filename}: is there already; give another name") from error
    except OSError as error:
        raise InvalidInput(f"{target}: cannot be written: {error.strerror}") from error
    try:
        _fill(source, part, progress)
        _put_in_place(part, target)
    except OSError as error:
        raise InvalidInput(f"{target}: cannot be written: {error.strerror}") from error
    except sqlite3.DatabaseError as error:
        if (error.sqlite_errorname or "").startswith(_NOT_WRITTEN):
            raise InvalidInput(f"{target}: cannot be written: {error}") from error
        raise
    finally:
        part.unlink(missing_ok=True)


def _begin(part: Path, target: Path) -> None:
    if target.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
    part.open("xb").close()


def _fill(source: Path, part: Path, progress: Callable[[str], None]) -> None:
    def say(_status: int, remaining: int, total: int) -> None:
        progress(f"copied {total - remaining} of {total} pages")

    with closing(open_to_read(source)) as db, closing(sqlite3.connect(part)) as copy:
        db.execute("BEGIN")
        db.execute("SELECT 1 FROM sqlite_master").fetchone()  # from here on, this view
        db.conn.backup(copy, pages=PAGES_PER_STEP, progress=say)
        copy.execute("PRAGMA journal_mode = DELETE")  # no WAL beside it: one file is all


def _put_in_place(part: Path, target: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.rename(target)
    sync_folder(target.parent)
