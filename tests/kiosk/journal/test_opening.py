"""A database that is damaged, changed or gone: nothing is started on it, and nothing of it is touched."""

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bill_acceptor import events
from kiosk.errors import StorageDamaged
from kiosk.journal.opening import inspect
from kiosk.journal.store import Store
from kiosk_bench import TWENTY, Bench


def power_cut(bench: Bench, folder: Path) -> Path:
    """The files as a power cut leaves them, with what was committed still in the WAL."""
    for path in bench.store.path.parent.glob("kiosk.db*"):
        shutil.copy(path, folder)
    return folder / "kiosk.db"


@pytest.fixture
def path(bench, tmp_path):
    bench.prepare()
    bench.insert()
    bench.store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bench.insert()
    (tmp_path / "cut").mkdir()
    return power_cut(bench, tmp_path / "cut")


def contents(path: Path) -> list[bytes]:
    return [path.read_bytes(), path.with_name("kiosk.db-wal").read_bytes()]


def change(path: Path, statement: str) -> None:
    """By hand, with the triggers out of the way; the WAL stays."""
    reader = sqlite3.connect(path)  # while it is open, the writer's end moves nothing
    reader.execute("BEGIN").execute("SELECT * FROM outbox").fetchone()
    with closing(sqlite3.connect(path)) as db, db:
        for table in ("journal", "outbox"):
            for kind in ("update", "delete"):
                db.execute(f"DROP TRIGGER {table}_no_{kind}")
        db.execute(statement)
    shutil.copytree(path.parent, path.parent / "as_found")
    reader.close()
    for found in (path.parent / "as_found").iterdir():
        shutil.copy(found, path.parent)


def test_after_a_power_cut_it_goes_on_with_what_was_committed(path):
    with closing(Store(path)) as store:
        assert store.cash_equation().credited_minor == 4_000


def test_a_damaged_page_is_refused_and_nothing_is_touched(path):
    with path.open("r+b") as file:
        file.seek(2 * 4096)
        file.write(b"\xa5" * 4096)
    before = contents(path)
    with pytest.raises(StorageDamaged, match="keep the file"):
        Store(path)
    assert contents(path) == before


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE outbox SET at_ms = 0 WHERE seq = 3", "outbox 3: it was changed"),
        ("DELETE FROM journal WHERE seq = 3", "journal 3: row 3 is missing"),
        ("DELETE FROM outbox WHERE seq > 3", "the state speaks of 4 to"),
        ("UPDATE sync SET acknowledged_seq = 99", "central has acknowledged"),
        ("DROP TABLE outbox", "no such table"),
    ],
)
def test_a_tail_that_is_not_what_was_written_is_refused(path, statement, said):
    change(path, statement)
    before = contents(path)
    with pytest.raises(StorageDamaged, match=said):
        Store(path)
    assert contents(path) == before


def test_a_state_that_cannot_be_read_is_damage(path):
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE core_state SET memory = '{'")
    with (
        closing(Store(path)) as store,
        pytest.raises(StorageDamaged, match="state cannot be read"),
    ):
        store.load()


@pytest.mark.parametrize("leave", ["nothing", "an empty file"])
def test_a_database_that_vanished_is_missed(path, leave):
    for each in path.parent.glob("kiosk.db*"):
        if not each.name.endswith(".made"):
            each.unlink()
    if leave == "an empty file":
        path.touch()
    before = [(each, each.stat().st_size) for each in path.parent.iterdir()]
    with pytest.raises(StorageDamaged, match="is gone, though this kiosk had one"):
        Store(path)
    assert [(each, each.stat().st_size) for each in path.parent.iterdir()] == before


def test_one_that_was_never_made_is_made(path):
    for each in path.parent.glob("kiosk.db*"):
        each.unlink()
    Store(path).close()
    assert path.exists()


def test_damage_that_is_met_while_running_is_damage(bench):
    bench.prepare()
    bench.store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with bench.store.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 40 * 4096)
    bench.store._db.execute("PRAGMA cache_size = 0")
    with pytest.raises(StorageDamaged, match="keep the file"):
        bench.send(events.BillEscrowed(TWENTY))


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_flipped_byte_is_damage_or_harms_nothing_that_a_start_needs(tmp_path_factory, data):
    bench = Bench(tmp_path_factory.getbasetemp() / "flipped")
    bench.store.close()
    path = bench.store.path
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    flipped = path.with_name("other.db")
    flipped.write_bytes(content)
    with suppress(StorageDamaged):
        inspect(flipped)
