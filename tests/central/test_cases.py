"""One code: on the screen, on paper, at the kiosk and at central it finds the same bills and the same amounts."""

from contextlib import closing
from typing import Any

import pytest
from click.testing import CliRunner

from astray import TWENTY, WAYS, jam
from disbursement.balances import open_bills
from disbursement.cases import case_lines, open_lines
from disbursement.commands import main
from disbursement.errors import UnknownClaim
from disbursement.kiosks.intake import take_in
from disbursement.matters import settle
from drivers.bill_acceptor import events
from drivers.faults import FaultCode
from drivers.printer.document import Heading
from kiosk.journal.cases import find_case
from kiosk.journal.opening import open_to_read
from kiosk.journal.outbox import OutboxReader
from kiosk.screen_link import intents
from kiosk_bench import Bench
from kiosk_wire.messages import EventBatch

HOUR_MS = 3_600_000


@pytest.fixture
def bench(tmp_path: Any, central: Any) -> Any:
    """A real core; what it reports is taken in under the name of the kiosk registered here."""
    bench = Bench(tmp_path / "kiosk")
    central.kiosk("kiosk-1")
    bench.start()
    yield bench
    bench.store.close()


def report(bench: Any, central: Any) -> None:
    with closing(OutboxReader(bench.config.database)) as outbox:
        take_in(central.house, "kiosk-1", EventBatch(events=outbox.after(0, 200)))


def told(central: Any, typed: str) -> str:
    house = central.house
    return "\n".join(house.db.run(lambda s: case_lines(s, house.rules, typed, central.clock())))


def settle_by_hand(central: Any, name: str) -> None:
    house = central.house
    house.db.run(lambda s: settle(house, s, name, "in cash, Ann"))


@pytest.mark.parametrize("way", WAYS)
def test_every_bill_in_doubt_is_found_by_the_code_on_the_screen(
    bench: Any, central: Any, way: Any
) -> None:
    way(bench)
    code = bench.screen.claim_code
    assert Heading(code) in bench.ports.printed[-1].document.elements
    with closing(open_to_read(bench.store.path)) as db:
        here = {b.bill_id: b for b in find_case(db, code).bills if b.open}
    report(bench, central)
    there = {b.bill_id: b for b in central.house.db.run(open_bills) if b.claim_code == code}
    doubts = {i: b for i, b in there.items() if b.kind in ("disputed", "unattributed")}
    assert len(doubts) == bench.screen.cash.disputed_bills
    for bill_id, doubt in doubts.items():
        seen = here[bill_id]
        assert (doubt.kind, doubt.value_minor) == (seen.open, seen.value_minor)
        assert f"bill {bill_id}: " in told(central, code)
        assert f"`central settle {doubt.matter} --note ...`" in told(central, code)


def test_what_is_open_says_since_when_how_much_and_what_to_do(bench: Any, central: Any) -> None:
    jam(bench)
    report(bench, central)
    central.clock.ms += 3 * HOUR_MS
    [bill] = central.house.db.run(open_bills)
    remedy = f"once it is settled with the customer: `central settle {bill.matter} --note ...`"
    assert f"  open: disputed 20.00 USD for 3 hours; {remedy}" in told(central, bill.claim_code)
    assert central.house.db.run(lambda s: open_lines(s, central.house.rules, central.clock())) == [
        f"{bill.claim_code}  kiosk kiosk-1  disputed 20.00 USD for 3 hours; {remedy}"
    ]


