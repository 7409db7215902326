"""Settled locks are forgotten one day; their requests never lock, nor move, a second time."""

from typing import Any

import pytest

from accounts_bench import ALICE, BOB, AccountsBench
from disbursement.accounts.protocol import forgetting
from disbursement.accounts.protocol.forgetting import forget_settled
from disbursement.accounts.protocol.limits import (
    ASKED_AGE_MAX_MS,
    COMMIT_PERIOD_MAX_S,
    DAY_MS,
    SETTLED_KEPT_MS,
)
from disbursement.accounts.protocol.messages import (
    FinalizedTransfer,
    PreparedTransfer,
    RejectedTransfer,
)
from disbursement.accounts.protocol.models import Movement, TransferLock
from disbursement.accounts.protocol.order import moment

YEAR_MS = 366 * DAY_MS


@pytest.fixture
def bench(bench: AccountsBench) -> AccountsBench:
    bench.open_accounts(alice=1_000)
    bench.has_forgotten_locks = True
    return bench


def requests(bench: AccountsBench) -> set[int]:
    return {lock.coordinator_request_id for lock in bench.rows(TransferLock)}


def test_a_lock_is_kept_for_longer_than_its_request_is_believed(bench: AccountsBench) -> None:
    assert YEAR_MS <= ASKED_AGE_MAX_MS < SETTLED_KEPT_MS
    asked = bench.prepare(ALICE, BOB, most=100, max_commit_delay=2**31 - 1)
    bench.send(bench.configure(BOB))
    prepared = bench.one(PreparedTransfer, bench.send(asked))
    ended = bench.finalize(prepared, 100)
    first = bench.one(FinalizedTransfer, bench.send(ended))
    bench.wait(SETTLED_KEPT_MS)
    forget_settled(bench.db, bench.now_ms)
    assert asked.coordinator_request_id in requests(bench)
    told = bench.one(FinalizedTransfer, bench.send(ended))  # a repeat, and its first answer
    assert told == first.model_copy(update={"ts": told.ts})
    bench.wait(1)
    forget_settled(bench.db, bench.now_ms)
    assert requests(bench) == set()
    assert bench.one(RejectedTransfer, bench.send(asked)).status_code == "TIMEOUT"
    assert not [m for m in bench.send(ended) if isinstance(m, FinalizedTransfer)]
    assert bench.principal(BOB) == 100
    assert len(bench.rows(Movement)) == 2  # the issue, and the one transfer


def test_a_request_from_a_clock_that_ran_ahead_is_kept_until_its_own_time(
    bench: AccountsBench,
) -> None:
    """Its repeat would be believed for longer."""
    ahead_ms = 5 * YEAR_MS
    asked = bench.prepare(ALICE, BOB, most=100, ts=moment(bench.now_ms + ahead_ms))
    bench.send(bench.configure(BOB))
    prepared = bench.one(PreparedTransfer, bench.send(asked))
    bench.send(bench.finalize(prepared, 100))
    bench.wait(ahead_ms + SETTLED_KEPT_MS)
    forget_settled(bench.db, bench.now_ms)
    assert requests(bench) == {asked.coordinator_request_id}
    bench.wait(1)
    forget_settled(bench.db, bench.now_ms)
    assert requests(bench) == set()
    assert bench.one(RejectedTransfer, bench.send(asked)).status_code == "TIMEOUT"


def test_what_is_locked_is_never_forgotten(bench: AccountsBench) -> None:
    bench.send(bench.configure(BOB))
    prepared = bench.lock(ALICE, BOB, most=100)
    bench.wait(SETTLED_KEPT_MS + COMMIT_PERIOD_MAX_S * 1000 + YEAR_MS)
    forget_settled(bench.db, bench.now_ms)
    assert requests(bench) == {prepared.coordinator_request_id}
    bench.send(bench.finalize(prepared, 0))


def test_a_request_id_used_again_when_all_is_forgotten_is_a_new_transfer(
    bench: AccountsBench,
) -> None:
    bench.send(bench.configure(BOB))
    prepared = bench.lock(ALICE, BOB, most=100)
    bench.send(bench.finalize(prepared, 100))
    bench.wait(SETTLED_KEPT_MS + 1)
    forget_settled(bench.db, bench.now_ms)
    number = prepared.coordinator_request_id
    again = bench.lock(ALICE, BOB, most=50, coordinator_request_id=number)
    assert again.transfer_id != prepared.transfer_id
    bench.send(bench.finalize(prepared, 50))  # the old one's repeat names no lock
    assert bench.principal(BOB) == 100
    bench.send(bench.finalize(again, 50))
    assert bench.principal(BOB) == 150


def test_many_are_looked_at_in_steps(bench: AccountsBench, monkeypatch: Any) -> None:
    monkeypatch.setattr(forgetting, "LOOKED_AT_MAX", 2)
    bench.send(bench.configure(BOB))
    for _ in range(4):
        bench.pay(ALICE, BOB, 1)
    open_one = bench.lock(ALICE, BOB, most=1)
    bench.wait(SETTLED_KEPT_MS + 1)
    forget_settled(bench.db, bench.now_ms)
    assert requests(bench) == {open_one.coordinator_request_id}
