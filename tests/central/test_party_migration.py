"""Books of before transfers in bulk: what their rows did not say is filled in."""

from pathlib import Path
from typing import Any
from unittest import mock

import sqlalchemy as sa

from disbursement import database
from disbursement.database import Database


def row(table: sa.Table, **values: Any) -> dict[str, Any]:
    """Blank but for these."""
    blank = {column.name: "" if column.type.python_type is str else 0 for column in table.columns}
    return blank | values


def test_movements_know_their_locks_and_messages_whom_they_are_about(
    homes: Any, tmp_path: Path
) -> None:
    db = Database(homes.empty_url(tmp_path))
    with mock.patch.object(database, "HEAD", "0009"):
        db.migrate()
    known = sa.MetaData()
    asked = {"coordinator_type": "agent", "coordinator_id": 5, "coordinator_request_id": 6}
    with db.engine.begin() as connection:
        known.reflect(connection)
        tables = known.tables
        locks, movements = tables["transfer_locks"], tables["account_movements"]
        lock = row(locks, **asked, transfer_id=9, state="finalized", prepared_at_ms=77)
        connection.execute(locks.insert(), lock)
        for number, known_by in enumerate(
            (asked, dict.fromkeys(asked) | {"coordinator_type": "interest"})
        ):
            sides = {"sender_id": 1, "recipient_id": 2, "movement_id": number + 1}
            connection.execute(movements.insert(), row(movements, **sides) | known_by)
        outbox = tables["account_outbox"]
        said = '{"type":"AccountPurge","debtor_id":-3,"creditor_id":4294967297}'
        connection.execute(outbox.insert(), row(outbox, number=1, document=said))
    db.migrate()
    with db.engine.connect() as connection:
        ask = connection.exec_driver_sql
        assert ask("SELECT asked_at_ms FROM transfer_locks").all() == [(77,)]
        moved = ask("SELECT transfer_id FROM account_movements ORDER BY movement_id").all()
        assert moved == [(9,), (None,)]
        [(debtor, creditor, told_at_ms)] = ask(
            "SELECT debtor_id, creditor_id, told_at_ms FROM account_outbox"
        ).all()
    assert (debtor, creditor) == (-3, 2**32 + 1)
    assert told_at_ms > 1_700_000_000_000  # now: a year must pass before it is pruned
    db.close()
