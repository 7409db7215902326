"""The evidence of a sale: read from the kiosk's real tables, and quick to see a contradiction."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from kiosk.journal.schema import migrations
from kiosk.screen_link.snapshot import CashView, PayoutView, ScreenState, ServiceView, Snapshot
from stater_demo import evidence
from stater_demo.customer import Purchase
from stater_demo.phone import Received
from stater_demo.problem import DemoProblem

SESSION = "session-1"
TXID = "ab" * 32
AMOUNT = 57_142  # base units: 0.00057142 coins
ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
RECEIPT = f"""\
You get 0.00057142 BTC
To the wallet
{ADDRESS[:20]} {ADDRESS[20:]}
Transaction
{TXID[:40]}
{TXID[40:]}
"""


def _bill(db: Database, bill_id: str, value_minor: int, outcome: str) -> None:
    seq = db.table("outbox").count + 1
    db.table("outbox").insert(
        {
            "seq": seq,
            "event_id": f"event-{seq}",
            "session_id": SESSION,
            "at_ms": 0,
            "kind": "bill_escrowed",
            "body": json.dumps({"bill_id": bill_id, "value_minor": value_minor}),
            "previous_hash": "",
            "hash": "",
        }
    )
    db.table("bill").insert(
        {
            "bill_id": bill_id,
            "session_id": SESSION,
            "value_minor": value_minor,
            "currency": "USD",
            "seen_at_ms": 0,
            "outcome": outcome,
        }
    )


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two bills of $20, as the kiosk's own tables hold them."""
    path = tmp_path / "live.db"
    db = Database(path)
    migrations.apply(db)
    _bill(db, "bill-1", 2_000, "credited")
    _bill(db, "bill-2", 2_000, "credited")
    db.close()
    return path


@pytest.fixture
def purchase(tmp_path: Path) -> Purchase:
    text, picture = tmp_path / "receipt-001.txt", tmp_path / "receipt-001.png"
    text.write_text(RECEIPT)
    picture.write_bytes(b"a picture")
    shown = Snapshot(
        state=ScreenState.PAID,
        service=ServiceView(status="in_service"),
        kiosk_name="k",
        operator_name="o",
        support_phone="p",
        currency="USD",
        network="regtest",
        session_id=SESSION,
        cash=CashView(credited_minor=4_000),
        payout=PayoutView(amount_base_units=AMOUNT, txid=TXID),
    )
    return Purchase(shown, ADDRESS, Received(AMOUNT, 1), text, picture)


Judge = Callable[..., list[str]]


@pytest.fixture
def judge(purchase: Purchase, database: Path, tmp_path: Path) -> Judge:
    """The contradictions of this sale, with some of what the witnesses say changed."""

    def _judge(
        receipt: str = RECEIPT,
        received: Received | None = purchase.received,
        bills: tuple[int, ...] = (20, 20),
        **summary_changes: Any,
    ) -> list[str]:
        out = tmp_path / "out"
        evidence.prepare_folder(out)
        changed = replace(purchase, received=received)
        summary = evidence.collect(changed, database, out) | summary_changes
        return list(evidence.contradictions(summary, changed, bills, receipt))

    return _judge


def test_an_honest_sale_has_no_contradiction(judge: Judge) -> None:
    assert judge() == []


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ({"outcome": "queued"}, "ended as 'queued'"),
        ({"bills": (20, 50)}, "inserted $70"),
        ({"receipt": RECEIPT.replace("bcrt1qw508", "bcrt1qw509")}, "does not name the address"),
        ({"receipt": RECEIPT.replace("ab", "ba")}, "receipt does not name the transaction"),
        ({"receipt": RECEIPT.replace("57142", "57143")}, "receipt does not name the amount"),
        ({"received": Received(AMOUNT - 1, 1)}, "the node says 57141 arrived"),
        ({"received": Received(AMOUNT, 0)}, "not confirmed"),
    ],
)
def test_each_witness_that_differs_is_named(judge: Judge, lie: dict[str, Any], said: str) -> None:
    (contradiction,) = judge(**lie)
    assert said in contradiction


def test_a_bill_that_ended_nowhere_breaks_the_equation(database: Path) -> None:
    db = Database(database)
    db.execute("DELETE FROM bill WHERE bill_id = 'bill-2'")
    db.conn.commit()
    db.close()
    book = evidence.read_cash(database, SESSION)
    assert (book.inserted_minor, book.credited_minor, book.holds) == (4_000, 2_000, False)


def test_a_returned_bill_is_part_of_the_equation(database: Path) -> None:
    db = Database(database)
    _bill(db, "bill-3", 5_000, "returned")
    db.conn.commit()
    db.close()
    book = evidence.read_cash(database, SESSION)
    assert (book.inserted_minor, book.returned_minor, book.holds) == (9_000, 5_000, True)


def test_the_summary_has_exactly_the_promised_keys(
    purchase: Purchase, database: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    evidence.prepare_folder(out)
    evidence.collect(purchase, database, out)
    summary = json.loads((out / "summary.json").read_text())
    assert summary == {
        "outcome": "paid",
        "session_id": SESSION,
        "inserted_minor": 4_000,
        "currency": "USD",
        "coin": "BTC",
        "amount_base_units": AMOUNT,
        "txid": TXID,
        "network": "regtest",
        "confirmations": 1,
        "cash_equation": {
            "inserted_minor": 4_000,
            "credited_minor": 4_000,
            "returned_minor": 0,
            "disputed_minor": 0,
            "unattributed_minor": 0,
            "holds": True,
        },
    }
    assert (out / "receipt.txt").read_text() == RECEIPT
    assert (out / "receipt.png").read_bytes() == b"a picture"


def test_an_older_runs_evidence_goes_and_a_persons_own_files_stay(tmp_path: Path) -> None:
    (tmp_path / "screens").mkdir()
    for stale in ("summary.json", "screens/001.png"):
        (tmp_path / stale).write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    evidence.prepare_folder(tmp_path)
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert left == ["notes.txt", "screens"]


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DemoProblem, match=r"file/screens cannot be written: Not a directory"):
        evidence.prepare_folder(tmp_path / "file")
