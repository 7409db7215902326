"""Payouts that wait for a person's approval, and the approvals."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["payouts.transfer_id"], name="fk_approvals_transfer_id"
        ),
        sa.PrimaryKeyConstraint("transfer_id", name="pk_approvals"),
    )
    op.add_column(
        "payouts",
        sa.Column("awaits_approval", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
