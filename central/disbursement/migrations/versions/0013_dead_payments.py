"""Payments that lost a coin to another transaction; and a payout may need a person's yes more than once."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payments", sa.Column("spent_by", sa.Text(), nullable=True))
    with op.batch_alter_table("approvals") as approvals:
        approvals.drop_constraint("pk_approvals", type_="primary")
        approvals.create_primary_key("pk_approvals", ["transfer_id", "at_ms"])
