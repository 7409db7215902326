"""Holds and postings: no sequence of them makes anything negative, or unequal."""

import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError, NoResultFound

from disbursement.accounts import holds
from disbursement.accounts.models import Account, Posting
from disbursement.errors import FundsUnavailable

EXAMPLES = itertools.count()
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["prepare", "settle", "release", "paid", "node"]),
        st.integers(0, 5),
        st.integers(1, 120_000_000),
    ),
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_is_tried_the_books_stay_sound(central: Any, steps: list[Any]) -> None:
    """The same books all along: later examples go on where earlier ones ended."""
    books = central.house.books

    def step(session: Any, what: str, hold_id: str, amount: int) -> None:
        if what == "prepare":
            holds.prepare(session, hold_id, books.account("wallet"), amount)
        elif what == "settle":
            books.promise(session, hold_id, min(amount, hold_amount(session, hold_id)), 0)
        elif what == "release":
            holds.release(session, hold_id)
        elif what == "paid":
            books.paid(session, hold_id, amount=amount, fee=amount // 100, at_ms=0)
        else:
            books.change(session, amount - books.held(session), 0)

    example = next(EXAMPLES)
    for what, number, amount in steps:
        try:
            with central.house.db.begin() as session:
                step(session, what, f"hold-{example}-{number}", amount)
        except (FundsUnavailable, IntegrityError, NoResultFound):
            pass  # refused as a whole
        central.demand_sound_books()


def hold_amount(session: Any, hold_id: str) -> int:
    return int(
        session.execute(
            sa.text("SELECT amount FROM holds WHERE hold_id = :h"), {"h": hold_id}
        ).scalar_one()
    )


def test_a_hold_ends_once(central: Any) -> None:
    db, wallet = central.house.db, central.house.books.account("wallet")
    db.run(lambda session: holds.prepare(session, "h", wallet, 100))
    db.run(lambda session: holds.release(session, "h"))
    with pytest.raises(NoResultFound):
        db.run(lambda session: holds.release(session, "h"))


@pytest.mark.parametrize(("balance", "locked"), [(-1, 0), (5, -1), (5, 6)])
def test_the_database_itself_refuses_what_cannot_be(
    central: Any, balance: int, locked: int
) -> None:
    change = sa.update(Account).values(balance=balance, locked=locked)
    with pytest.raises(IntegrityError), central.house.db.begin() as session:
        session.execute(change)


def test_each_thing_is_booked_once(central: Any) -> None:
    books, db = central.house.books, central.house.db
    db.run(lambda session: holds.prepare(session, "h", books.account("wallet"), 100))
    db.run(lambda session: books.promise(session, "h", 100, 0))
    db.run(lambda session: books.paid(session, "h", amount=50, fee=0, at_ms=0))
    with pytest.raises(IntegrityError):
        db.run(lambda session: books.paid(session, "h", amount=50, fee=0, at_ms=0))
    assert len([p for p in central.all(Posting) if p.kind == "paid"]) == 1


def test_coins_that_were_promised_and_are_gone_are_told(central: Any) -> None:
    """The operator empties the wallet behind our back: what is locked stays locked, and is missing."""
    books, db = central.house.books, central.house.db
    db.run(lambda session: holds.prepare(session, "h", books.account("wallet"), 30_000))
    gone = 10_000 - db.run(books.held)
    assert db.run(lambda session: books.change(session, gone, 0)) == 20_000
    assert central.balances()["wallet"] == 30_000
    central.demand_sound_books()
