"""Messages in: stored first, worked off later, so that a burst costs its sender no waiting."""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.protocol.dialect import insert_new
from disbursement.accounts.protocol.limits import MESSAGES_PER_BATCH_MAX
from disbursement.accounts.protocol.messages import Incoming, read_incoming
from disbursement.accounts.protocol.models import AccountInbox


def receive(session: Session, messages: Sequence[Incoming]) -> None:
    """Store them. One that waits already is stored once; one that was worked off is worked off again,
    because its sender may be missing the answer: that never moves money twice."""
    rows = {}
    for message in messages:
        document = message.model_dump_json()
        digest = hashlib.sha256(document.encode()).hexdigest()
        rows[digest] = {"digest": digest, "document": document}
    insert_new(session, AccountInbox, list(rows.values()))


def take(session: Session, limit: int = MESSAGES_PER_BATCH_MAX) -> list[Incoming]:
    """The next messages, out of the inbox if the transaction commits. Nobody else takes them meanwhile."""
    next_ones = sa.select(AccountInbox).order_by(AccountInbox.number).limit(limit)
    rows = session.scalars(next_ones.with_for_update(skip_locked=True)).all()
    if rows:
        numbers = [row.number for row in rows]
        session.execute(sa.delete(AccountInbox).where(AccountInbox.number.in_(numbers)))
    return [read_incoming(row.document) for row in rows]
