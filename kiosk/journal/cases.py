"""What this kiosk still owes an answer for, and what a claim code finds. Read-only, beside a running core.

    disputed        nobody can say where the bill is
    unattributed    it is in the cashbox, and no sale took it
    refund due      central cannot pay it as coins
    unpaid credit   central has not yet acknowledged the order to pay it

Once it has, the credit is central's to pay. What is paid after the customer has left, and what a person settles by
hand, is not known here: `central case` knows it.
"""

from dataclasses import dataclass, fields

from sqlite_utils import Database

from kiosk_wire.claim_code import Meant, meant_by
from kiosk_wire.messages import MoneyFault

_SALES = f"""
WITH sale AS (
    SELECT started.session_id, started.at_ms, started.body ->> '$.claim_code' AS claim_code,
        coalesce(ended.outcome, iif(session_id = open.id, open.outcome, NULL)) AS outcome,
        ordered.seq AS ordered_seq
    FROM outbox AS started
    LEFT JOIN (SELECT session_id, body ->> '$.outcome' AS outcome, max(seq) FROM outbox
        WHERE kind = 'session_ended' GROUP BY 1) AS ended USING (session_id)
    LEFT JOIN (SELECT session_id, max(seq) AS seq FROM outbox
        WHERE kind = 'transfer_finalized' GROUP BY 1) AS ordered USING (session_id)
    LEFT JOIN (SELECT memory ->> '$.sale.session_id' AS id,
        CASE WHEN memory ->> '$.sale.payout' IS NOT NULL THEN 'paid'
            WHEN memory ->> '$.sale.refund_due' THEN 'refund_due' END AS outcome FROM core_state) AS open
    WHERE kind = 'session_started'
), heard AS (
    SELECT body ->> '$.detail' AS bill_id,
        group_concat(replace(body ->> '$.code', 'disputed-bill-', ''), ', ') AS later
    FROM outbox WHERE kind = 'fault_raised'
        AND body ->> '$.code' IN {tuple(fault.value for fault in MoneyFault)} GROUP BY 1
)
"""  # noqa: S608
_BILLS = f"""{_SALES}
SELECT bill_id, session_id, claim_code, value_minor, currency, bill.outcome, later, reason,
    coalesce(ended_at_ms, seen_at_ms) AS since_ms,
    CASE WHEN bill.outcome IN ('disputed', 'unattributed') THEN bill.outcome
        WHEN bill.outcome <> 'credited' OR sale.outcome = 'paid' THEN NULL
        WHEN sale.outcome = 'refund_due' THEN 'refund due'
        WHEN coalesce(ordered_seq > (SELECT acknowledged_seq FROM sync), 1) THEN 'unpaid credit'
    END AS open
FROM bill LEFT JOIN sale USING (session_id) LEFT JOIN heard USING (bill_id)
"""  # noqa: S608
_PAYMENT = """
SELECT details ->> '$.transfer.txid' FROM journal WHERE session_id = ? AND event = 'TransferSeen'
    AND details ->> '$.transfer.txid' IS NOT NULL ORDER BY seq DESC LIMIT 1
"""
_ORDER = """
SELECT body ->> '$.committed_minor', seq <= (SELECT acknowledged_seq FROM sync) FROM outbox
WHERE session_id = ? AND kind = 'transfer_finalized' ORDER BY seq DESC LIMIT 1
"""


@dataclass(frozen=True)
class CaseBill:
    bill_id: str
    session_id: str | None
    claim_code: str | None
    value_minor: int | None  # None: nobody knows
    currency: str
    outcome: str | None  # None: on its way
    later: str | None  # what the device said of it after it was disputed: found, returned
    reason: str | None
    since_ms: int
    open: str | None  # the kind of balance it is part of


@dataclass(frozen=True)
class Case:
    claim_code: str
    session_id: str
    started_at_ms: int
    outcome: str | None  # None: the customer is still there
    bills: tuple[CaseBill, ...]
    ordered_minor: int | None  # what central was told to pay; 0: nothing
    order_is_acknowledged: bool
    txid: str | None  # as far as it was seen while the customer was there


def open_bills(db: Database) -> list[CaseBill]:
    """The oldest first."""
    query = f"SELECT {_COLUMNS} FROM ({_BILLS}) WHERE open IS NOT NULL ORDER BY since_ms, bill_id"  # noqa: S608
    return [CaseBill(*row) for row in db.execute(query)]


def code_meant(db: Database, typed: str) -> Meant:
    query = "SELECT body ->> '$.claim_code' FROM outbox WHERE kind = 'session_started'"
    return meant_by(typed, (code for (code,) in db.execute(query)))


def find_case(db: Database, claim_code: str) -> Case:
    """By a code that is known to be one."""
    query = f"{_SALES} SELECT session_id, at_ms, outcome FROM sale WHERE claim_code = ?"  # noqa: S608
    session_id, at_ms, outcome = db.execute(query, [claim_code]).fetchone()
    bills = f"SELECT {_COLUMNS} FROM ({_BILLS}) WHERE session_id = ? ORDER BY since_ms"  # noqa: S608
    ordered_minor, acknowledged = db.execute(_ORDER, [session_id]).fetchone() or (None, 0)
    payment = db.execute(_PAYMENT, [session_id]).fetchone()
    return Case(
        claim_code=claim_code,
        session_id=session_id,
        started_at_ms=at_ms,
        outcome=outcome,
        bills=tuple(CaseBill(*row) for row in db.execute(bills, [session_id])),
        ordered_minor=ordered_minor,
        order_is_acknowledged=bool(acknowledged),
        txid=payment[0] if payment else None,
    )


_COLUMNS = ", ".join(field.name for field in fields(CaseBill))
