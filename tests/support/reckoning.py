"""What must be true of a desk at rest, whatever happened on it: its books against its cashbox, central's and the network.

Reads the databases and asks the devices; believes neither side alone.
"""

import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kiosk.journal.cash import cash_equation
from kiosk_flow import expected_base_units
from stater_demo.desk import Desk
from stater_demo.phone import BASE_UNITS_PER_COIN, WALLET
from stater_demo.settings import KIOSK_ID

PATIENCE_S = 90.0  # central waits up to 60 s between the attempts of a payout
Row = Sequence[Any]


def reckon(desk: Desk) -> "Sums":
    """Raises AssertionError, saying what does not add up."""
    acceptor, people_are_told = _at_rest(desk), desk.central_status()
    with closing(_open(desk.database)) as kiosk, closing(_open(desk.central_database)) as central:
        _kiosk_adds_up(kiosk)
        _cashbox_is_what_the_books_say(kiosk, acceptor)
        _central_knows_every_credit(kiosk, central)
        sums = _every_credit_has_an_end(desk, central, people_are_told)
        _nothing_in_doubt_is_forgotten(central, people_are_told)
        _ledger_adds_up(central)
        return sums


@dataclass(frozen=True)
class Sums:
    """How many sales ended so; for the story, and to see that a test did something."""

    paid: int
    refund_due: int


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def _at_rest(desk: Desk) -> dict[str, Any]:
    """Once nothing moves any more: what the simulated acceptor says of itself."""
    give_up_s = time.monotonic() + PATIENCE_S
    while (moves := _what_moves(desk, status := _ask_acceptor(desk))) is not None:
        assert time.monotonic() < give_up_s, f"no rest: {moves}"
        time.sleep(0.05)
    return status


def _ask_acceptor(desk: Desk) -> dict[str, Any]:
    acceptor = desk.parts["bill-acceptor"]
    acceptor.tell("status")
    return dict(acceptor.wait_for("status", timeout_s=PATIENCE_S))


def _what_moves(desk: Desk, status: dict[str, Any]) -> str | None:
    if status["bill"] is not None or status["credit_due"] is not None:
        return f"a bill in the acceptor, {status}"
    with closing(_open(desk.database)) as kiosk, closing(_open(desk.central_database)) as central:
        for what, db, query in (
            ("a bill on its way", kiosk, "SELECT 1 FROM bill WHERE outcome IS NULL"),
            ("facts for central", kiosk, _UNTOLD),
            ("payouts", central, "SELECT 1 FROM transfers WHERE state IN ('finalized', 'signed')"),
        ):
            if db.execute(query).fetchone():
                return what
    return None


_UNTOLD = "SELECT 1 FROM outbox, sync WHERE seq > acknowledged_seq"


def _kiosk_adds_up(kiosk: sqlite3.Connection) -> None:
    equation = cash_equation(Database(kiosk))
    assert equation.holds, f"cash equation broken: {equation}"
    assert equation.in_transit_minor == 0, f"a bill without an end: {equation}"
    no_reason = "SELECT bill_id FROM bill WHERE outcome = 'disputed' AND reason IS NULL"
    assert not kiosk.execute(no_reason).fetchall(), "disputed, and nobody says why"


def _cashbox_is_what_the_books_say(kiosk: sqlite3.Connection, status: dict[str, Any]) -> None:
    bills: dict[str, Counter[int]] = {}
    for outcome, value_minor in kiosk.execute("SELECT outcome, value_minor FROM bill"):
        bills.setdefault(outcome, Counter())[value_minor // 100] += 1
    sure = bills.get("credited", Counter()) + bills.get("unattributed", Counter())
    box = Counter({int(value): count for value, count in status["cashbox"]["bills"].items()})
    assert sure <= box, f"booked, and not in the cashbox: {sure - box}"
    astray = box - sure
    assert astray <= bills.get("disputed", Counter()), f"in the cashbox, and not booked: {astray}"


def _central_knows_every_credit(kiosk: sqlite3.Connection, central: sqlite3.Connection) -> None:
    booked = "SELECT bill_id, value_minor FROM bill WHERE outcome = 'credited' ORDER BY bill_id"
    told = "SELECT bill_id, value_minor FROM credited_bills ORDER BY bill_id"
    assert kiosk.execute(booked).fetchall() == central.execute(told).fetchall()
    assert not central.execute("SELECT * FROM chain_breaks").fetchall()


def _every_credit_has_an_end(
    desk: Desk, central: sqlite3.Connection, people_are_told: str
) -> Sums:
    """Paid once, and no other payment; or waiting for a person under its name."""
    owed: Counter[tuple[str, int]] = Counter()
    refund_due = 0
    for transfer_id, state, address, credited_minor in central.execute(_TRANSFERS):
        if state in ("broadcast", "confirmed"):
            owed[address, expected_base_units(credited_minor)] += 1
        elif state == "refund_due":
            refund_due += 1
            assert transfer_id in people_are_told, f"{transfer_id} is forgotten"
        else:
            assert (state, credited_minor) == ("dismissed", 0), f"{transfer_id} is {state}"
    assert payments(desk, central) == owed
    return Sums(paid=owed.total(), refund_due=refund_due)


def paid(desk: Desk) -> int:
    """How many sales central has paid so far."""
    with closing(_open(desk.central_database)) as central:
        query = "SELECT count(*) FROM transfers WHERE state IN ('broadcast', 'confirmed')"
        return int(central.execute(query).fetchone()[0])


_TRANSFERS = """
SELECT transfer_id, state, address, coalesce(sum(value_minor), 0) FROM transfers
LEFT JOIN credited_bills USING (transfer_id) GROUP BY transfer_id
"""


def payments(desk: Desk, central: sqlite3.Connection) -> Counter[tuple[str, int]]:
    """As the network has them; without one, as the practice wallet was told to pay."""
    if desk.node is None:
        return Counter(central.execute("SELECT address, amount FROM practice_payments"))
    entries = desk.node.rpc("listtransactions", "*", 10_000, wallet=WALLET)
    return Counter((e["address"], int(e["amount"] * BASE_UNITS_PER_COIN)) for e in entries)


def _nothing_in_doubt_is_forgotten(central: sqlite3.Connection, people_are_told: str) -> None:
    doubtful = (
        "SELECT seq FROM inbox_events WHERE kind IN ('bill_disputed', 'bill_unattributed')"
        " OR problem IS NOT NULL"
    )
    for (seq,) in central.execute(doubtful):
        assert f"{KIOSK_ID}/{seq} " in people_are_told, f"event {seq} is forgotten"


def _ledger_adds_up(central: sqlite3.Connection) -> None:
    """Each principal is the sum of its movements, all of them add up to zero, and no lock is left without a sale."""
    accounts = central.execute(
        "SELECT config_data, creditor_id, CAST(principal AS INTEGER), locks FROM creditor_accounts"
    ).fetchall()
    assert sum(principal for _, _, principal, _ in accounts) == 0
    for name, creditor_id, principal, locks in accounts:
        sums = (
            "SELECT coalesce(sum(CAST(amount AS INTEGER)), 0) FROM account_movements WHERE {} = ?"
        )
        (came,) = central.execute(sums.format("recipient_id"), [creditor_id]).fetchone()
        (went,) = central.execute(sums.format("sender_id"), [creditor_id]).fetchone()
        assert principal == came - went, f"{name} has {principal}"
        assert locks == 0, f"{locks} locks on {name}, and no sale is open"
