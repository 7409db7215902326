"""`kiosk case`: the code that the customer has finds the bill, as the service person types it."""

import pytest
from click.testing import CliRunner

from astray import FORGOT, JAM, READY, TWENTY, WAYS, after_the_sale_has_ended, between_sales, jam
from drivers.bill_acceptor import events
from drivers.faults import FaultCode
from drivers.printer.document import Heading
from kiosk.commands import main
from kiosk.journal.cases import code_meant, find_case, open_bills
from kiosk.journal.opening import open_to_read
from kiosk.screen_link import intents
from kiosk.session.events import OutboxAcknowledged
from kiosk_bench import TXID
from kiosk_wire.messages import TransferState


@pytest.fixture
def run(bench, tmp_path):
    path = tmp_path / "kiosk.toml"
    path.write_text(
        f"""
        kiosk = {{ id = "kiosk-1", data_dir = "{tmp_path}", network = "regtest" }}
        operator = {{ name = "Corner Shop", support_phone = "+1 555 0100" }}
        central = {{ url = "http://127.0.0.1:1", key_file = "{tmp_path}/key.pem" }}
        bill_acceptor = {{ port = "{tmp_path}/acceptor" }}
        scanner = {{ source = "0" }}
        """
    )
    return lambda *words: CliRunner().invoke(main, ["case", *words, "--config", str(path)])


@pytest.fixture
def db(bench):
    db = open_to_read(bench.store.path)
    yield db
    db.close()


@pytest.mark.parametrize("way", WAYS)
def test_screen_paper_and_case_agree(bench, db, way):
    way(bench)
    code = bench.screen.claim_code
    assert Heading(code) in bench.ports.printed[-1].document.elements
    found = find_case(db, code)
    assert found.session_id == bench.screen.session_id
    doubts = [b for b in found.bills if b.open in ("disputed", "unattributed")]
    assert len(doubts) == bench.screen.cash.disputed_bills
    assert sum(b.value_minor or 0 for b in doubts) == bench.screen.cash.disputed_minor
    assert {b.bill_id for b in doubts} <= {b.bill_id for b in open_bills(db)}
    assert all(b.claim_code == code for b in open_bills(db))


def test_a_code_is_found_as_people_type_it(bench, run):
    jam(bench)
    code = bench.screen.claim_code
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        done = run(typed)
        assert done.exit_code == 0, done.output
        assert f"claim code {code}, sale {bench.screen.session_id}" in done.output
        assert "disputed (to be stacked; stacker-jam)" in done.output
        assert f"next: `central case {code}`" in done.output


def test_an_unknown_code_is_answered_with_what_is_near(bench, db, run):
    jam(bench)
    code = bench.screen.claim_code
    off = ("A" if code[0] != "A" else "K") + code[1:]
    assert code_meant(db, off).near == [code]
    done = run(off)
    assert (done.exit_code, code in done.output) == (1, True)
    done = run("????-????")
    assert done.exit_code == 1
    assert "no claim code '????-????' was given out here" in done.output


def test_everything_open_is_listed_the_oldest_first_with_sums(bench, run):
    assert run().output == "nothing is open, as far as this kiosk knows\n"
    between_sales(bench)
    first = bench.screen.claim_code
    bench.send(intents.DismissRequested())
    bench.pass_s(60)
    jam(bench)
    lines = run().output.splitlines()
    assert lines[0].startswith(f"{first}  disputed            20.00 USD  for ")
    assert lines[1].startswith(bench.screen.claim_code)
    assert lines[2] == "all disputed: 40.00 USD"


def test_credit_is_open_until_central_has_the_order(bench, db):
    bench.prepare()
    bench.insert()
    assert [b.open for b in open_bills(db)] == ["unpaid credit"]
    bench.commit()
    bench.pass_s(30)
    assert bench.state == "queued"
    assert [b.open for b in open_bills(db)] == ["unpaid credit"]
    bench.send(OutboxAcknowledged(len(bench.outbox_kinds())))
    assert open_bills(db) == []
    found = find_case(db, bench.screen.claim_code)
    assert (found.ordered_minor, found.order_is_acknowledged, found.txid) == (2_000, True, None)


def test_a_payment_that_was_seen_is_told(bench, db, run):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid())
    code = bench.screen.claim_code
    assert open_bills(db) == []
    assert f"paid in transaction {TXID}" in run(code).output
    bench.send(intents.DismissRequested())
    assert "; paid" in run(code).output


def test_a_refund_is_due_for_as_long_as_this_kiosk_knows(bench, db):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid(state=TransferState.REFUND_DUE, txid=None))
    bench.send(OutboxAcknowledged(len(bench.outbox_kinds())))
    assert [b.open for b in open_bills(db)] == ["refund due"]
    bench.send(intents.DismissRequested())
    assert [b.open for b in open_bills(db)] == ["refund due"]


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        ((events.BillStacked(TWENTY),), "it is in the cashbox"),
        ((events.BillEscrowed(TWENTY), events.BillReturned(TWENTY)), "do not refund it"),
    ],
)
def test_what_the_device_says_later_is_in_the_case(bench, run, happened, told):
    bench.prepare()
    bench.send(
        events.BillEscrowed(TWENTY), events.AcceptorLost(FaultCode.ACCEPTOR_MISSING, "cable")
    )
    bench.pass_s(200)
    code = bench.screen.claim_code
    bench.send(intents.DismissRequested(), *happened)  # the customer has gone
    assert told in run(code).output


def test_a_sale_that_was_taken_up_again_is_one_case(bench, db):
    after_the_sale_has_ended(bench)
    bench.send(intents.DismissRequested())
    code = open_bills(db)[0].claim_code
    assert {b.outcome: b.open for b in find_case(db, code).bills} == {
        "credited": None,
        "disputed": "disputed",
    }


def test_a_jam_of_a_bill_that_is_still_inside_is_a_case_already(bench, run):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY), JAM)
    told = run(bench.screen.claim_code).output
    assert "20.00 USD on its way" in told
    assert "the customer is still there" in told
    bench.send(READY, FORGOT)


def test_where_no_core_has_run_it_says_so(run, bench):
    bench.store.path.rename(bench.store.path.with_suffix(".away"))
    done = run()
    assert done.exit_code == 2
    assert "there is no such database" in done.output
