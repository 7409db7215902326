"""Accounts by messages: debtors, their creditors' accounts, locks, movements, inbox and outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WIDE = sa.Numeric(78, 0).with_variant(sa.Text(), "sqlite")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOT_NEGATIVE = "CAST({0} AS TEXT) NOT LIKE '-%'"


def upgrade() -> None:
    op.create_table(
        "debtors",
        sa.Column("debtor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wide", sa.Boolean(), nullable=False),
        sa.Column("terms_version", sa.BigInteger(), nullable=False),
        sa.Column("interest_rate_ppm", sa.BigInteger(), nullable=False),
        sa.Column("demurrage_rate_ppm", sa.BigInteger(), nullable=False),
        sa.Column("rate_changed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("commit_period_s", sa.BigInteger(), nullable=False),
        sa.Column("transfer_note_max_bytes", sa.BigInteger(), nullable=False),
        sa.Column("info_iri", sa.Text(), nullable=False),
        sa.Column("info_content_type", sa.Text(), nullable=False),
        sa.Column("info_sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("debtor_id", name="pk_debtors"),
    )
    op.create_table(
        "creditor_accounts",
        sa.Column("debtor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("creation_date", sa.Date(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("principal", WIDE, nullable=False),
        sa.Column("interest_nano", WIDE, nullable=False),
        sa.Column("accrued_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("capitalized_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("terms_version", sa.BigInteger(), nullable=False),
        sa.Column("interest_rate_ppm", sa.BigInteger(), nullable=False),
        sa.Column("rate_changed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("locked", WIDE, nullable=False),
        sa.Column("locks", sa.BigInteger(), nullable=False),
        sa.Column("last_transfer_id", sa.BigInteger(), nullable=False),
        sa.Column("last_transfer_number", sa.BigInteger(), nullable=False),
        sa.Column("last_transfer_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("negligible_amount", sa.Text(), nullable=False),
        sa.Column("config_flags", sa.BigInteger(), nullable=False),
        sa.Column("config_data", sa.Text(), nullable=False),
        sa.Column("last_config_at_us", sa.BigInteger(), nullable=False),
        sa.Column("last_config_seqnum", sa.BigInteger(), nullable=False),
        sa.Column("last_change_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_change_seqnum", sa.BigInteger(), nullable=False),
        sa.Column("update_pending", sa.Boolean(), nullable=False),
        sa.Column("told_at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("locks >= 0", name="ck_creditor_accounts_locks_not_negative"),
        sa.CheckConstraint(
            NOT_NEGATIVE.format("locked"), name="ck_creditor_accounts_locked_not_negative"
        ),
        sa.ForeignKeyConstraint(
            ["debtor_id"], ["debtors.debtor_id"], name="fk_creditor_accounts_debtor_id"
        ),
        sa.PrimaryKeyConstraint("debtor_id", "creditor_id", name="pk_creditor_accounts"),
    )
    op.create_index(
        "ix_creditor_accounts_upkeep", "creditor_accounts", ["update_pending", "told_at_ms"]
    )
    op.create_table(
        "transfer_locks",
        sa.Column("coordinator_type", sa.Text(), nullable=False),
        sa.Column("coordinator_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("coordinator_request_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("debtor_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("transfer_id", sa.BigInteger(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", WIDE, nullable=False),
        sa.Column("prepared_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("deadline_ms", sa.BigInteger(), nullable=False),
        sa.Column("final_rate_at_us", sa.BigInteger(), nullable=False),
        sa.Column("demurrage_rate_ppm", sa.BigInteger(), nullable=False),
        sa.Column("announced_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status_code", sa.Text(), nullable=False),
        sa.Column("committed", WIDE, nullable=False),
        sa.Column("total_locked", WIDE, nullable=False),
        sa.CheckConstraint(
            NOT_NEGATIVE.format("amount"), name="ck_transfer_locks_amount_not_negative"
        ),
        sa.CheckConstraint(
            "state IN ('rejected', 'prepared', 'finalized')", name="ck_transfer_locks_state_known"
        ),
        sa.UniqueConstraint(
            "debtor_id",
            "creditor_id",
            "transfer_id",
            name="uq_transfer_locks_debtor_id_creditor_id_transfer_id",
        ),
        sa.PrimaryKeyConstraint(
            "coordinator_type",
            "coordinator_id",
            "coordinator_request_id",
            name="pk_transfer_locks",
        ),
    )
    op.create_index("ix_transfer_locks_announced", "transfer_locks", ["state", "announced_at_ms"])
    op.create_index(
        "ix_transfer_locks_incoming", "transfer_locks", ["debtor_id", "recipient_id", "state"]
    )
    op.create_table(
        "account_movements",
        sa.Column("movement_id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("debtor_id", sa.BigInteger(), nullable=False),
        sa.Column("sender_id", sa.BigInteger(), nullable=False),
        sa.Column("recipient_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", WIDE, nullable=False),
        sa.Column("coordinator_type", sa.Text(), nullable=False),
        sa.Column("coordinator_id", sa.BigInteger(), nullable=True),
        sa.Column("coordinator_request_id", sa.BigInteger(), nullable=True),
        sa.Column("note_format", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("sender_id <> recipient_id", name="ck_account_movements_two_accounts"),
        sa.CheckConstraint(
            NOT_NEGATIVE.format("amount"), name="ck_account_movements_amount_not_negative"
        ),
        sa.UniqueConstraint(
            "coordinator_type",
            "coordinator_id",
            "coordinator_request_id",
            name="uq_account_movements_request",
        ),
        sa.PrimaryKeyConstraint("movement_id", name="pk_account_movements"),
    )
    op.create_table(
        "removed_accounts",
        sa.Column("debtor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("creation_date", sa.Date(), nullable=False),
        sa.Column("removed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("purged", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "debtor_id", "creditor_id", "creation_date", name="pk_removed_accounts"
        ),
    )
    op.create_index("ix_removed_accounts_purge", "removed_accounts", ["purged", "removed_at_ms"])
    op.create_table(
        "account_inbox",
        sa.Column("number", SERIAL, autoincrement=True, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.UniqueConstraint("digest", name="uq_account_inbox_digest"),
        sa.PrimaryKeyConstraint("number", name="pk_account_inbox"),
    )
    op.create_table(
        "account_outbox",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_account_outbox"),
    )
    op.create_table(
        "account_outbox_end",
        sa.Column("row_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name="pk_account_outbox_end"),
    )
    op.execute("INSERT INTO account_outbox_end (row_id, number) VALUES (1, 0)")
