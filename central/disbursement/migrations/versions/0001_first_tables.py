"""The first tables: kiosks, ledger, sales, payouts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("coin", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("locked", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("side IN ('debit', 'credit')", name="ck_accounts_side_known"),
        sa.CheckConstraint("balance >= 0", name="ck_accounts_balance_not_negative"),
        sa.CheckConstraint("locked <= balance", name="ck_accounts_locked_is_covered"),
        sa.CheckConstraint("locked >= 0", name="ck_accounts_locked_not_negative"),
        sa.PrimaryKeyConstraint("account_id", name="pk_accounts"),
    )
    op.create_table(
        "kiosks",
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("added_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("removed_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_ms", sa.BigInteger(), nullable=True),
        sa.Column("through_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk_id", name="pk_kiosks"),
    )
    op.create_table(
        "nonces",
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("seen_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk_id", "nonce", name="pk_nonces"),
    )
    op.create_index("ix_nonces_seen_at_ms", "nonces", ["seen_at_ms"])

    op.create_table(
        "practice_payments",
        sa.Column(
            "height",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("txid", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("height", name="pk_practice_payments"),
        sa.UniqueConstraint("txid", name="uq_practice_payments_txid"),
    )
    op.create_table(
        "chain_breaks",
        sa.Column(
            "chain_break_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("event_json", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"], ["kiosks.kiosk_id"], name="fk_chain_breaks_kiosk_id"
        ),
        sa.PrimaryKeyConstraint("chain_break_id", name="pk_chain_breaks"),
    )
    op.create_index("ix_chain_breaks_seq", "chain_breaks", ["seq"])

    op.create_table(
        "credited_bills",
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("bill_id", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"], ["kiosks.kiosk_id"], name="fk_credited_bills_kiosk_id"
        ),
        sa.PrimaryKeyConstraint("kiosk_id", "bill_id", name="pk_credited_bills"),
    )
    op.create_index("ix_credited_bills_transfer_id", "credited_bills", ["transfer_id"])

    op.create_table(
        "holds",
        sa.Column("hold_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_holds_amount_positive"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name="fk_holds_account_id"
        ),
        sa.PrimaryKeyConstraint("hold_id", name="pk_holds"),
    )
    op.create_table(
        "inbox_events",
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kiosk_id"], ["kiosks.kiosk_id"], name="fk_inbox_events_kiosk_id"
        ),
        sa.PrimaryKeyConstraint("kiosk_id", "seq", name="pk_inbox_events"),
    )
    op.create_index("ix_inbox_events_session_id", "inbox_events", ["session_id"])

    op.create_table(
        "postings",
        sa.Column(
            "posting_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("debit_id", sa.Text(), nullable=False),
        sa.Column("credit_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_postings_amount_positive"),
        sa.CheckConstraint("debit_id <> credit_id", name="ck_postings_two_accounts"),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["accounts.account_id"], name="fk_postings_credit_id"
        ),
        sa.ForeignKeyConstraint(
            ["debit_id"], ["accounts.account_id"], name="fk_postings_debit_id"
        ),
        sa.PrimaryKeyConstraint("posting_id", name="pk_postings"),
        sa.UniqueConstraint("reference", "kind", name="uq_postings_reference_kind"),
    )
    op.create_table(
        "quotes",
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("coin", sa.Text(), nullable=False),
        sa.Column("coin_exponent", sa.BigInteger(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("market_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("price_source", sa.Text(), nullable=False),
        sa.Column("price_as_of_ms", sa.BigInteger(), nullable=False),
        sa.Column("markup_bps", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.kiosk_id"], name="fk_quotes_kiosk_id"),
        sa.PrimaryKeyConstraint("quote_id", name="pk_quotes"),
    )
    op.create_table(
        "settlements",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settlements"),
    )
    op.create_table(
        "transfers",
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
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
        sa.CheckConstraint(
            "state IN ('prepared', 'dismissed', 'finalized', 'signed', 'broadcast', 'confirmed', 'refund_due')",
            name="ck_transfers_state_known",
        ),
        sa.CheckConstraint(
            "amount_base_units <= lock_base_units", name="ck_transfers_amount_within_lock"
        ),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.kiosk_id"], name="fk_transfers_kiosk_id"),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.quote_id"], name="fk_transfers_quote_id"),
        sa.PrimaryKeyConstraint("transfer_id", name="pk_transfers"),
    )
    op.create_index("ix_transfers_state", "transfers", ["state"])

    op.create_table(
        "payout_inputs",
        sa.Column("txid", sa.Text(), nullable=False),
        sa.Column("vout", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.transfer_id"], name="fk_payout_inputs_transfer_id"
        ),
        sa.PrimaryKeyConstraint("txid", "vout", name="pk_payout_inputs"),
    )
    op.create_index("ix_payout_inputs_transfer_id", "payout_inputs", ["transfer_id"])

    op.create_table(
        "payouts",
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("due_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=True),
        sa.Column("txid", sa.Text(), nullable=True),
        sa.Column("fee_base_units", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.Text(), nullable=True),
        sa.Column("block_height", sa.BigInteger(), nullable=True),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.transfer_id"], name="fk_payouts_transfer_id"
        ),
        sa.PrimaryKeyConstraint("transfer_id", name="pk_payouts"),
        sa.UniqueConstraint("txid", name="uq_payouts_txid"),
    )
    op.create_table(
        "transfer_changes",
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.transfer_id"], name="fk_transfer_changes_transfer_id"
        ),
        sa.PrimaryKeyConstraint("transfer_id", "version", name="pk_transfer_changes"),
    )
