"""Settled locks that nobody needs any more.

Invariant: a lock is forgotten only when its request, repeated, would be refused for its age: so it never locks twice.
What it moved stays in the movements, for ever.
"""

from functools import partial
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.protocol.limits import INT64_MIN, SETTLED_KEPT_MS
from disbursement.accounts.protocol.models import LockState, TransferLock
from disbursement.accounts.protocol.turn import Request
from disbursement.database import Database

LOOKED_AT_MAX = 5_000  # locks, in one transaction


def forget_settled(db: Database, now_ms: int) -> None:
    """Looks at every lock once, by its key: an index by time would cost each transfer more than this. Daily is plenty."""
    after: Request | None = ("", INT64_MIN, INT64_MIN)
    while after is not None:
        after = db.run(partial(_forget_some, now_ms=now_ms, after=after))


def _forget_some(session: Session, now_ms: int, after: Request) -> Request | None:
    """The last key that was looked at."""
    key = sa.tuple_(*sa.inspect(TransferLock).primary_key)
    chosen = sa.select(*key).where(key > after).order_by(*key)
    found = session.execute(chosen.offset(LOOKED_AT_MAX - 1).limit(1)).first()
    last = None if found is None else cast(Request, tuple(found))
    here = key > after if last is None else sa.and_(key > after, key <= last)
    old = now_ms - SETTLED_KEPT_MS
    session.execute(
        sa.delete(TransferLock).where(
            here,
            TransferLock.state != LockState.PREPARED,
            TransferLock.announced_at_ms < old,
            TransferLock.asked_at_ms < old,
        )
    )
    return last
