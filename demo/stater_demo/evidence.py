"""What a scripted sale leaves behind, and whether all of it agrees.

Four witnesses who do not know each other: the kiosk's database, its last screen, the paper receipt, and the customer's
wallet on the node. Responsible for copying what they say into one folder, and for naming every contradiction.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stater_demo.customer import MINOR_PER_UNIT, Purchase
from stater_demo.phone import BASE_UNITS_PER_COIN
from stater_demo.problem import DemoProblem

OUTCOMES = ("credited", "returned", "disputed", "unattributed")


@dataclass(frozen=True)
class CashBook:
    """The cash of one session, read from the kiosk's database by plain SQL."""

    inserted_minor: int
    credited_minor: int
    returned_minor: int
    disputed_minor: int
    unattributed_minor: int

    @property
    def holds(self) -> bool:
        ends = (self.credited_minor, self.returned_minor, self.disputed_minor)
        return self.inserted_minor == sum(ends) + self.unattributed_minor


def prepare_folder(out: Path) -> Path:
    """An empty place for this run's evidence; of an older run only what it wrote is removed."""
    screens = out / "screens"
    try:
        screens.mkdir(parents=True, exist_ok=True)
        for name in ("summary.json", "receipt.png", "receipt.txt", "kiosk.db"):
            (out / name).unlink(missing_ok=True)
        for picture in screens.glob("*.png"):
            picture.unlink()
    except OSError as error:
        raise DemoProblem(f"{error.filename} cannot be written: {error.strerror}") from error
    return screens


def collect(purchase: Purchase, database: Path, out: Path) -> dict[str, Any]:
    """Copies the witnesses' words into `out`, and returns the summary, which is there too."""
    copy_database(database, out / "kiosk.db")
    shutil.copyfile(purchase.receipt_text, out / "receipt.txt")
    shutil.copyfile(purchase.receipt_picture, out / "receipt.png")
    shown = purchase.shown
    book = read_cash(out / "kiosk.db", shown.session_id)
    payout, received = shown.payout, purchase.received
    summary = {
        "outcome": shown.state.value,
        "session_id": shown.session_id,
        "inserted_minor": book.inserted_minor,
        "currency": shown.currency,
        "coin": shown.coin,
        "amount_base_units": payout.amount_base_units if payout else None,
        "txid": payout.txid if payout else None,
        "network": shown.network,
        "confirmations": received.confirmations
        if received
        else (payout.confirmations if payout else 0),
        "cash_equation": {**asdict(book), "holds": book.holds},
    }
    (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    return summary


def copy_database(source: Path, target: Path) -> None:
    """A whole copy, though the kiosk may be writing."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, for whoever opens it


def read_cash(database: Path, session_id: str | None) -> CashBook:
    """Inserted from the facts sent to central, what became of it from the book of bills."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        (inserted,) = db.execute(
            "SELECT coalesce(sum(body ->> '$.value_minor'), 0) FROM outbox"
            " WHERE kind = 'bill_escrowed' AND session_id = ?",
            [session_id],
        ).fetchone()
        ended = dict(
            db.execute(
                "SELECT outcome, sum(value_minor) FROM bill WHERE session_id = ? GROUP BY outcome",
                [session_id],
            ).fetchall()
        )
    return CashBook(inserted, *(ended.get(outcome, 0) for outcome in OUTCOMES))


def contradictions(
    summary: dict[str, Any], purchase: Purchase, bills: Sequence[int], receipt: str
) -> Iterator[str]:
    """Every way in which the witnesses disagree; none is as it must be."""
    cash, amount = summary["cash_equation"], summary["amount_base_units"] or 0
    if summary["outcome"] != "paid":
        yield f"the sale ended as {summary['outcome']!r}"
    if not cash["holds"]:
        yield f"the cash equation does not hold: {cash}"
    if not sum(bills) * MINOR_PER_UNIT == cash["inserted_minor"] == cash["credited_minor"]:
        yield f"the customer inserted ${sum(bills)}, the kiosk's book says {cash}"
    printed = "".join(receipt.split())  # a printer breaks a long word where the paper ends
    if purchase.address not in printed:
        yield f"the receipt does not name the address {purchase.address}"
    if str(summary["txid"]) not in printed:
        yield f"the receipt does not name the transaction {summary['txid']}"
    if f"{amount // BASE_UNITS_PER_COIN}.{amount % BASE_UNITS_PER_COIN:08d}" not in printed:
        yield f"the receipt does not name the amount, {amount} base units"
    if purchase.received is not None:
        if purchase.received.amount_base_units != amount:
            got = purchase.received.amount_base_units
            yield f"the kiosk says it paid {amount}, the node says {got} arrived"
        if purchase.received.confirmations < 1:
            yield "the node has not confirmed the payment"
