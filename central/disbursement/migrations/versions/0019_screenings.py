"""Customers' names, and what the sanctions list says to them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("customers", sa.Column("born_on", sa.Text(), nullable=True))
    op.add_column("customers", sa.Column("named_version", sa.BigInteger(), nullable=True))
    op.create_table(
        "screenings",
        sa.Column(
            "screening_id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("named_version", sa.BigInteger(), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.customer_id"], name="fk_screenings_customer_id"
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["sanctions_lists.list_id"], name="fk_screenings_list_id"
        ),
        sa.PrimaryKeyConstraint("screening_id", name="pk_screenings"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_screenings_customer_id_list_id", "screenings", ["customer_id", "list_id"])
    op.create_table(
        "screening_hits",
        sa.Column("screening_id", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("listed_name", sa.Text(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screenings.screening_id"], name="fk_screening_hits_screening_id"
        ),
        sa.PrimaryKeyConstraint("screening_id", "uid", name="pk_screening_hits"),
    )
    op.create_table(
        "hit_decisions",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("named_version", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("is_the_same", sa.Boolean(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.customer_id"], name="fk_hit_decisions_customer_id"
        ),
        sa.PrimaryKeyConstraint(
            "customer_id", "named_version", "uid", "fingerprint", name="pk_hit_decisions"
        ),
    )
