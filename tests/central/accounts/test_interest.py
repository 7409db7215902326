"""Interest, positive and negative; the demurrage that a prepared transfer may lose at the worst."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_bench import ALICE, BOB, AccountsBench
from disbursement.accounts.protocol.debtors import Terms, change_terms
from disbursement.accounts.protocol.interest import NANO, grown
from disbursement.accounts.protocol.limits import (
    CAPITALIZE_AFTER_MS,
    DAY_MS,
    RATE_CHANGE_GAP_MS,
    ROOT,
    YEAR_MS,
)
from disbursement.accounts.protocol.messages import (
    AccountTransfer,
    AccountUpdate,
    FinalizedTransfer,
    RejectedTransfer,
)
from disbursement.accounts.protocol.order import moment
from disbursement.errors import InvalidTerms

SEVERAL_YEARS = st.integers(0, 5 * YEAR_MS)


def with_interest(open_bench: Any, rate_ppm: int, lowest_ppm: int = 0) -> AccountsBench:
    bench = open_bench(interest_rate_ppm=rate_ppm, demurrage_rate_ppm=min(rate_ppm, lowest_ppm))
    bench.open_accounts(alice=1000, bob=0)
    return bench


@pytest.mark.parametrize("rate_ppm", [-500_000, -12_345, 0, 50_000, 1_000_000])
def test_after_a_year_an_amount_has_grown_by_its_yearly_rate(rate_ppm: int) -> None:
    due = Fraction(10**30) * (10**6 + rate_ppm) / 10**6
    assert abs(grown(10**30, rate_ppm, YEAR_MS) - due) <= 1


@given(
    amount=st.integers(0, 10**60),
    rate_ppm=st.integers(-500_000, 10**6),
    first=SEVERAL_YEARS,
    second=SEVERAL_YEARS,
)
def test_time_may_be_cut_into_steps(amount: int, rate_ppm: int, first: int, second: int) -> None:
    """To one billionth for each rounding, which the later step may multiply by its growth."""
    at_once = grown(amount, rate_ppm, first + second)
    stepwise = grown(grown(amount, rate_ppm, first), rate_ppm, second)
    assert -1 <= at_once - stepwise <= 2**5 + 1


def test_who_owes_neither_earns_nor_pays() -> None:
    assert grown(-1000, -500_000, YEAR_MS) == -1000
    assert grown(0, 1_000_000, YEAR_MS) == 0


def test_accumulated_interest_can_be_spent(open_bench: Any) -> None:
    bench = with_interest(open_bench, 100_000)
    bench.wait(YEAR_MS)
    assert bench.available(ALICE) in (1099, 1100)  # rounded down
    bench.pay(ALICE, BOB, 1099)
    assert bench.books()[ALICE] == (-99, 0)
    assert bench.available(ALICE) in (0, 1)


def test_interest_becomes_principal_as_a_transfer_from_the_debtor(open_bench: Any) -> None:
    bench = with_interest(open_bench, 100_000)
    bench.wait(YEAR_MS)
    told = bench.keep_up()
    paid = bench.one(AccountTransfer, told)
    assert (paid.coordinator_type, paid.sender) == ("interest", "0")
    units = paid.acquired_amount
    assert units in (99, 100)
    account, update = (
        bench.account(ALICE),
        {m.creditor_id: m for m in told if isinstance(m, AccountUpdate)},
    )
    assert account.principal == 1000 + units == update[ALICE].principal
    assert 0 <= account.interest_nano < NANO
    assert update[ALICE].interest == Decimal(account.interest_nano).scaleb(-9)
    assert bench.principal(ROOT) == -1000 - units
    assert bench.keep_up() == []


def test_negative_interest_flows_back_to_the_debtor(open_bench: Any) -> None:
    bench = with_interest(open_bench, -100_000)
    bench.wait(YEAR_MS)
    paid = bench.one(AccountTransfer, bench.keep_up())
    assert paid.coordinator_type == "interest"
    assert paid.acquired_amount in (-100, -99)
    assert bench.available(ALICE) in (899, 900)


def test_less_than_a_unit_waits_as_interest(open_bench: Any) -> None:
    bench = with_interest(open_bench, 1_000)
    bench.wait(CAPITALIZE_AFTER_MS)
    assert [m for m in bench.keep_up() if isinstance(m, AccountTransfer)] == []
    bench.send(bench.configure(seqnum=2))
    assert 0 < bench.account(ALICE).interest_nano < NANO


def test_a_prepared_transfer_says_what_it_may_lose_and_never_loses_more(open_bench: Any) -> None:
    bench = with_interest(open_bench, -200_000, lowest_ppm=-400_000)
    prepared = bench.lock(most=1000, max_commit_delay=2**31 - 1)
    assert prepared.demurrage_rate == Decimal(-40)
    bench.wait(29 * DAY_MS)
    guaranteed = grown(1000 * NANO, -400_000, 29 * DAY_MS) // NANO
    held = grown(1000 * NANO, -200_000, 29 * DAY_MS) // NANO
    assert guaranteed < held < 1000
    too_much = bench.one(FinalizedTransfer, bench.send(bench.finalize(prepared, held + 1)))
    assert too_much.status_code == "INSUFFICIENT_AVAILABLE_AMOUNT"
    prepared = bench.lock(most=held)
    bench.wait(29 * DAY_MS)
    guaranteed = grown(held * NANO, -400_000, 29 * DAY_MS) // NANO
    done = bench.one(FinalizedTransfer, bench.send(bench.finalize(prepared, guaranteed)))
    assert done.status_code == "OK"


def test_a_lock_stays_good_for_its_guarantee_where_other_locks_use_up_the_rest(
    open_bench: Any,
) -> None:
    bench = with_interest(open_bench, -400_000, lowest_ppm=-400_000)
    locks = [bench.lock(most=500), bench.lock(most=500)]
    bench.wait(25 * DAY_MS)
    each = grown(500 * NANO, -400_000, 25 * DAY_MS) // NANO
    for prepared in locks:
        done = bench.one(FinalizedTransfer, bench.send(bench.finalize(prepared, each)))
        assert done.status_code == "OK"
    assert bench.available(ALICE) >= 0


def test_where_interest_has_eaten_into_the_locks_the_next_one_locks_nothing(
    open_bench: Any,
) -> None:
    bench = with_interest(open_bench, -400_000, lowest_ppm=-400_000)
    bench.lock(most=1000)
    bench.wait(25 * DAY_MS)
    assert bench.available(ALICE) < 0
    assert bench.lock(most=10, min_locked_amount=0).locked_amount == 0


def test_a_transfer_that_counts_on_the_old_rate_fails_after_the_new(open_bench: Any) -> None:
    bench = with_interest(open_bench, 0)
    before = moment(bench.now_ms)
    prepared = bench.lock(most=10, final_interest_rate_ts=before)
    bench.wait(DAY_MS)
    new = Terms(interest_rate_ppm=10_000)
    bench.db.run(lambda session: change_terms(session, bench.debtor_id, new, bench.now_ms))
    told = {m.creditor_id: m for m in bench.keep_up() if isinstance(m, AccountUpdate)}
    assert told[ALICE].interest_rate == Decimal(1)
    assert told[ALICE].last_interest_rate_change_ts == moment(bench.now_ms)
    assert told[ROOT].interest_rate == 0
    failed = bench.one(FinalizedTransfer, bench.send(bench.finalize(prepared, 10)))
    assert (failed.status_code, failed.committed_amount) == ("NEWER_INTEREST_RATE", 0)
    asked = bench.prepare(final_interest_rate_ts=before)
    assert bench.one(RejectedTransfer, bench.send(asked)).status_code == "NEWER_INTEREST_RATE"
    bench.lock(most=10, final_interest_rate_ts=moment(bench.now_ms))


def test_two_changes_of_the_rate_are_days_apart(open_bench: Any) -> None:
    bench = with_interest(open_bench, 0)

    def change(rate_ppm: int) -> None:
        new = Terms(interest_rate_ppm=rate_ppm)
        bench.db.run(lambda session: change_terms(session, bench.debtor_id, new, bench.now_ms))

    change(10_000)
    bench.wait(DAY_MS)
    bench.keep_up()  # a day late, which counts from the account's own change
    bench.wait(RATE_CHANGE_GAP_MS - DAY_MS - 1)
    with pytest.raises(InvalidTerms):
        change(20_000)
    bench.wait(1)
    change(20_000)
    bench.keep_up()
    assert bench.account(ALICE).interest_rate_ppm == 10_000
    bench.wait(DAY_MS)
    bench.keep_up()
    assert bench.account(ALICE).interest_rate_ppm == 20_000


@pytest.mark.parametrize(
    "changes",
    [
        {"demurrage_rate_ppm": -500_001},
        {"demurrage_rate_ppm": 1},
        {"interest_rate_ppm": -1},
        {"interest_rate_ppm": 1_000_001},
        {"commit_period_s": 30 * 24 * 3600 - 1},
        {"transfer_note_max_bytes": 149},
        {"transfer_note_max_bytes": 501},
    ],
)
def test_terms_out_of_range_are_refused(changes: dict[str, int]) -> None:
    with pytest.raises(InvalidTerms):
        Terms(**changes)


@pytest.mark.parametrize(
    "changes",
    [{"transfer_note_max_bytes": 299}, {"wide": True}, {"demurrage_rate_ppm": -100_001}],
)
def test_terms_that_clients_rely_on_do_not_get_worse(open_bench: Any, changes: Any) -> None:
    first = {"transfer_note_max_bytes": 300, "demurrage_rate_ppm": -100_000}
    bench = open_bench(**first)
    worse = Terms(**(first | changes))
    with pytest.raises(InvalidTerms), bench.db.begin() as session:
        change_terms(session, bench.debtor_id, worse, bench.now_ms)


def test_new_terms_are_told_to_every_account(open_bench: Any) -> None:
    bench = open_bench()
    bench.open_accounts(alice=0)
    new = Terms(
        info_iri="https://example.org/coin", info_sha256="0A" * 32, commit_period_s=40 * 86400
    )
    bench.wait(3600_000)
    bench.db.run(lambda session: change_terms(session, bench.debtor_id, new, bench.now_ms))
    told = {m.creditor_id: m for m in bench.keep_up()}
    assert set(told) == {ROOT, ALICE}
    assert {m.debtor_info_iri for m in told.values()} == {"https://example.org/coin"}
    assert {m.debtor_info_sha256 for m in told.values()} == {"0A" * 32}
    assert {m.commit_period for m in told.values()} == {40 * 86400}
