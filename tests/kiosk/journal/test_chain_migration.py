"""A journal from before the chain is taken in as it is found, and is bound from then on."""

import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Database

from kiosk.errors import InvalidInput
from kiosk.journal.schema import migrations
from kiosk.journal.store import Store
from kiosk.journal.verify import verify


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "kiosk.db"
    with closing(Database(path)) as db:
        migrations.apply(db, stop_before="m003_chain")
        db.execute("INSERT INTO journal VALUES (1, 5, 's1', 'CoreStarted', '{}', 'idle', 'idle')")
        db.execute("INSERT INTO journal VALUES (2, 6, NULL, 'PoweredUp', '{}', 'idle', 'idle')")
        db.execute("INSERT INTO evidence VALUES ('bill-1', 's1', 6, '> fc 05 11 27 56')")
    return path


@pytest.fixture
def taken_in(old):
    Store(old).close()
    return old


def rewrite(path, statement):
    with closing(sqlite3.connect(path)) as db, db:
        for table in ("journal", "evidence"):
            db.execute(f"DROP TRIGGER {table}_no_update")
        db.execute(statement)
    return [str(finding) for finding in verify(path).findings]


def test_it_is_sound_and_says_where_the_chain_began(taken_in):
    assert verify(taken_in).findings == ()
    with closing(sqlite3.connect(taken_in)) as db:
        [(event, details)] = db.execute("SELECT event, details FROM journal WHERE seq = 3")
    assert event == "ChainStarted"
    assert '"through_seq": 2' in details


def test_its_rows_are_bound(taken_in):
    [finding] = rewrite(taken_in, "UPDATE journal SET event = 'BillStacked' WHERE seq = 2")
    assert finding.startswith("journal 2: it was changed")


def test_its_evidence_is_bound(taken_in):
    [finding] = rewrite(taken_in, "UPDATE evidence SET trace = x'789c030000000001'")
    assert finding.startswith("evidence bill-1: the trace was changed")


def test_before_it_is_taken_in_it_is_said_to_be_old(old):
    with pytest.raises(InvalidInput, match="start this version's core once"):
        verify(old)
