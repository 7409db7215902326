"""Indexes of the few that are open, among all that are done: newest versions of requests, payouts with a problem."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PAYOUTS = {"ix_payouts_failed": "last_error IS NOT NULL", "ix_payouts_awaiting": "awaits_approval"}


def upgrade() -> None:
    op.create_table(
        "request_heads",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.Text(), nullable=True),
        sa.Column("transfer_version", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["request_versions.version_id"], name="fk_request_heads_version_id"
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.transfer_id"], name="fk_request_heads_transfer_id"
        ),
        sa.PrimaryKeyConstraint("request_id", name="pk_request_heads"),
    )
    op.execute(
        "INSERT INTO request_heads (request_id, version_id, state, transfer_id, transfer_version) "
        "SELECT request_id, version_id, state, transfer_id, transfer_version FROM request_versions AS one "
        "WHERE NOT EXISTS (SELECT 1 FROM request_versions AS later WHERE later.previous_id = one.version_id)"
    )
    for name in ("state", "transfer_id"):
        op.create_index(f"ix_request_heads_{name}", "request_heads", [name])
    for name, few in PAYOUTS.items():
        where = sa.text(few)
        op.create_index(
            name, "payouts", ["transfer_id"], sqlite_where=where, postgresql_where=where
        )
