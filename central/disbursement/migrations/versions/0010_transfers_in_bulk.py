"""Transfers in bulk: fewer indexes where settled locks are most; whom an outbox message is about, and since when."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'prepared'")
INDEXES = {
    "ix_transfer_locks_incoming": ["debtor_id", "recipient_id"],
    "ix_transfer_locks_announced": ["announced_at_ms"],
}


def upgrade() -> None:
    _lighten_locks()
    _key_movements_by_lock()
    _address_outbox()


def _lighten_locks() -> None:
    for name in INDEXES:
        op.drop_index(name, "transfer_locks")
    with op.batch_alter_table("transfer_locks") as table:
        table.drop_constraint(
            "uq_transfer_locks_debtor_id_creditor_id_transfer_id", type_="unique"
        )
        table.add_column(_filled("asked_at_ms"))
    op.execute("UPDATE transfer_locks SET asked_at_ms = prepared_at_ms")
    with op.batch_alter_table("transfer_locks") as table:
        table.alter_column("asked_at_ms", server_default=None)
    for name, columns in INDEXES.items():
        op.create_index(name, "transfer_locks", columns, postgresql_where=OPEN, sqlite_where=OPEN)


def _key_movements_by_lock() -> None:
    """A request may be forgotten one day; the number of a lock never comes again."""
    with op.batch_alter_table("account_movements") as table:
        table.drop_constraint("uq_account_movements_request", type_="unique")
        table.add_column(sa.Column("transfer_id", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE account_movements SET transfer_id = (SELECT l.transfer_id FROM transfer_locks AS l "
        "WHERE l.coordinator_type = account_movements.coordinator_type "
        "AND l.coordinator_id = account_movements.coordinator_id "
        "AND l.coordinator_request_id = account_movements.coordinator_request_id)"
    )
    with op.batch_alter_table("account_movements") as table:
        table.create_unique_constraint(
            "uq_account_movements_transfer", ["debtor_id", "sender_id", "transfer_id"]
        )


def _address_outbox() -> None:
    ids = ("debtor_id", "creditor_id")
    with op.batch_alter_table("account_outbox") as table:
        for name in (*ids, "told_at_ms"):
            table.add_column(_filled(name))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ids:
        value = (
            f"json_extract(document, '$.{name}')"
            if is_sqlite
            else f"CAST(CAST(document AS jsonb) ->> '{name}' AS bigint)"
        )
        op.execute(f"UPDATE account_outbox SET {name} = {value}")  # noqa: S608  # names above
    op.execute(f"UPDATE account_outbox SET told_at_ms = {time.time_ns() // 1_000_000}")  # noqa: S608
    with op.batch_alter_table("account_outbox") as table:
        for name in (*ids, "told_at_ms"):
            table.alter_column(name, server_default=None)


def _filled(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
