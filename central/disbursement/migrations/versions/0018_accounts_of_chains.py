"""Payments that are in a block and failed, and whose fee is of another coin."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payments", sa.Column("gas_fee", sa.BigInteger(), nullable=True))
    op.add_column("payments", sa.Column("failure", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("payments", "failure")
    op.drop_column("payments", "gas_fee")
