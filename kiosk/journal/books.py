"""The book of bills and the state, against the facts of the outbox from which they follow."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter
from sqlite_utils import Database

from kiosk.journal import cash
from kiosk.journal.cash import OUTCOMES
from kiosk.journal.chains import Finding, Progress
from kiosk.session.memory import Memory
from kiosk_wire.messages import EventKind

Bill = dict[str, Any]

_COLUMNS = (
    "session_id",
    "value_minor",
    "currency",
    "seen_at_ms",
    "stack_decided_at_ms",
    "outcome",
    "reason",
    "ended_at_ms",
)
_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)


def wrong_books(db: Database, progress: Progress) -> Iterator[Finding]:
    progress("the book of bills")
    yield from _wrong_bills(db)
    yield from _wrong_state(db)
    equation = cash.cash_equation(db)
    if not equation.holds:
        yield Finding("cash", None, f"the equation does not hold: {equation}", cash.EQUATION)


def _wrong_bills(db: Database) -> Iterator[Finding]:
    expected = _told_bills(db)
    for bill_id, *values in db.execute(f"SELECT bill_id, {', '.join(_COLUMNS)} FROM bill"):  # noqa: S608
        told = expected.pop(bill_id, None)
        if told is None:
            yield Finding("bill", bill_id, "the outbox does not know it", "no such bill")
            continue
        for name, found in zip(_COLUMNS, values, strict=True):
            if found != told[name]:
                yield Finding("bill", bill_id, f"{name} is {found!r}", repr(told[name]))
    for bill_id, told in expected.items():
        yield Finding("bill", bill_id, "missing", f"{told['value_minor']} {told['currency']}")


def _told_bills(db: Database) -> dict[str, Bill]:
    """The book as the facts alone would write it."""
    bills: dict[str, Bill] = {}
    query = "SELECT session_id, at_ms, kind, body FROM outbox WHERE body ->> '$.bill_id' IS NOT NULL ORDER BY seq"
    for session_id, at_ms, kind, text in db.execute(query):
        body = json.loads(text)
        bill = bills.setdefault(body["bill_id"], _seen(session_id, at_ms, body))
        if kind == EventKind.STACK_DECIDED:
            bill["stack_decided_at_ms"] = at_ms
        elif kind in OUTCOMES:
            bill |= {"outcome": OUTCOMES[kind], "reason": body.get("reason"), "ended_at_ms": at_ms}
    return bills


def _seen(session_id: str | None, at_ms: int, body: dict[str, Any]) -> Bill:
    known = {name: body.get(name) for name in ("value_minor", "currency")}
    return dict.fromkeys(_COLUMNS) | {"session_id": session_id, "seen_at_ms": at_ms} | known


def _wrong_state(db: Database) -> Iterator[Finding]:
    """The sale remembers what the book holds, and no bill is on its way but the one in the state."""
    row = db.execute("SELECT memory FROM core_state").fetchone()
    if row is None:
        if db.execute("SELECT 1 FROM outbox").fetchone():
            yield Finding("core_state", None, "its row is missing", "where the core stopped")
        return
    memory = _MEMORY.validate_json(row[0])
    transit_id = memory.transit.bill_id if memory.transit else None
    for (bill_id,) in db.execute("SELECT bill_id FROM bill WHERE outcome IS NULL"):
        if bill_id != transit_id:
            yield Finding("bill", bill_id, "it has no end", f"only {transit_id} to be on its way")
    if memory.sale is not None:
        booked = cash.cash_equation(db, memory.sale.session_id)
        found = {"credited": booked.credited_minor, "disputed": booked.disputed_minor}
        sale = {"credited": memory.sale.credited_minor, "disputed": memory.sale.disputed_minor}
        found["disputed"] += booked.unattributed_minor
        if found != sale:
            yield Finding(
                "core_state", None, f"the sale remembers {sale}", f"as the book: {found}"
            )
