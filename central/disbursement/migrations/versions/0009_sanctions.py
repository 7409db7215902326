"""The sanctions list, and the sales that it refused."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sanctions_lists",
        sa.Column(
            "list_id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("schema", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("parties", sa.BigInteger(), nullable=False),
        sa.Column("wallets", sa.BigInteger(), nullable=False),
        sa.Column("loaded_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("list_id", name="pk_sanctions_lists"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "listed_parties",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name="pk_listed_parties"),
    )
    op.create_table(
        "listed_addresses",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address", "uid", name="pk_listed_addresses"),
    )
    op.create_table(
        "listed_attempts",
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"], ["kiosks.kiosk_id"], name="fk_listed_attempts_kiosk_id"
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["sanctions_lists.list_id"], name="fk_listed_attempts_list_id"
        ),
        sa.PrimaryKeyConstraint("transfer_id", "kiosk_id", name="pk_listed_attempts"),
    )
