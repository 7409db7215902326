"""Amounts beyond 64 bits: booked without loss, and told as far as the account's own numbers reach."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from accounts_bench import ALICE, BOB, AccountsBench
from disbursement.accounts.protocol.dialect import WideInteger
from disbursement.accounts.protocol.limits import INT64_MAX, INT64_MIN, ROOT
from disbursement.accounts.protocol.messages import (
    AccountTransfer,
    AccountUpdate,
    FinalizedTransfer,
)

ETHER = 10**18  # in wei


def update_of(bench: AccountsBench, creditor_id: int) -> AccountUpdate:
    bench.wait(3600_000)
    bench.keep_up()
    return [m for m in bench.all_heard(AccountUpdate) if m.creditor_id == creditor_id][-1]


def test_a_wide_coin_is_booked_and_told_without_loss(open_bench: Any) -> None:
    bench = open_bench(issued=10**40, wide=True)
    bench.open_accounts(alice=123_456 * ETHER + 1, bob=0)
    told = [m for m in bench.pay(ALICE, BOB, 100_000 * ETHER) if isinstance(m, AccountTransfer)]
    assert {m.acquired_amount for m in told} == {-100_000 * ETHER, 100_000 * ETHER}
    assert bench.principal(ALICE) == 23_456 * ETHER + 1
    seen = update_of(bench, ALICE)
    assert (seen.principal, seen.overflown) == (23_456 * ETHER + 1, False)


def test_interest_of_a_wide_coin_is_exact_to_the_billionth(open_bench: Any) -> None:
    bench = open_bench(issued=10**59, wide=True, interest_rate_ppm=50_000)
    bench.open_accounts(alice=10**58)
    bench.wait(31_557_600_000)
    bench.keep_up()
    assert abs(bench.available(ALICE) - 105 * 10**56) <= 1


def test_64_bits_overflow_is_contained_and_flagged_and_loses_nothing(open_bench: Any) -> None:
    bench = open_bench(issued=3 * INT64_MAX)
    bench.open_accounts(alice=0, bob=0)
    bench.pay(ROOT, ALICE, INT64_MAX)
    seen = update_of(bench, ALICE)
    assert (seen.principal, seen.overflown) == (INT64_MAX, False)
    bench.pay(ROOT, ALICE, 10)
    seen, root = update_of(bench, ALICE), update_of(bench, ROOT)
    assert (seen.principal, seen.overflown) == (INT64_MAX, True)
    assert (root.principal, root.overflown) == (INT64_MIN, True)
    assert bench.principal(ALICE) == INT64_MAX + 10
    bench.pay(ALICE, BOB, 10)
    assert update_of(bench, ALICE).overflown is False
    assert bench.principal(BOB) == 10


def test_no_transfer_of_64_bits_is_larger_than_they_can_tell(open_bench: Any) -> None:
    bench = open_bench(issued=3 * INT64_MAX)
    bench.open_accounts(alice=0, bob=0)
    for amount in (INT64_MAX, 100):
        bench.pay(ROOT, ALICE, amount)
    prepared = bench.lock(most=INT64_MAX + 50, min_locked_amount=1)
    assert prepared.locked_amount == INT64_MAX
    done = bench.one(FinalizedTransfer, bench.send(bench.finalize(prepared, INT64_MAX + 50)))
    assert done.status_code == "INSUFFICIENT_AVAILABLE_AMOUNT"


@given(value=st.integers(-(10**78) + 1, 10**78 - 1))
@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])
def test_both_databases_hold_every_integer_of_78_digits(dialect: Any, value: int) -> None:
    kind = WideInteger()
    stored = kind.process_bind_param(value, dialect)
    assert isinstance(stored, str if dialect.name == "sqlite" else Decimal)
    assert kind.process_result_value(stored, dialect) == value