def test_settled_by_hand_stays_in_the_case_and_off_the_balance(bench: Any, central: Any) -> None:
    jam(bench)
    code = bench.screen.claim_code
    report(bench, central)
    [bill] = central.house.db.run(open_bills)
    settle_by_hand(central, bill.matter)
    report(bench, central)
    assert f"settled by hand: {bill.matter} on 2025-11-20" in told(central, code)
    assert told(central, code).endswith("nothing of it is open")
    assert central.house.db.run(open_bills) == []


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        ((events.BillStacked(TWENTY),), "the acceptor says now that it is in the cashbox"),
        (
            (events.BillEscrowed(TWENTY), events.BillReturned(TWENTY)),
            "it went back to the customer: do not refund it again",
        ),
    ],
)
def test_what_the_device_says_later_is_in_the_case(
    bench: Any, central: Any, happened: Any, said: str
) -> None:
    bench.prepare()
    bench.send(
        events.BillEscrowed(TWENTY), events.AcceptorLost(FaultCode.ACCEPTOR_MISSING, "cable")
    )
    bench.pass_s(200)
    code = bench.screen.claim_code
    bench.send(intents.DismissRequested(), *happened)
    report(bench, central)
    open_line = next(line for line in told(central, code).splitlines() if "open: " in line)
    assert said in open_line


def test_a_paid_sale_tells_its_transaction(central: Any) -> None:
    kiosk = central.kiosk()
    kiosk.happened("session_started", claim_code="7K3Q-9MXL", language="en")
    kiosk.quote()
    kiosk.prepare()
    kiosk.credited(2_000)
    kiosk.report()
    assert "`central finalize transfer-1 --note ...`" in told(central, "7k3q9mxl")
    kiosk.finalized(2_000)
    kiosk.report()
    assert "it is paid by itself: nothing to do" in told(central, "7k3q9mxl")
    central.work()
    text = told(central, "7K3Q-9MX1")
    assert "20.00 USD credited" in text
    assert f"in transaction {kiosk.transfer().json()['txid']}" in text
    assert text.endswith("nothing of it is open")


def test_an_unknown_code_gets_a_clear_answer_with_near_misses(bench: Any, central: Any) -> None:
    jam(bench)
    report(bench, central)
    code = bench.screen.claim_code
    off = ("A" if code[0] != "A" else "K") + code[1:]
    with pytest.raises(UnknownClaim, match=f"did you mean {code}"):
        told(central, off)
    with pytest.raises(UnknownClaim, match=r"no kiosk has reported a claim code '\?\?\?'$"):
        told(central, "???")


def test_by_command_while_the_service_runs(serve: Any) -> None:
    central = serve()
    kiosk = central.kiosk()
    assert central.command("case") == "nothing is open\n"
    kiosk.happened("session_started", claim_code="7K3Q-9MXL", language="en")
    kiosk.happened("bill_unattributed", bill_id="bill-0001", value_minor=None, currency="USD")
    kiosk.report()
    assert "unattributed unknown value in USD for " in central.command("case", "7k3q9mxl")
    assert central.command("case").startswith("7K3Q-9MXL  kiosk kiosk-1  unattributed")
    assert "1 bill, 1 of unknown value" in central.command("status")
    folder = str(central.config_file.parent / "books")
    unknown = CliRunner().invoke(main, ["case", "2222-2222", "--data-dir", folder])
    assert (unknown.exit_code, unknown.output) == (
        1,
        "Error: no kiosk has reported a claim code '2222-2222'\n",
    )


def test_books_of_before_are_read_again(central: Any, books_of: Any) -> None:
    """The migration finds in the events what is kept apart since."""
    kiosk = central.kiosk()
    kiosk.happened("session_started", claim_code="7K3Q-9MXL", language="en")
    kiosk.happened("session_started", "2", claim_code=17)
    kiosk.quote()
    kiosk.prepare()
    kiosk.credited(2_000)
    kiosk.finalized(2_000)
    kiosk.credited(5_000)
    bill = {"bill_id": "bill-0001", "value_minor": 700, "currency": "USD"}
    kiosk.happened("bill_disputed", **bill, reason="jam")
    kiosk.happened("fault_raised", code="disputed-bill-found", detail="bill-0001")
    kiosk.happened("bill_unattributed", **(bill | {"bill_id": "bill-0002", "value_minor": None}))
    kiosk.report()
    before = central.house.db.run(open_bills)
    assert len(before) == 4
    db = books_of("0001")
    db.migrate()
    assert db.run(open_bills) == before
