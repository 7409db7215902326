"""Claim codes, bills in doubt, and when each bill was booked: what open balances and cases are drawn from.

What was taken in before is read again from the events as they came.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DOUBTS = {"bill_disputed": "disputed", "bill_unattributed": "unattributed"}
LATER = {"disputed-bill-found": "found", "disputed-bill-returned": "returned"}


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("claim_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.kiosk_id"], name="fk_claims_kiosk_id"),
        sa.PrimaryKeyConstraint("kiosk_id", "session_id", name="pk_claims"),
    )
    op.create_index("ix_claims_claim_code", "claims", ["claim_code"])
    op.create_table(
        "doubtful_bills",
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("bill_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("later", sa.Text(), nullable=True),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("booked_at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('disputed', 'unattributed')", name="ck_doubtful_bills_kind_known"
        ),
        sa.ForeignKeyConstraint(
            ["kiosk_id"], ["kiosks.kiosk_id"], name="fk_doubtful_bills_kiosk_id"
        ),
        sa.PrimaryKeyConstraint("kiosk_id", "bill_id", name="pk_doubtful_bills"),
    )
    for column in (
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("matter", sa.Text(), nullable=False, server_default=""),
        sa.Column("booked_at_ms", sa.BigInteger(), nullable=False, server_default="0"),
    ):
        op.add_column("credited_bills", column)
    _read_again(op.get_bind())


def _read_again(db: sa.Connection) -> None:
    events = db.execute(
        sa.text(
            "SELECT e.kiosk_id, e.seq, e.session_id, e.kind, e.body, e.received_at_ms, e.problem FROM inbox_events e "
            "JOIN kiosks k ON k.kiosk_id = e.kiosk_id AND e.seq <= k.through_seq WHERE e.kind IN "
            "('session_started', 'bill_credited', 'bill_disputed', 'bill_unattributed', 'fault_raised') "
            "ORDER BY e.kiosk_id, e.seq"
        )
    )
    for event in events.mappings().all():
        try:
            _apply(db, event, json.loads(event["body"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # malformed: listed as a problem already


def _apply(db: sa.Connection, event: Any, body: dict[str, Any]) -> None:
    same = {name: event[name] for name in ("kiosk_id", "session_id")}
    name = f"{event['kiosk_id']}/{event['seq']}"
    booked = {"booked_at_ms": event["received_at_ms"], "matter": name}
    match event["kind"]:
        case "session_started" if event["session_id"] and isinstance(body["claim_code"], str):
            _insert(db, "claims", same | {"claim_code": body["claim_code"]})
        case "bill_credited":
            matter = name if event["problem"] else body["transfer_id"]
            db.execute(
                sa.text(
                    "UPDATE credited_bills SET session_id = :session_id, matter = :matter, booked_at_ms = "
                    ":booked_at_ms WHERE kiosk_id = :kiosk_id AND bill_id = :bill_id AND matter = ''"
                ),
                same | booked | {"matter": matter, "bill_id": body["bill_id"]},
            )
        case "bill_disputed" | "bill_unattributed" as kind:
            bill = {key: body[key] for key in ("bill_id", "value_minor", "currency")}
            doubt = {"kind": DOUBTS[kind], "reason": body.get("reason", ""), "later": None}
            _insert(db, "doubtful_bills", same | booked | bill | doubt)
        case "fault_raised" if body["code"] in LATER:
            db.execute(
                sa.text(
                    "UPDATE doubtful_bills SET later = :later WHERE kiosk_id = :kiosk_id AND bill_id = :bill_id"
                ),
                {
                    "later": LATER[body["code"]],
                    "kiosk_id": event["kiosk_id"],
                    "bill_id": body["detail"],
                },
            )
        case _:
            pass


def _insert(db: sa.Connection, table: str, row: dict[str, Any]) -> None:
    """Unless it is there."""
    columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING"  # noqa: S608
    db.execute(sa.text(statement), row)
