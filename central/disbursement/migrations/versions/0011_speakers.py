"""Not only kiosks speak: what is particular to them goes into a table of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS = "kind IN ('kiosk', 'channel', 'party')"
HISTORY = ("through_seq", "head_hash")


def upgrade() -> None:
    op.rename_table("kiosks", "speakers")  # what pointed to kiosks points to speakers
    for table in ("speakers", "nonces", "quotes", "transfers", "listed_attempts"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN kiosk_id TO speaker_id")
    op.execute(
        "ALTER TABLE speakers ADD COLUMN kind TEXT DEFAULT 'kiosk' NOT NULL "
        f"CONSTRAINT ck_speakers_kind_known CHECK ({KINDS})"
    )
    if op.get_bind().dialect.name != "sqlite":  # which goes by no names here
        op.execute("ALTER TABLE speakers RENAME CONSTRAINT pk_kiosks TO pk_speakers")
        for table in ("quotes", "transfers", "listed_attempts"):
            was, now = f"fk_{table}_kiosk_id", f"fk_{table}_speaker_id"
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {was} TO {now}")
    op.create_table(
        "kiosks",
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("through_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["speakers.speaker_id"], name="fk_kiosks_kiosk_id"),
        sa.PrimaryKeyConstraint("kiosk_id", name="pk_kiosks"),
    )
    op.execute("INSERT INTO kiosks SELECT speaker_id, through_seq, head_hash FROM speakers")
    for column in HISTORY:
        op.drop_column("speakers", column)
