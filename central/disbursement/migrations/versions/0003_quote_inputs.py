"""The prices that a quote was drawn from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quote_inputs",
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("as_of_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.quote_id"], name="fk_quote_inputs_quote_id"
        ),
        sa.PrimaryKeyConstraint("quote_id", "source", name="pk_quote_inputs"),
    )
