"""Central's own accounts: no sequence of locks and bookings makes anything negative, or unequal; and a lock keeps its word."""

import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from disbursement.accounts.commands import debtor_group
from disbursement.accounts.protocol.forgetting import forget_settled
from disbursement.accounts.protocol.inbox import receive
from disbursement.accounts.protocol.limits import (
    DAY_MS,
    RESERVED_DEBTORS_MAX,
    ROOT,
    WALLET_DEBTOR,
)
from disbursement.accounts.protocol.messages import ConfigureAccount, PrepareTransfer
from disbursement.accounts.protocol.models import (
    AccountOutbox,
    CreditorAccount,
    Movement,
    TransferLock,
)
from disbursement.accounts.protocol.order import moment
from disbursement.accounts.protocol.outbox import outgoing
from disbursement.accounts.protocol.processing import process
from disbursement.accounts.protocol.upkeep import keep_up
from disbursement.errors import FundsUnavailable, InvalidSetup
from disbursement.parties.models import Side
from disbursement.parties.party import Ids

EXAMPLES = itertools.count()
LONG_MS = 10 * 365 * DAY_MS
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["lock", "promise", "release", "paid", "node", "upkeep"]),
        st.integers(0, 5),
        st.integers(1, 120_000_000),
        st.integers(0, LONG_MS // 25),
    ),
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_is_tried_the_books_stay_sound(central: Any, steps: list[Any]) -> None:
    """The same books all along: later examples go on where earlier ones ended."""
    books, db, now_ms = central.house.books, central.house.db, central.clock.ms
    example, locked, ended = next(EXAMPLES), dict[str, int](), set[str]()

    def do(session: Any, what: str, name: str, amount: int) -> None:
        if what == "lock":
            books.lock(session, name, amount, now_ms)
        elif what == "promise":
            books.promise(session, name, min(amount, locked.get(name, amount)), now_ms)
        elif what == "release":
            books.release(session, name, now_ms)
        elif what == "paid":
            books.paid(session, name, amount=amount, fee=amount // 100, at_ms=now_ms)
        else:
            books.change(session, amount - books.held(session, now_ms), now_ms)

    for what, number, amount, later_ms in steps:
        now_ms += later_ms
        name = f"transfer-{example}-{number}"
        if what == "upkeep":
            keep_up(db, now_ms)
            continue
        is_free = db.run(books.free) >= amount
        is_sure = (
            name in locked if what != "lock" else is_free and name not in locked.keys() | ended
        )
        try:
            with db.begin() as session:
                do(session, what, name, amount)
        except (FundsUnavailable, IntegrityError, LookupError):  # refused as a whole
            assert what in {"paid", "node"} or not is_sure
        else:
            assert what in {"paid", "node"} or is_sure
            if what == "lock":
                locked[name] = amount
            elif what in {"promise", "release"}:
                ended.add(name)
                del locked[name]
        central.demand_sound_books()


def test_a_lock_ends_once(central: Any) -> None:
    books, db, now_ms = central.house.books, central.house.db, central.clock.ms
    db.run(lambda session: books.lock(session, "transfer-1", 100, now_ms))
    db.run(lambda session: books.release(session, "transfer-1", now_ms))
    for end in (
        lambda session: books.release(session, "transfer-1", now_ms),
        lambda session: books.promise(session, "transfer-1", 100, now_ms),
        lambda session: books.release(session, "transfer-2", now_ms),
    ):
        with pytest.raises(LookupError, match="nothing is locked for transfer"):
            db.run(end)
    assert central.locked() == central.balances()["in_flight"] == 0


def test_a_lock_waits_for_years_and_nobody_is_told_of_it(central: Any) -> None:
    """Neither upkeep nor the clerk who forgets settled locks changes anything."""
    books, db, now_ms = central.house.books, central.house.db, central.clock.ms
    for name in ("transfer-1", "transfer-2"):
        db.run(lambda session, name=name: books.lock(session, name, 100, now_ms))
    db.run(lambda session: books.promise(session, "transfer-2", 100, now_ms))
    before = central.holdings(), len(central.all(Movement))
    now_ms += LONG_MS
    keep_up(db, now_ms)
    forget_settled(db, now_ms)
    assert (central.holdings(), len(central.all(Movement))) == before
    assert [lock.state for lock in central.all(TransferLock)] == ["prepared"]
    db.run(lambda session: books.promise(session, "transfer-1", 100, now_ms))
    assert central.balances()["in_flight"] == 200
    assert central.all(AccountOutbox) == []
    central.demand_sound_books()


@pytest.mark.parametrize(("principal", "locked"), [(-1, 0), (5, -1), (5, 6)])
def test_the_database_itself_refuses_what_cannot_be(
    central: Any, principal: int, locked: int
) -> None:
    change = sa.update(CreditorAccount).where(CreditorAccount.creditor_id != ROOT)
    with pytest.raises(IntegrityError), central.house.db.begin() as session:
        session.execute(change.values(principal=principal, locked=locked))


def test_each_thing_is_booked_once(central: Any) -> None:
    books, db, now_ms = central.house.books, central.house.db, central.clock.ms
    db.run(lambda session: books.lock(session, "transfer-1", 100, now_ms))
    db.run(lambda session: books.promise(session, "transfer-1", 100, now_ms))
    paid = {"amount": 50, "fee": 0, "at_ms": now_ms}
    db.run(lambda session: books.paid(session, "transfer-1", **paid))
    with pytest.raises(IntegrityError):
        db.run(lambda session: books.paid(session, "transfer-1", **paid))
    with pytest.raises(IntegrityError):
        db.run(lambda session: books.lock(session, "transfer-1", 100, now_ms))
    assert len([m for m in central.all(Movement) if m.coordinator_type == "paid"]) == 1


def test_coins_that_were_promised_and_are_gone_are_told(central: Any) -> None:
    """The operator empties the wallet behind our back: what is locked stays locked, and is missing."""
    books, db, now_ms = central.house.books, central.house.db, central.clock.ms
    db.run(lambda session: books.lock(session, "transfer-1", 30_000, now_ms))
    gone = 10_000 - db.run(lambda session: books.held(session, now_ms))
    assert db.run(lambda session: books.change(session, gone, now_ms)) == 20_000
    assert central.balances()["wallet"] == 30_000
    central.demand_sound_books()


def test_nobody_else_opens_or_speaks_for_centrals_own_accounts() -> None:
    for command in ("open", "terms"):
        told = CliRunner().invoke(debtor_group, [command, "--", str(WALLET_DEBTOR)])
        assert told.exit_code == 2
        assert "is not in the range" in told.output
    with pytest.raises(InvalidSetup, match="central's own"):
        Ids.read(f"{RESERVED_DEBTORS_MAX}..7", Side.DEBTOR)
    with pytest.raises(InvalidSetup, match="reserved"):
        Ids.read("1", Side.CREDITOR)


def test_messages_do_not_reach_centrals_own_accounts(central: Any) -> None:
    """Who sends them is told so."""
    db, now_ms = central.house.db, central.clock.ms
    before, stranger = central.holdings(), 2**32
    of_account = {"debtor_id": WALLET_DEBTOR, "creditor_id": stranger, "ts": moment(now_ms)}
    join = ConfigureAccount(
        **of_account, negligible_amount=0, config_flags=0, config_data="", seqnum=1
    )
    pay = PrepareTransfer(
        **of_account,
        coordinator_type="direct",
        coordinator_id=stranger,
        coordinator_request_id=1,
        min_locked_amount=0,
        max_locked_amount=0,
        recipient="1",
        final_interest_rate_ts=moment(now_ms),
        max_commit_delay=1,
    )
    db.run(lambda session: receive(session, [join, pay]))
    assert process(db, now_ms) == 2
    told = [message for _, message in db.run(lambda session: outgoing(session, 0))]
    assert [(m.type, m.creditor_id) for m in told] == [
        ("RejectedConfig", stranger),
        ("RejectedTransfer", stranger),
    ]
    assert central.holdings() == before
