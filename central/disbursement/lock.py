"""One `central serve` for each data directory. The kernel lets go of the lock however the process ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from disbursement.database import make_folder
from disbursement.errors import InvalidSetup

LOCK_NAME = "central.lock"


@contextmanager
def only_server(data_dir: Path) -> Iterator[None]:
    """Two would run each other's payouts again at every start, and both would watch the wallet."""
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
