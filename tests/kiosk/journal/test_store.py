"""The database under the faults that a disk and a second program bring."""

import sqlite3
from contextlib import closing

import pytest

from drivers.bill_acceptor import commands, events
from kiosk.errors import Bug, StorageError
from kiosk.journal.outbox import OutboxReader
from kiosk.journal.store import Store
from kiosk.session.effects import Fact
from kiosk_wire.chain import GENESIS_HASH, event_hash
from kiosk_wire.messages import EventKind

TWENTY = events.Bill(2_000, "USD")


def escrowed(bill_id: str) -> Fact:
    body = {"bill_id": bill_id, "value_minor": 2_000, "currency": "USD"}
    return Fact(EventKind.BILL_ESCROWED, "session-1", body)


def ended(bill_id: str, kind: EventKind) -> Fact:
    return Fact(kind, "session-1", escrowed(bill_id).body)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "kiosk.db")
    yield store
    store.close()


def test_what_is_committed_survives_and_what_is_not_does_not(store, tmp_path):
    with store.transaction():
        store.append(escrowed("bill-0001"), "event-0001", 1)
    with pytest.raises(ZeroDivisionError):
        append_and_break(store)
    store.close()
    with closing(Store(tmp_path / "kiosk.db")) as again:
        assert again.cash_equation().inserted_minor == 2_000


def append_and_break(store: Store) -> None:
    with store.transaction():
        store.append(escrowed("bill-0002"), "event-0002", 2)
        raise ZeroDivisionError


def test_a_bill_ends_once(store):
    with store.transaction():
        store.append(escrowed("bill-0001"), "event-0001", 1)
        store.append(ended("bill-0001", EventKind.BILL_CREDITED), "event-0002", 1)
    with pytest.raises(Bug), store.transaction():
        store.append(ended("bill-0001", EventKind.BILL_RETURNED), "event-0003", 2)
    assert store.cash_equation().credited_minor == 2_000


def test_a_bill_that_was_never_seen_cannot_be_credited(store):
    with pytest.raises(Bug), store.transaction():
        store.append(ended("bill-0009", EventKind.BILL_CREDITED), "event-0001", 1)


def test_the_equation_notices_a_bill_that_left_the_book(store, tmp_path):
    with store.transaction():
        store.append(escrowed("bill-0001"), "event-0001", 1)
        store.append(ended("bill-0001", EventKind.BILL_CREDITED), "event-0002", 1)
    with closing(sqlite3.connect(tmp_path / "kiosk.db")) as thief, thief:
        thief.execute("DELETE FROM bill")
    assert not store.cash_equation().holds


def test_the_outbox_is_numbered_and_chained(store, tmp_path):
    with store.transaction():
        for number in range(1, 4):
            store.append(escrowed(f"bill-000{number}"), f"event-000{number}", number)
    previous = GENESIS_HASH
    with closing(OutboxReader(tmp_path / "kiosk.db")) as reader:
        events_told = reader.after(0, 10)
    for number, event in enumerate(events_told, start=1):
        assert (event.seq, event.previous_hash) == (number, previous)
        fields = event.model_dump(exclude={"hash"})
        previous = event_hash(**fields | {"kind": event.kind.value})
        assert event.hash == previous


def test_the_outbox_is_read_wherever_the_file_lies(tmp_path):
    """SQLite takes a name with these for the rest of an address."""
    path = tmp_path / "50% #1?" / "kiosk.db"
    Store(path).close()
    reader = OutboxReader(path)
    assert reader.acknowledged_seq() == 0
    reader.close()


def test_a_locked_database_is_said_to_be_locked(bench):
    bench.prepare()
    other = sqlite3.connect(bench.store.path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked by another program"):
        bench.send(events.BillEscrowed(TWENTY))
    assert commands.Stack() not in bench.ports.acceptor
    other.close()


def test_a_full_disk_stacks_nothing_and_loses_nothing(bench):
    bench.prepare()
    bench.insert()
    before = list(bench.ports.acceptor)
    bench.store._db.execute("PRAGMA max_page_count = 1")  # SQLite's own full disk
    with pytest.raises(StorageError, match="disk is full"):
        bench.send(*[events.BillEscrowed(TWENTY), events.BillStacked(TWENTY)] * 200)
    assert bench.ports.acceptor[: len(before)] == before
    bench.restart()
    assert bench.store.cash_equation().holds
    assert bench.store.cash_equation().credited_minor == bench.core.memory.sale.credited_minor


def test_a_damaged_file_is_kept_and_said(tmp_path):
    path = tmp_path / "kiosk.db"
    path.write_bytes(b"not a database, but a page of something else" * 200)
    with pytest.raises(StorageError, match="keep the file"):
        Store(path)
    assert path.exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file"):
        Store(tmp_path / "file" / "kiosk.db")
