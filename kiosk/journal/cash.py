"""The book of bills, and the equation that holds at every commit:

    inserted = credited + returned + disputed + unattributed + in transit

The left side is summed from the outbox (append-only, hash-chained: what the acceptor showed us), the right
side from the book (what became of each bill), so that neither can be wrong alone. In transit is a bill
between escrow and its end; with no bill inside the machine it is zero.
"""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from kiosk.errors import ensure
from kiosk.session.effects import Fact
from kiosk_wire.messages import EventKind

EQUATION = "inserted = credited + returned + disputed + unattributed + in transit"


@dataclass(frozen=True)
class CashEquation:
    inserted_minor: int
    credited_minor: int
    returned_minor: int
    disputed_minor: int
    unattributed_minor: int
    in_transit_minor: int

    @property
    def holds(self) -> bool:
        return self.inserted_minor == (
            self.credited_minor
            + self.returned_minor
            + self.disputed_minor
            + self.unattributed_minor
            + self.in_transit_minor
        )


OUTCOMES = {
    EventKind.BILL_CREDITED: "credited",
    EventKind.BILL_RETURNED: "returned",
    EventKind.BILL_DISPUTED: "disputed",
    EventKind.BILL_UNATTRIBUTED: "unattributed",
}


def book(db: Database, fact: Fact, at_ms: int) -> None:
    """Keep the book of bills true to one fact. Raises Bug when a bill would end twice or from nowhere."""
    body = fact.body
    match fact.kind:
        case EventKind.BILL_ESCROWED:
            _insert(db, fact, at_ms)
        case EventKind.STACK_DECIDED:
            _update(db, body["bill_id"], "stack_decided_at_ms = ?", at_ms)
        case EventKind.BILL_UNATTRIBUTED if not _is_known(db, body["bill_id"]):
            _insert(db, fact, at_ms, outcome="unattributed", ended_at_ms=at_ms)
        case kind if kind in OUTCOMES:
            changes = "outcome = ?, reason = ?, ended_at_ms = ?"
            _update(db, body["bill_id"], changes, OUTCOMES[kind], body.get("reason"), at_ms)
        case _:
            pass


def cash_equation(db: Database, session_id: str | None = None) -> CashEquation:
    """Of one session, or of the whole life of this database."""
    where, args = ("WHERE session_id = ?", [session_id]) if session_id else ("", [])
    by_outcome = dict(
        db.execute(
            f"SELECT coalesce(outcome, 'in_transit'), sum(coalesce(value_minor, 0)) FROM bill {where} GROUP BY 1",  # noqa: S608
            args,
        ).fetchall()
    )
    and_session = "AND session_id = ?" if session_id else ""
    (inserted_minor,) = db.execute(
        f"SELECT coalesce(sum(value), 0) FROM ({_SHOWN.format(and_session=and_session)})",  # noqa: S608
        args,
    ).fetchone()
    return CashEquation(
        inserted_minor=inserted_minor,
        credited_minor=by_outcome.get("credited", 0),
        returned_minor=by_outcome.get("returned", 0),
        disputed_minor=by_outcome.get("disputed", 0),
        unattributed_minor=by_outcome.get("unattributed", 0),
        in_transit_minor=by_outcome.get("in_transit", 0),
    )


_SHOWN = """
SELECT body ->> '$.bill_id' AS bill, max(coalesce(body ->> '$.value_minor', 0)) AS value FROM outbox
WHERE kind IN ('bill_escrowed', 'bill_unattributed') {and_session} GROUP BY 1
"""


def _is_known(db: Database, bill_id: str) -> bool:
    return db.execute("SELECT 1 FROM bill WHERE bill_id = ?", [bill_id]).fetchone() is not None


def _insert(db: Database, fact: Fact, at_ms: int, **more: Any) -> None:
    body = fact.body
    row = {
        "bill_id": body["bill_id"],
        "session_id": fact.session_id,
        "value_minor": body["value_minor"],
        "currency": body["currency"],
        "seen_at_ms": at_ms,
    }
    row |= more
    marks = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO bill ({', '.join(row)}) VALUES ({marks})", list(row.values()))  # noqa: S608


def _update(db: Database, bill_id: str, changes: str, *values: Any) -> None:
    cursor = db.execute(
        f"UPDATE bill SET {changes} WHERE bill_id = ? AND outcome IS NULL",  # noqa: S608
        [*values, bill_id],
    )
    ensure(cursor.rowcount == 1, f"bill {bill_id} has ended, or was never seen")
