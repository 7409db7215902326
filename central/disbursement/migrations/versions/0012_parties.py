"""Parties that hold accounts: whom they speak for, and what of the outbox they have read."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parties",
        sa.Column("party_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("read_through", sa.BigInteger(), nullable=False),
        sa.Column("pruned_through", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["speakers.speaker_id"], name="fk_parties_party_id"),
        sa.PrimaryKeyConstraint("party_id", name="pk_parties"),
    )
    op.create_table(
        "party_ids",
        sa.Column("party_id", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("side IN ('debtor', 'creditor')", name="ck_party_ids_side_known"),
        sa.CheckConstraint("first_id <= last_id", name="ck_party_ids_in_order"),
        sa.ForeignKeyConstraint(["party_id"], ["parties.party_id"], name="fk_party_ids_party_id"),
        sa.PrimaryKeyConstraint("party_id", "side", "first_id", name="pk_party_ids"),
    )
