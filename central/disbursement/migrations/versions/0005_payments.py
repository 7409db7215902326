"""Payments: transactions in versions, that several payouts may share. Until now each payout had its own."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SENT = "state IN ('broadcast', 'confirmed')"


def upgrade() -> None:
    op.create_table(
        "payments",
        sa.Column(
            "payment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("txid", sa.Text(), nullable=True),
        sa.Column("fee_base_units", sa.BigInteger(), nullable=True),
        sa.Column("change_address", sa.Text(), nullable=True),
        sa.Column("block_hash", sa.Text(), nullable=True),
        sa.Column("block_height", sa.BigInteger(), nullable=True),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("payment_id", name="pk_payments"),
        sa.UniqueConstraint("txid", name="uq_payments_txid"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "payment_versions",
        sa.Column("payment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("txid", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Text(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("fee_base_units", sa.BigInteger(), nullable=False),
        sa.Column("fee_rate", sa.BigInteger(), nullable=False),
        sa.Column("signed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sa.Column("waits_since_height", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.payment_id"], name="fk_payment_versions_payment_id"
        ),
        sa.PrimaryKeyConstraint("payment_id", "number", name="pk_payment_versions"),
        sa.UniqueConstraint("txid", name="uq_payment_versions_txid"),
    )
    with op.batch_alter_table("payouts") as payouts:
        payouts.add_column(sa.Column("payment_id", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("payout_inputs") as inputs:
        inputs.add_column(sa.Column("payment_id", sa.BigInteger(), nullable=True))
        inputs.add_column(sa.Column("value", sa.BigInteger(), server_default="0", nullable=False))
    _carry_over()
    with op.batch_alter_table("payouts") as payouts:
        payouts.drop_constraint("uq_payouts_txid", type_="unique")
        for name in ("raw", "txid", "block_hash", "block_height", "is_final"):
            payouts.drop_column(name)
        payouts.create_foreign_key(
            "fk_payouts_payment_id", "payments", ["payment_id"], ["payment_id"]
        )
    with op.batch_alter_table("payout_inputs") as inputs:
        inputs.drop_index("ix_payout_inputs_transfer_id")
        inputs.drop_constraint("fk_payout_inputs_transfer_id", type_="foreignkey")
        inputs.drop_column("transfer_id")
        inputs.alter_column("payment_id", existing_type=sa.BigInteger(), nullable=False)
        inputs.alter_column(
            "value", existing_type=sa.BigInteger(), existing_nullable=False, server_default=None
        )
        inputs.create_foreign_key(
            "fk_payout_inputs_payment_id", "payments", ["payment_id"], ["payment_id"]
        )
    op.create_index("ix_payouts_payment_id", "payouts", ["payment_id"])
    op.create_index("ix_payout_inputs_payment_id", "payout_inputs", ["payment_id"])


def _carry_over() -> None:
    """What was signed before is a payment of one version. Its change is not on record, so it is not replaced."""
    op.execute(
        "INSERT INTO payments (txid, fee_base_units, block_hash, block_height, is_final) "
        "SELECT txid, fee_base_units, block_hash, block_height, is_final FROM payouts "
        "WHERE raw IS NOT NULL ORDER BY due_at_ms, transfer_id"
    )
    op.execute(
        "UPDATE payouts SET payment_id = (SELECT payment_id FROM payments WHERE payments.txid = payouts.txid)"
    )
    op.execute(
        "INSERT INTO payment_versions "  # noqa: S608  # our own words
        "(payment_id, number, txid, raw, fee_base_units, fee_rate, signed_at_ms, is_sent) "
        "SELECT payouts.payment_id, 1, payouts.txid, raw, fee_base_units, 0, 0, "
        f"transfers.{SENT} FROM payouts "
        "JOIN transfers ON transfers.transfer_id = payouts.transfer_id WHERE raw IS NOT NULL"
    )
    op.execute(
        "UPDATE payout_inputs SET payment_id = "
        "(SELECT payment_id FROM payouts WHERE payouts.transfer_id = payout_inputs.transfer_id)"
    )
