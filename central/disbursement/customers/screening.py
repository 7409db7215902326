"""Customers held against the sanctions list: when they are named, when the list changes, and before each sale.

whoever has a name buys nothing before that name was held against the list that counts
a possible hit holds the customer until a person decides, with a note; the decision is about this name and this
entry as it is: when either changes, it is asked again
rescreening knows nothing but the tables: cut short anywhere, it goes on there
"""

import threading
from datetime import date
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.customers import register
from disbursement.customers.models import (
    Change,
    Customer,
    HitDecision,
    Screening,
    ScreeningHit,
)
from disbursement.customers.sanctions import books
from disbursement.customers.sanctions.matching import POSSIBLE, Hit, Watchlist
from disbursement.customers.sanctions.party import Party
from disbursement.database import Database
from disbursement.errors import NotOpen

AT_ONCE = 25  # customers a pass, of which each takes milliseconds
CLEAR, POSSIBLY = "clear", "possible"


class Screener:
    """The list that counts, in memory, for as long as it counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[int, Watchlist] | None = None
        self.all_done_for: int | None = None  # the list that nobody waits for any more

    def watchlist(self, db: Database) -> tuple[int, Watchlist] | None:
        """With the list's number; none without a list."""
        with self._lock:
            counting = db.run(books.current)
            if counting is None:
                return None
            if self._kept is None or self._kept[0] != counting.list_id:
                list_id, parties = db.run(_counting)
                self._kept = list_id, Watchlist(parties)
            return self._kept


def _counting(session: Session) -> tuple[int, list[Party]]:
    row = books.current(session)
    return row.list_id if row else 0, books.parties(session)


def is_current(session: Session, customer: Customer) -> bool:
    """Without a name, or without a list, there is nothing to compare."""
    counting = books.current(session)
    return (
        counting is None
        or customer.name is None
        or _is_screened(session, customer, counting.list_id)
    )


def is_named_and_screened(session: Session, customer: Customer) -> bool:
    counting = books.current(session)
    return (
        counting is not None
        and customer.name is not None
        and _is_screened(session, customer, counting.list_id)
    )


def _is_screened(session: Session, customer: Customer, list_id: int) -> bool:
    done = sa.select(Screening.screening_id).where(
        Screening.customer_id == customer.customer_id,
        Screening.list_id == list_id,
        Screening.named_version == customer.named_version,
    )
    return session.scalars(done.limit(1)).first() is not None


def screen(db: Database, screener: Screener, customer_id: str, now_ms: int) -> None:
    """Once for each name and list; again it does nothing."""
    customer = db.run(lambda session: _waiting(session, customer_id))
    watching = screener.watchlist(db) if customer is not None else None
    if customer is None or customer.name is None or watching is None:
        return
    list_id, watchlist = watching
    born = date.fromisoformat(customer.born_on) if customer.born_on else None
    hits = watchlist.hits(customer.name, born)
    db.run(partial(_store, customer, list_id, hits, now_ms))


def _waiting(session: Session, customer_id: str) -> Customer | None:
    customer = session.get(Customer, customer_id)
    return None if customer is None or is_current(session, customer) else customer


def _store(
    screened: Customer, list_id: int, hits: list[Hit], now_ms: int, session: Session
) -> None:
    """Unless there is another name meanwhile, or somebody else was quicker."""
    customer = session.get_one(Customer, screened.customer_id, with_for_update=True)
    if customer.named_version != screened.named_version:
        return
    if _is_screened(session, customer, list_id):
        return
    possible = [hit for hit in hits if hit.score >= POSSIBLE]
    screening = Screening(
        customer_id=customer.customer_id,
        named_version=customer.named_version,
        list_id=list_id,
        at_ms=now_ms,
        score=hits[0].score if hits else 0,
        decision=POSSIBLY if possible else CLEAR,
    )
    session.add(screening)
    session.flush()
    for hit in hits:
        session.add(ScreeningHit(screening_id=screening.screening_id, **hit.__dict__))
    session.flush()
    if undecided(session, customer) and not customer.under_review:
        customer.under_review = True
        register.change(session, customer, Change.HELD, f"list {list_id}", now_ms)


def undecided(session: Session, customer: Customer) -> list[ScreeningHit]:
    """Of the last screening: those that nobody has found to be another."""
    newest = (
        sa.select(sa.func.max(Screening.screening_id))
        .where(
            Screening.customer_id == customer.customer_id,
            Screening.named_version == customer.named_version,
        )
        .scalar_subquery()
    )
    is_another = sa.exists().where(
        HitDecision.customer_id == customer.customer_id,
        HitDecision.named_version == customer.named_version,
        HitDecision.uid == ScreeningHit.uid,
        HitDecision.fingerprint == ScreeningHit.fingerprint,
        HitDecision.is_the_same.is_(False),
    )
    open_hits = sa.select(ScreeningHit).where(
        ScreeningHit.screening_id == newest, ScreeningHit.score >= POSSIBLE, ~is_another
    )
    return list(session.scalars(open_hits.order_by(ScreeningHit.score.desc())))


def decide(
    session: Session, customer_id: str, note: str, now_ms: int, *, is_the_same: bool
) -> None:
    """The same is blocked; another may buy. Raises NotOpen."""
    customer = register.find(session, customer_id)
    if not customer.under_review:
        raise NotOpen(f"customer {customer_id} is not under review")
    for hit in undecided(session, customer):
        session.merge(
            HitDecision(
                customer_id=customer_id,
                named_version=customer.named_version,
                uid=hit.uid,
                fingerprint=hit.fingerprint,
                is_the_same=is_the_same,
                at_ms=now_ms,
                note=note,
            )
        )
    customer.under_review = False
    customer.is_blocked = customer.is_blocked or is_the_same
    what = Change.CONFIRMED if is_the_same else Change.CLEARED
    register.change(session, customer, what, note, now_ms)


def rescreen(db: Database, screener: Screener, now_ms: int) -> int:
    """A few of those who wait for the list that counts. How many there were."""
    counting = db.run(books.current)
    if counting is None or screener.all_done_for == counting.list_id:
        return 0
    waiting = db.run(partial(_who_wait, counting.list_id))
    for customer_id in waiting:
        screen(db, screener, customer_id, now_ms)
    if not waiting:
        screener.all_done_for = counting.list_id
    return len(waiting)


def _who_wait(list_id: int, session: Session) -> list[str]:
    done = sa.exists().where(
        Screening.customer_id == Customer.customer_id,
        Screening.list_id == list_id,
        Screening.named_version == Customer.named_version,
    )
    waiting = sa.select(Customer.customer_id).where(Customer.name.is_not(None), ~done)
    return list(session.scalars(waiting.order_by(Customer.customer_id).limit(AT_ONCE)))
