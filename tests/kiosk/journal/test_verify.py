"""A journal that was touched says where: each single row, changed, missing or moved."""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from drivers.bill_acceptor import events
from kiosk.journal import rows
from kiosk.journal.rows import Row
from kiosk.journal.verify import verify
from kiosk.screen_link import intents
from kiosk_bench import TWENTY, Bench

CHAINED = ("journal", "outbox")
COLUMNS = {
    "journal": ("at_ms", "session_id", "event", "details", "state_before", "state_after", "hash"),
    "outbox": ("at_ms", "event_id", "session_id", "kind", "body", "previous_hash", "hash"),
}


def two_sales(folder: Path) -> Path:
    """One paid, one with a disputed bill; then the core is stopped."""
    bench = Bench(folder)
    bench.start()
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid(), intents.DismissRequested())
    bench.prepare()
    bench.insert()
    bench.send(events.BillEscrowed(TWENTY))
    bench.pass_s(70)
    bench.store.close()
    return bench.config.database


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> bytes:
    return two_sales(tmp_path_factory.mktemp("sound")).read_bytes()


def touch(content: bytes, *statements: tuple[str, list]) -> list[str]:
    """What verify says once somebody who knows SQL has been at it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kiosk.db"
        path.write_bytes(content)
        with closing(sqlite3.connect(path)) as db, db:
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                db.execute(f"DROP TRIGGER {name}")
            for statement, values in statements:
                db.execute(statement, values)
        return [str(finding) for finding in verify(path).findings]


def last_seq(content: bytes, table: str) -> int:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(content)
        with closing(sqlite3.connect(file.name)) as db:
            return db.execute(f"SELECT max(seq) FROM {table}").fetchone()[0]


def test_a_sound_journal_is_found_sound(sound):
    assert touch(sound) == []


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_any_changed_row_is_named(sound, data):
    table = data.draw(st.sampled_from(CHAINED))
    seq = data.draw(st.integers(1, last_seq(sound, table)))
    column = data.draw(st.sampled_from(COLUMNS[table]))
    value = data.draw(st.integers(0, 2**40) if column == "at_ms" else st.text())
    said = touch(sound, (f"UPDATE {table} SET {column} = ? WHERE seq = ?", [value, seq]))
    assert any(finding.startswith(f"{table} {seq}: ") for finding in said), said


@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_any_missing_row_is_named(sound, data):
    table = data.draw(st.sampled_from(CHAINED))
    seq = data.draw(st.integers(1, last_seq(sound, table)))
    said = touch(sound, (f"DELETE FROM {table} WHERE seq = ?", [seq]))
    assert any(finding.startswith(f"{table} {seq}: row {seq} is missing") for finding in said), (
        said
    )


@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_any_two_rows_that_changed_places_are_named(sound, data):
    table = data.draw(st.sampled_from(CHAINED))
    seqs = st.integers(1, last_seq(sound, table))
    one, other = data.draw(st.tuples(seqs, seqs).filter(lambda pair: pair[0] != pair[1]))
    move = f"UPDATE {table} SET seq = ? WHERE seq = ?"
    said = touch(sound, (move, [10**6, one]), (move, [one, other]), (move, [other, 10**6]))
    for seq in (one, other):
        assert any(finding.startswith(f"{table} {seq}: ") for finding in said), said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM evidence", "the trace is missing; expected SHA-256"),
        ("UPDATE evidence SET trace = x'00'", "the trace was changed; expected SHA-256"),
        ("UPDATE evidence SET bill_id = 'other'", "evidence other: no dispute speaks of it"),
        ("UPDATE bill SET value_minor = 10000", "value_minor is 10000; expected 2000"),
        ("UPDATE bill SET outcome = 'returned'", "outcome is 'returned'; expected 'credited'"),
        ("DELETE FROM bill", "missing; expected 2000 USD"),
        ("DELETE FROM bill", "cash: the equation does not hold"),
        ("DELETE FROM core_state", "core_state: its row is missing"),
        (
            "UPDATE core_state SET memory = json_set(memory, '$.sale.credited_minor', 1)",
            "the sale remembers {'credited': 1, 'disputed': 2000}",
        ),
        ("UPDATE core_state SET memory = 'x'", "wrong_books: cannot be read"),
        ("UPDATE sync SET acknowledged_seq = 999", "999 are missing; expected central has acknowledged"),
        ("DELETE FROM sync", "sync: its row is missing"),
    ],
)  # fmt: skip
def test_each_book_is_held_against_the_facts(sound, change, said):
    findings = touch(sound, (change, []))
    assert any(said in finding for finding in findings), findings


def test_a_tail_that_was_cut_off_both_chains_is_seen_by_the_state(sound):
    found = touch(sound, *[(f"DELETE FROM {table} WHERE seq > 10", []) for table in CHAINED])
    assert any("the state speaks of 11" in finding for finding in found), found


def test_a_journal_written_anew_contradicts_the_facts_that_central_has(sound):
    """By somebody who knows how the hashes are made."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kiosk.db"
        path.write_bytes(sound)
        with closing(Database(path)) as db:
            db.execute("DROP TRIGGER journal_no_delete")
            old = [Row(*fields) for fields in db.execute(f"SELECT {rows.COLUMNS} FROM journal")]
            db.execute("DELETE FROM journal")
            for row in old:
                forged = replace(row, event="x" if row.seq == 3 else row.event)
                rows.insert(db, replace(forged, previous_hash=rows.head(db).hash))
        said = [str(finding) for finding in verify(path).findings]
    assert said
    assert all("it is another row; expected hash" in finding for finding in said), said


def test_the_tables_refuse_changes(tmp_path):
    with closing(sqlite3.connect(two_sales(tmp_path))) as db:
        for table in ("journal", "outbox", "evidence"):
            for change in (f"UPDATE {table} SET at_ms = 0", f"DELETE FROM {table}"):
                with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
                    db.execute(change)
