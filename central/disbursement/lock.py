"""One `central serve` for the books. The lock is let go of however the process ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from disbursement.config import Config
from disbursement.database import make_folder, open_database
from disbursement.errors import InvalidSetup
from disbursement.postgres import Lock, try_lock

LOCK_NAME = "central.lock"


@contextmanager
def only_server(config: Config) -> Iterator[None]:
    """Two would run each other's payouts again at every start, and both would watch the wallet."""
    if config.server.database is None:
        with _only_in(config.server.data_dir):
            yield
        return
    with open_database(config, new=True) as db, try_lock(db.engine, Lock.SERVE) as is_ours:
        if not is_ours:
            raise InvalidSetup(
                f"another `central serve` runs on the books in {config.books_place}: end it first"
            )
        yield


@contextmanager
def _only_in(data_dir: Path) -> Iterator[None]:
    make_folder(data_dir)
    path = data_dir / LOCK_NAME
    try:
        file = path.open("a")
    except OSError as failure:
        raise InvalidSetup(f"{path}: cannot be opened: {failure.strerror}") from failure
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise InvalidSetup(
                f"another `central serve` runs on the books in {data_dir}: end it first, or choose "
                "another folder with --data-dir"
            ) from taken
        except OSError as failure:
            raise InvalidSetup(f"{path}: cannot be locked: {failure.strerror}") from failure
        yield
