"""Sales channels, and what they paid of what they owe."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("limit_minor >= 0", name="ck_channels_limit_not_negative"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["speakers.speaker_id"], name="fk_channels_channel_id"
        ),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channels"),
    )
    op.create_table(
        "channel_payments",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.channel_id"], name="fk_channel_payments_channel_id"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_channel_payments"),
    )
    op.create_index("ix_channel_payments_channel_id", "channel_payments", ["channel_id"])
    op.create_index("ix_transfers_speaker_id_state", "transfers", ["speaker_id", "state"])
