"""What the database itself holds, and what many workers do to it at once."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from accounts_bench import ALICE, BOB, CAROL, AccountsBench
from disbursement.accounts.protocol.driver import together
from disbursement.accounts.protocol.inbox import receive
from disbursement.accounts.protocol.messages import (
    AccountUpdate,
    FinalizedTransfer,
    PreparedTransfer,
)
from disbursement.accounts.protocol.models import (
    AccountOutbox,
    CreditorAccount,
    Movement,
    TransferLock,
)
from disbursement.accounts.protocol.processing import process
from disbursement.accounts.protocol.turn import MOVEMENTS

WORKERS = 4
SEQNUMS = itertools.count(2)


@pytest.fixture
def bench(bench: AccountsBench) -> AccountsBench:
    bench.open_accounts(alice=100, bob=100, carol=100)
    return bench


def test_the_database_itself_refuses_to_settle_a_lock_twice(bench: AccountsBench) -> None:
    bench.pay(ALICE, BOB, 5)
    movement = bench.rows(Movement)[-1]
    columns = [c.name for c in Movement.__table__.columns if c.name != "movement_id"]
    again = sa.insert(Movement).values({name: getattr(movement, name) for name in columns})
    with pytest.raises(IntegrityError), bench.db.begin() as session:
        session.execute(again)


def test_what_the_driver_alone_was_asked_fails_as_all_else_does(bench: AccountsBench) -> None:
    """By that error a unit of work knows that another came between, and runs again."""
    bench.pay(ALICE, BOB, 5)
    again = MOVEMENTS.values(bench.rows(Movement)[-1])
    with pytest.raises(IntegrityError), bench.db.begin() as session, together(session):
        MOVEMENTS.add(session, [again])
    bench.pay(ALICE, BOB, 5)
    assert bench.principal(BOB) == 110


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (CreditorAccount, {"locked": -1}),
        (CreditorAccount, {"locks": -1}),
        (TransferLock, {"amount": -1}),
    ],
)
def test_the_database_itself_refuses_what_cannot_be(
    bench: AccountsBench, model: Any, changes: dict[str, int]
) -> None:
    mine = sa.update(model).where(model.debtor_id == bench.debtor_id).values(**changes)
    with pytest.raises(IntegrityError), bench.db.begin() as session:
        session.execute(mine)


def test_many_workers_at_once_end_with_sound_books_and_a_gapless_outbox(
    bench: AccountsBench,
) -> None:
    """Money runs in circles, each request comes three times, and each worker takes a few at a time."""
    chance, ring = Random(7), [ALICE, BOB, CAROL]
    asked = [bench.prepare(ring[n % 3], ring[(n + 1) % 3], most=5) for n in range(60)]
    told = work(bench, asked, chance)
    prepared = {m.request: m for m in told if isinstance(m, PreparedTransfer)}
    assert len(prepared) == len(asked)
    told = work(bench, [bench.finalize(lock, 5) for lock in prepared.values()], chance)
    done = {m.request for m in told if isinstance(m, FinalizedTransfer) and m.status_code == "OK"}
    assert done == set(prepared)
    assert {bench.principal(creditor_id) for creditor_id in ring} == {100}
    bench.demand_sound_books()
    numbers = bench.db.run(lambda session: session.scalars(sa.select(AccountOutbox.number)).all())
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def work(bench: AccountsBench, messages: list[Any], chance: Random) -> list[Any]:
    for _ in range(3):
        chance.shuffle(messages)
        bench.db.run(lambda session: receive(session, messages[::2]))
        bench.db.run(lambda session: receive(session, messages[1::2]))
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(lambda _: exhaust(bench), range(WORKERS)))
    return bench.hear()


def exhaust(bench: AccountsBench) -> None:
    while process(bench.db, bench.now_ms, 7):
        pass


ANY_TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=50
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=ANY_TEXT | st.sampled_from(["NULL", "{}", '"\\",', "%s", "'); --"]))
@example(data="\\")
def test_what_is_written_is_read_back(bench: Any, data: str) -> None:
    bench.wait(1)
    told = bench.send(bench.configure(ALICE, config_data=data, seqnum=next(SEQNUMS)))
    assert bench.one(AccountUpdate, told).config_data == data
    assert bench.account(ALICE).config_data == data
