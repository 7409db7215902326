"""Disbursement requests; and transfers that are no kiosk's."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATES = [
    "submitted",
    "approved",
    "denied",
    "ordered",
    "node_ack",
    "sent",
    "confirmed",
    "failed_to_send",
]
TRANSFER_STATES = [
    "prepared",
    "dismissed",
    "finalized",
    "signed",
    "broadcast",
    "confirmed",
    "refund_due",
]
FOR_EVER = "versions of requests are for ever"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_transfers_anew()
    else:
        op.alter_column("transfers", "kiosk_id", existing_type=sa.Text(), nullable=True)
        op.alter_column("transfers", "session_id", existing_type=sa.Text(), nullable=True)
    op.create_table(
        "request_versions",
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("previous_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requesting_app", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("amount_base_units", sa.BigInteger(), nullable=False),
        sa.Column("coin", sa.Text(), nullable=False),
        sa.Column("coin_exponent", sa.BigInteger(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("transfer_id", sa.Text(), nullable=True),
        sa.Column("transfer_version", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(number = 1) = (previous_id IS NULL)",
            name="ck_request_versions_first_has_no_previous",
        ),
        sa.CheckConstraint(_one_of(STATES), name="ck_request_versions_state_known"),
        sa.CheckConstraint("amount_base_units > 0", name="ck_request_versions_amount_positive"),
        sa.CheckConstraint(
            "transfer_id IS NULL OR "
            "(approved_by IS NOT NULL AND lower(approved_by) <> lower(requested_by))",
            name="ck_request_versions_paid_when_approved",
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["request_versions.version_id"],
            name="fk_request_versions_previous_id",
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.transfer_id"], name="fk_request_versions_transfer_id"
        ),
        sa.PrimaryKeyConstraint("version_id", name="pk_request_versions"),
        sa.UniqueConstraint("request_id", "number", name="uq_request_versions_request_id_number"),
        sa.UniqueConstraint("previous_id", name="uq_request_versions_previous_id"),
    )
    _forbid_change()


def _one_of(states: list[str]) -> str:
    return "state IN ({})".format(", ".join(f"'{state}'" for state in states))


def _make_transfers_anew() -> None:
    """SQLite cannot drop a NOT NULL. Tables that point here keep their rows: the pointers are looked at when the
    transaction ends, and then the rows they mean are there again."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE transfers_before AS SELECT * FROM transfers")
    op.drop_table("transfers")
    op.create_table(
        "transfers",
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("kiosk_id", sa.Text(), nullable=True),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("quote_id", sa.Text(), nullable=True),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fee_reserve", sa.BigInteger(), nullable=False),
        sa.Column("min_amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("max_amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("lock_base_units", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("committed_minor", sa.BigInteger(), nullable=True),
        sa.Column("amount_base_units", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(_one_of(TRANSFER_STATES), name="ck_transfers_state_known"),
        sa.CheckConstraint(
            "amount_base_units <= lock_base_units", name="ck_transfers_amount_within_lock"
        ),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.kiosk_id"], name="fk_transfers_kiosk_id"),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.quote_id"], name="fk_transfers_quote_id"),
        sa.PrimaryKeyConstraint("transfer_id", name="pk_transfers"),
    )
    op.execute("INSERT INTO transfers SELECT * FROM transfers_before")
    op.execute("DROP TABLE transfers_before")
    op.create_index("ix_transfers_state", "transfers", ["state"])


def _forbid_change() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER request_versions_no_{act.lower()} BEFORE {act} ON request_versions "
                f"BEGIN SELECT RAISE(ABORT, '{FOR_EVER}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION request_versions_for_ever() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{FOR_EVER}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER request_versions_for_ever BEFORE UPDATE OR DELETE ON request_versions "
        "FOR EACH ROW EXECUTE FUNCTION request_versions_for_ever()"
    )
