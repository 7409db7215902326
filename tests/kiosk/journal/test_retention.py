"""Old rows go, in small steps, while nobody is there; what is open stays, and the rest still verifies."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bill_acceptor import events
from kiosk.journal import retention
from kiosk.journal.verify import verify
from kiosk.screen_link import intents
from kiosk_bench import DENOMINATIONS, TWENTY, Bench

DAY_S = 86_400.0


@pytest.fixture(autouse=True)
def _short_memory(monkeypatch):
    monkeypatch.setattr(retention, "ROWS_KEPT_MIN", 5)
    monkeypatch.setattr(retention, "ROWS_PER_STEP", 7)


def sell(bench):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid(), intents.DismissRequested())


def dispute(bench) -> str:
    bench.prepare()
    session_id = bench.screen.session_id
    bench.send(events.BillEscrowed(TWENTY))
    bench.pass_s(70)
    bench.send(intents.DismissRequested())
    return session_id


def between_sales(bench):
    bench.send(events.BillAccepting(), events.BillEscrowed(TWENTY), events.BillReturned(TWENTY))


def dispute_between_sales(bench) -> str:
    """Another customer comes and goes before the device says that it cannot vouch."""
    bench.send(events.BillAccepting(), events.BillEscrowed(TWENTY), events.PoweredUp("nowhere"))
    session_id = bench.core.memory.transit.session_id
    bench.send(intents.StartRequested())
    bench.pass_s(400)
    bench.send(
        intents.DismissRequested(),
        events.AcceptorReady(DENOMINATIONS, vouches=False, firmware="sim"),
    )
    assert bench.screen.state == "disputed"
    bench.send(intents.DismissRequested())
    return session_id


def age(bench, days: float):
    """So much later, as many idle ticks as it takes."""
    bench.clock.seconds += days * DAY_S
    while gone := bench.store.let_go_old_rows(bench.kiosk_clock.now_ms()):
        assert gone <= 7


def ask(bench, query):
    with closing(sqlite3.connect(bench.store.path)) as db:
        return db.execute(query).fetchall()


def findings(bench):
    return [str(finding) for finding in verify(bench.store.path).findings]


def test_old_rows_of_a_sale_that_ended_well_go_and_the_rest_verifies(bench):
    sell(bench)
    [(before,)] = ask(bench, "SELECT count(*) FROM journal")
    age(bench, 91)
    assert ask(bench, "SELECT count(*) FROM journal") == [(5,)]
    assert ask(bench, "SELECT seq FROM journal_anchor") == [(before - 5,)]
    assert ask(bench, "SELECT count(*) FROM journal_kept") == [(0,)]
    assert findings(bench) == []
    sell(bench)
    assert findings(bench) == []


def test_young_rows_stay(bench):
    sell(bench)
    before = ask(bench, "SELECT count(*) FROM journal")
    age(bench, 89)
    assert ask(bench, "SELECT count(*) FROM journal") == before


def test_an_open_question_is_set_aside_whole_with_its_evidence(bench):
    sell(bench)
    session_id = dispute(bench)
    [(rows,)] = ask(bench, f"SELECT count(*) FROM journal WHERE session_id = '{session_id}'")
    sell(bench)
    age(bench, 91)
    aside = ask(bench, "SELECT session_id, count(*) FROM journal_kept GROUP BY 1")
    assert aside == [(session_id, rows)]
    assert ask(bench, "SELECT count(*) FROM evidence") == [(1,)]
    assert findings(bench) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM journal_kept WHERE seq = {}", "journal_kept {}: missing"),
        ("UPDATE journal_kept SET event = 'x' WHERE seq = {}", "journal_kept {}: it was changed"),
        ("UPDATE journal_anchor SET hash = 'x'", "it does not follow"),
        ("UPDATE journal_anchor SET seq = seq - 2", "are missing"),
        ("UPDATE journal_anchor SET seq = seq + 1", "the anchor has passed it"),
    ],
)
def test_what_is_set_aside_verifies_one_by_one(bench, change, said):
    dispute(bench)
    sell(bench)
    age(bench, 91)
    seqs = [seq for (seq,) in ask(bench, "SELECT seq FROM journal_kept")]
    for seq in (seqs[0], seqs[len(seqs) // 2], seqs[-1]):
        with closing(sqlite3.connect(bench.store.path, isolation_level=None)) as db:
            db.execute("DROP TRIGGER IF EXISTS journal_kept_no_update")
            db.execute("DROP TRIGGER IF EXISTS journal_kept_no_delete")
            db.execute("BEGIN")
            db.execute(change.format(seq))
            db.execute("COMMIT")
        assert any(said.format(seq) in finding for finding in findings(bench)), findings(bench)


def test_a_clock_that_is_years_ahead_does_not_empty_the_journal(bench):
    sell(bench)
    age(bench, 20_000)
    assert ask(bench, "SELECT count(*) FROM journal") == [(5,)]


def test_it_happens_while_the_machine_is_idle_and_only_then(bench):
    sell(bench)
    bench.scan()
    bench.clock.seconds += 91 * DAY_S
    bench.core.tidy()
    assert ask(bench, "SELECT seq FROM journal_anchor") == [(0,)]
    bench.send(intents.CancelRequested(), intents.DismissRequested())
    bench.core.tidy()
    assert ask(bench, "SELECT seq FROM journal_anchor") == [(7,)]


def test_the_wal_is_small_again_once_a_reader_has_gone(bench):
    with closing(sqlite3.connect(bench.store.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM outbox").fetchone()
        for _ in range(40):
            sell(bench)
    wal = bench.store.path.with_name("kiosk.db-wal")
    assert wal.stat().st_size > 1_000_000
    for _ in range(30):
        sell(bench)
    assert wal.stat().st_size < 5_000_000


@given(
    steps=st.lists(
        st.sampled_from(["sell", "dispute", "between", "beside", "restart", 30, 91]), max_size=8
    )
)
@settings(max_examples=20, deadline=None)
def test_whatever_happens_in_between_the_journal_verifies(tmp_path_factory, steps):
    bench = Bench(tmp_path_factory.mktemp("life"))
    bench.start()
    for step in steps:
        match step:
            case "sell":
                sell(bench)
            case "dispute":
                dispute(bench)
            case "between":
                between_sales(bench)
            case "beside":
                dispute_between_sales(bench)
            case "restart":
                bench.restart()
            case days:
                age(bench, days)
        assert findings(bench) == []
    bench.store.close()


def test_a_bill_between_sales_claims_no_rows_of_others(bench):
    """Its session begins without a sale in hand: what follows in the journal is other people's."""
    between_sales(bench)
    sell(bench)
    age(bench, 91)
    assert findings(bench) == []


def test_a_dispute_between_sales_is_set_aside_from_its_first_sight(bench):
    session_id = dispute_between_sales(bench)
    sell(bench)
    age(bench, 91)
    aside = ask(bench, f"SELECT event FROM journal_kept WHERE session_id = '{session_id}'")
    assert aside == [("BillEscrowed",), ("AcceptorReady",), ("DismissRequested",)]
    assert findings(bench) == []


def test_rows_from_a_clock_that_was_ahead_do_not_hold_back_the_rest_for_ever(bench):
    bench.clock.utc_off_ms = 70 * 365 * int(DAY_S) * 1_000
    bench.send(*[intents.ChooseLanguage(language="es")] * 9)
    bench.kiosk_clock.central_said(bench.clock.true_ms(), bench.clock.seconds)
    sell(bench)
    age(bench, 89)
    assert ask(bench, "SELECT seq FROM journal_anchor") == [(0,)]
    age(bench, 2)
    assert ask(bench, "SELECT count(*) FROM journal") == [(5,)]
    assert findings(bench) == []
