"""Files as bad disks and power cuts leave them: refused and kept byte for byte, or opened with every fact that was told."""

import contextlib
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import StorageDamaged
from kiosk.journal.store import Store
from kiosk.journal.verify import verify

PAGE_BYTES = 4096
SEEDS = range(40)


@pytest.fixture
def sold(bench, tmp_path) -> Path:
    """A kiosk that sold once and is in the middle of the next sale, as a power cut leaves it: the WAL not yet in the file."""
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bench.restart()
    return copied(bench.config.database, tmp_path / "power-cut")


def copied(database: Path, folder: Path) -> Path:
    folder.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{database}{suffix}", f"{folder / database.name}{suffix}")
    return folder / database.name


def contents(database: Path) -> dict[str, bytes]:
    """Without the -shm file, SQLite's index of the WAL, which each start makes anew; an empty WAL is none."""
    files = [database, Path(f"{database}-wal")]
    return {file.name: data for file in files if file.exists() and (data := file.read_bytes())}


def test_an_undamaged_copy_starts(sold):
    with closing(Store(sold)) as store:
        assert store.load() is not None
    assert verify(sold).findings == ()


@pytest.mark.parametrize("garbage", [bytes(PAGE_BYTES), b"\xa5" * PAGE_BYTES])
def test_a_damaged_last_page_is_said_and_the_files_are_kept(sold, garbage):
    with closing(sqlite3.connect(sold)) as db:
        db.execute("VACUUM")  # or it may be a page that nobody uses
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    overwrite(sold, sold.stat().st_size // PAGE_BYTES - 1, garbage)
    assert not is_opened(sold)


def test_most_pages_are_said_and_kept_when_damaged(sold, tmp_path):
    """All but those that lie in the WAL as well, which replaces them."""
    refused = 0
    for number in range(sold.stat().st_size // PAGE_BYTES):
        damaged = copied(sold, tmp_path / str(number))
        overwrite(damaged, number, random.Random(number).randbytes(PAGE_BYTES))
        refused += not is_opened(damaged)
    assert refused > number / 2


def overwrite(database: Path, page: int, garbage: bytes) -> None:
    with database.open("r+b") as file:
        file.seek(PAGE_BYTES * page)
        file.write(garbage)


def is_opened(database: Path) -> bool:
    """If so, it has every fact; if not, every byte is where it was, also after the supervisor tried again."""
    before = contents(database)
    with contextlib.suppress(StorageDamaged):
        Store(database).close()
        assert verify(database).findings == ()
        return True
    with pytest.raises(StorageDamaged):
        Store(database)
    assert contents(database) == before
    return False


def test_a_state_that_cannot_be_read_is_damage_too(sold):
    with closing(sqlite3.connect(sold)) as db, db:
        db.execute("UPDATE core_state SET memory = replace(memory, '{', '(')")
    with pytest.raises(StorageDamaged):
        Store(sold).load()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_torn_wal_loses_nothing_that_was_on_disk_before_it_was_told(bench, tmp_path, seed):
    """What a power cut leaves of the WAL ends anywhere behind the last commit that was waited for."""
    chance = random.Random(seed)
    bench.prepare()
    for _ in range(chance.randrange(3)):
        bench.insert()
    wal = Path(f"{bench.config.database}-wal")
    synced_bytes, told = wal.stat().st_size, bench.store.cash_equation().credited_minor
    bench.insert()
    torn = copied(bench.config.database, tmp_path / "power-cut")
    with Path(f"{torn}-wal").open("r+b") as file:
        file.truncate(chance.randint(synced_bytes, wal.stat().st_size))
    with closing(Store(torn)) as store:
        assert store.cash_equation().holds
        assert store.cash_equation().credited_minor >= told
    assert verify(torn).findings == ()
