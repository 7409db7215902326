"""Customers: enrolled by phone, and whom sales are to."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FOR_EVER = "changes of customers are for ever"
# As `sanctions.party.canonical_address` has it: hex and bech32 may be written in either case.
CANONICAL = """INSERT INTO buyers (transfer_id, address)
    SELECT transfer_id,
        CASE WHEN lower(address) LIKE '0x%' OR lower(address) LIKE 'bc1%' OR lower(address) LIKE 'tb1%'
                OR lower(address) LIKE 'bcrt1%' THEN lower(address) ELSE address END
    FROM transfers WHERE speaker_id IS NOT NULL AND quote_id IS NOT NULL"""


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("is_blocked", sa.Boolean(), nullable=False),
        sa.Column("under_review", sa.Boolean(), nullable=False),
        sa.Column("is_reviewed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_customers"),
        sa.UniqueConstraint("phone", name="uq_customers_phone"),
    )
    op.create_table(
        "customer_changes",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _customer_key("customer_changes"),
        sa.PrimaryKeyConstraint("customer_id", "version", name="pk_customer_changes"),
    )
    op.create_table(
        "enrolments",
        sa.Column("enrolment_id", sa.Text(), nullable=False),
        sa.Column("speaker_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("began_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.speaker_id"], name="fk_enrolments_speaker_id"
        ),
        _customer_key("enrolments"),
        sa.PrimaryKeyConstraint("enrolment_id", name="pk_enrolments"),
    )
    for column in ("session_id", "phone", "customer_id"):
        op.create_index(f"ix_enrolments_{column}", "enrolments", [column])
    op.create_table(
        "enrolment_codes",
        sa.Column("enrolment_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        _enrolment_key("enrolment_codes"),
        sa.PrimaryKeyConstraint("enrolment_id", "number", name="pk_enrolment_codes"),
    )
    op.create_index("ix_enrolment_codes_at_ms", "enrolment_codes", ["at_ms"])
    op.create_table(
        "enrolment_attempts",
        sa.Column("enrolment_id", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        _enrolment_key("enrolment_attempts"),
        sa.PrimaryKeyConstraint("enrolment_id", "attempt_id", name="pk_enrolment_attempts"),
    )
    op.create_table(
        "buyers",
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.transfer_id"], name="fk_buyers_transfer_id"
        ),
        _customer_key("buyers"),
        sa.PrimaryKeyConstraint("transfer_id", name="pk_buyers"),
    )
    for column in ("customer_id", "address"):
        op.create_index(f"ix_buyers_{column}", "buyers", [column])
    op.execute(CANONICAL)
    _forbid_change()


def _customer_key(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_customer_id"
    return sa.ForeignKeyConstraint(["customer_id"], ["customers.customer_id"], name=name)


def _enrolment_key(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_enrolment_id"
    return sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.enrolment_id"], name=name)


def _forbid_change() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER customer_changes_no_{act.lower()} BEFORE {act} ON customer_changes "
                f"BEGIN SELECT RAISE(ABORT, '{FOR_EVER}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION customer_changes_for_ever() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{FOR_EVER}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER customer_changes_for_ever BEFORE UPDATE OR DELETE ON customer_changes "
        "FOR EACH ROW EXECUTE FUNCTION customer_changes_for_ever()"
    )
