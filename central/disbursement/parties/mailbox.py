"""What parties send and read: messages into the inbox, the outbox page by page, and what of it is done with.

Invariants: who reads on from where a page ended misses nothing; nobody reads what concerns another's ids; only what its
reader acknowledged is pruned, or what nobody could read for a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from disbursement.accounts.protocol.limits import (
    DAY_MS,
    MESSAGES_PER_BATCH_MAX,
    ROOT,
)
from disbursement.accounts.protocol.models import AccountInbox, AccountOutbox, AccountOutboxEnd
from disbursement.database import Database
from disbursement.errors import Refused
from disbursement.parties.models import PartyRow
from disbursement.parties.party import Ids, Party
from disbursement.parties.registering import find_all
from kiosk_wire.messages import RefusalCode

LOOKED_AT_MAX = 50_000  # numbers of the outbox, for one page or in one step of pruning
INBOX_MAX = 100_000  # messages that wait
UNREADABLE_KEPT_MS = 366 * DAY_MS  # told about ids that are no party's


@dataclass(frozen=True)
class Page:
    messages: Sequence[tuple[int, str]]  # number and document
    through: int


def demand_room(session: Session) -> None:
    """Raises Refused."""
    ends = sa.select(sa.func.min(AccountInbox.number), sa.func.max(AccountInbox.number))
    first, last = session.execute(ends).one()
    if (last or 0) - (first or 0) >= INBOX_MAX:
        raise Refused(503, RefusalCode.BUSY, "too many messages wait already: try again")


def page(session: Session, party: Party, after: int) -> Page:
    end = _end(session)
    first = session.scalar(
        sa.select(sa.func.min(AccountOutbox.number)).where(AccountOutbox.number > after)
    )
    if first is None or first > end:
        return Page((), max(after, end))
    until = min(end, first + LOOKED_AT_MAX - 1)
    mine = (
        sa.select(AccountOutbox.number, AccountOutbox.document)
        .where(AccountOutbox.number.between(first, until), _concerns(party))
        .order_by(AccountOutbox.number)
        .limit(MESSAGES_PER_BATCH_MAX)
    )
    found = session.execute(mine).all()
    is_full = len(found) == MESSAGES_PER_BATCH_MAX
    return Page(found, found[-1][0] if is_full else until)


def _end(session: Session) -> int:
    return session.scalars(sa.select(AccountOutboxEnd.number)).one()


def _concerns(party: Party) -> sa.ColumnElement[bool]:
    of_root = sa.and_(
        AccountOutbox.creditor_id == ROOT, _within(AccountOutbox.debtor_id, party.debtors)
    )
    return sa.or_(of_root, _within(AccountOutbox.creditor_id, party.creditors))


def _within(column: InstrumentedAttribute[int], ranges: Sequence[Ids]) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(column.between(ids.first, ids.last) for ids in ranges))


def acknowledge(session: Session, party: Party, through: int) -> int:
    """How far it has acknowledged now: that never goes back. Raises Refused."""
    if through > _end(session):
        raise Refused(422, RefusalCode.BAD_REQUEST, f"nothing has the number {through} yet")
    row = session.get_one(PartyRow, party.party_id, with_for_update=True)
    row.read_through = max(row.read_through, through)
    return row.read_through


def prune(db: Database, now_ms: int) -> None:
    """In many short transactions: the numbers of the outbox are given in one of them at a time."""
    parties = db.run(find_all)
    for party in parties.values():
        while db.run(partial(_prune_read, party=party)):
            pass
    after: int | None = 0
    while after is not None:
        after = db.run(
            partial(_prune_unreadable, parties=[*parties.values()], now_ms=now_ms, after=after)
        )


def _prune_read(session: Session, party: Party) -> bool:
    """Whether there may be more."""
    row = session.get_one(PartyRow, party.party_id, with_for_update=True)
    if row.revision != party.revision or row.pruned_through >= row.read_through:
        return False
    until = min(row.read_through, row.pruned_through + LOOKED_AT_MAX)
    read = AccountOutbox.number.between(row.pruned_through + 1, until)
    session.execute(sa.delete(AccountOutbox).where(read, _concerns(party)))
    row.pruned_through = until
    return True


def _prune_unreadable(
    session: Session, parties: Sequence[Party], now_ms: int, after: int
) -> int | None:
    """The last number that was looked at; none at the end of what is old."""
    old = sa.select(AccountOutbox.number).where(
        AccountOutbox.number > after, AccountOutbox.told_at_ms < now_ms - UNREADABLE_KEPT_MS
    )
    numbers = session.scalars(
        old.order_by(AccountOutbox.number).limit(MESSAGES_PER_BATCH_MAX)
    ).all()
    if not numbers:
        return None
    readable = sa.or_(sa.false(), *(_concerns(party) for party in parties))
    session.execute(sa.delete(AccountOutbox).where(AccountOutbox.number.in_(numbers), ~readable))
    return numbers[-1]
