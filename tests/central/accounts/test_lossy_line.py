"""Messages may be lost, doubled and reordered, and clients may lose their memory: nobody loses money."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts_bench import ALICE, BOB, CAROL, AccountsBench
from disbursement.accounts.client.history import History
from disbursement.accounts.protocol.debtors import Terms
from disbursement.accounts.protocol.inbox import receive
from disbursement.accounts.protocol.limits import ANNOUNCE_AGAIN_MS, DAY_MS, ROOT
from disbursement.accounts.protocol.messages import (
    AccountTransfer,
    PreparedTransfer,
)
from disbursement.accounts.protocol.models import CreditorAccount, TransferLock
from disbursement.accounts.protocol.processing import process
from lossy_line import Clients, Line, Wish

CREDITORS = (ALICE, BOB, CAROL)
PLENTY = 10_000
WISHES = st.lists(
    st.tuples(
        st.permutations(CREDITORS),
        st.integers(0, 100),
        st.integers(0, 120),
    ).map(lambda drawn: Wish(drawn[0][0], drawn[0][1], drawn[1], drawn[2])),
    min_size=1,
    max_size=5,
)
SLOW = settings(  # to shrink what takes a hundred transactions would take minutes
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@contextmanager
def opened(db: Any, amount: int = PLENTY, **terms: Any) -> Iterator[AccountsBench]:
    bench = AccountsBench.open(db, Terms(**terms))
    bench.open_accounts(alice=amount, bob=amount, carol=amount)
    yield bench
    bench.close()


def lived(bench: AccountsBench, wishes: list[Wish], chance: Random | None) -> Clients:
    clients = Clients(bench)
    line = Line(clients, chance)
    for number, wish in enumerate(wishes):
        line.carry([clients.want(wish), clients.configure(wish.sender, f"wish {number}")])
        line.carry(clients.unanswered())
    line.mend()
    assert clients.records == {}
    return clients


def ends(bench: AccountsBench) -> dict[int, tuple[int, int, str]]:
    accounts = bench.rows(CreditorAccount)
    return {a.creditor_id: (a.principal, a.locked, a.config_data) for a in accounts}


@SLOW
@given(wishes=WISHES, chance=st.randoms(use_true_random=False))
def test_a_bad_line_ends_with_the_books_of_a_good_one(
    accounts_db: Any, wishes: list[Wish], chance: Random
) -> None:
    with opened(accounts_db) as good, opened(accounts_db) as bad:
        lived(good, wishes, None)
        clients = lived(bad, wishes, chance)
        assert ends(bad) == ends(good)
        assert all(locked == 0 for _, locked, _ in ends(bad).values())
        for creditor_id in CREDITORS:
            told = bad.all_heard(AccountTransfer)
            chance.shuffle(told)
            account = bad.account(creditor_id)
            known = History(bad.debtor_id, creditor_id, account.creation_date).with_heard(told)
            assert not known.waiting
            assert known.untold() == 0
            assert known.transfers[-1].principal == account.principal
            if creditor_id in clients.configs:
                assert clients.known[creditor_id].config_data == account.config_data


@SLOW
@given(wishes=WISHES, chance=st.randoms(use_true_random=False))
def test_clients_that_forget_everything_find_their_money_again(
    accounts_db: Any, wishes: list[Wish], chance: Random
) -> None:
    with opened(accounts_db) as bench:
        clients = Clients(bench)
        line = Line(clients, chance)
        for wish in wishes:
            line.carry([clients.want(wish)])
        clients.forget_everything()
        line.mend()
        bench.wait(ANNOUNCE_AGAIN_MS)
        line.down += bench.keep_up()
        line.mend()
        books = bench.books()
        assert {locked for _, locked in books.values()} == {0}
        assert sum(books[creditor_id][0] for creditor_id in CREDITORS) == 3 * PLENTY
        committed = {
            lock.coordinator_request_id: lock.committed for lock in bench.rows(TransferLock)
        }
        assert set(committed.values()) <= {0, PLENTY, *(wish.commit for wish in wishes)}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["lock", "settle", "double", "configure", "wait", "remove", "nonsense"]),
        st.permutations((*CREDITORS, ROOT)),
        st.integers(0, 150),
    ),
    max_size=12,
)


@SLOW
@given(steps=STEPS, rate_ppm=st.sampled_from([0, 300_000]))
def test_whatever_is_sent_the_books_stay_sound(
    accounts_db: Any, steps: list[Any], rate_ppm: int
) -> None:
    """Scarce money, open locks, interest, removal, and messages that nobody should send."""
    with opened(accounts_db, 100, interest_rate_ppm=rate_ppm) as bench:
        numbers = itertools.count(1000)
        for what, (one, other, *_), amount in steps:
            locks = [m for m in bench.heard if isinstance(m, PreparedTransfer)]
            chosen = locks[amount % len(locks)]
            if what == "lock":
                bench.send(bench.prepare(one, other, most=amount, min_locked_amount=amount // 2))
            elif what == "settle":
                bench.send(bench.finalize(chosen, amount))
            elif what == "double":
                bench.send(bench.finalize(chosen, amount), bench.finalize(chosen, amount // 2))
            elif what == "configure":
                bench.send(bench.configure(one, config_flags=amount % 2, seqnum=next(numbers)))
            elif what == "wait":
                bench.wait(amount * DAY_MS // 10)
                bench.keep_up()
            elif what == "remove":
                bench.send(
                    bench.configure(
                        one, config_flags=1, negligible_amount=amount, seqnum=next(numbers)
                    )
                )
                bench.wait(9 * DAY_MS)
                bench.keep_up()
            else:
                stranger = bench.finalize(chosen, amount, creditor_id=other, transfer_id=amount)
                bench.send(stranger, bench.prepare(other, other, most=10**60))
            bench.demand_sound_books()


def test_a_week_without_a_line_is_uneventful(accounts_db: Any) -> None:
    with opened(accounts_db) as bench:
        clients = Clients(bench)
        line = Line(clients)
        first = clients.want(Wish(ALICE, BOB, 50, 50))
        bench.send(first)  # prepared; the answer stays where it is
        bench.wait(7 * DAY_MS)
        line.down += bench.keep_up()
        line.mend()
        assert bench.books()[BOB] == (PLENTY + 50, 0)


def test_a_batch_that_fails_is_worked_off_later(accounts_db: Any) -> None:
    """In another process the disk may have been full: what was received is still there."""
    with opened(accounts_db) as bench:
        asked = bench.prepare(most=10)
        bench.db.run(lambda session: receive(session, [asked]))
        assert process(bench.db, bench.now_ms) == 1
        assert process(bench.db, bench.now_ms) == 0
        assert bench.one(PreparedTransfer, bench.hear()).request == asked.request
