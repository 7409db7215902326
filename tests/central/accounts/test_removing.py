"""An account ends only where its owner asked for it and cannot lose more than they call negligible."""

from decimal import Decimal
from typing import Any

import pytest

from accounts_bench import ALICE, BOB, AccountsBench
from disbursement.accounts.protocol.limits import (
    CONFIG_DELAY_MAX_MS,
    DAY_MS,
    PURGE_DELAY_MS,
    ROOT,
    UPDATE_TTL_S,
)
from disbursement.accounts.protocol.messages import (
    AccountPurge,
    AccountTransfer,
    AccountUpdate,
    FinalizedTransfer,
    PreparedTransfer,
)
from disbursement.accounts.protocol.order import moment

LONG_ENOUGH_MS = CONFIG_DELAY_MAX_MS + DAY_MS


def schedule(bench: AccountsBench, negligible: int = 0, seqnum: int = 9) -> None:
    amount = Decimal(negligible)
    bench.send(bench.configure(config_flags=1, negligible_amount=amount, seqnum=seqnum))


def is_there(bench: AccountsBench) -> bool:
    bench.keep_up()
    return bench.account(ALICE) is not None


def test_an_empty_account_goes_when_nothing_can_bring_it_back(bench: AccountsBench) -> None:
    bench.open_accounts(alice=0)
    schedule(bench)
    bench.wait(CONFIG_DELAY_MAX_MS)
    assert is_there(bench)
    bench.wait(1)
    assert not is_there(bench)


def test_nobody_goes_unasked(bench: AccountsBench) -> None:
    bench.open_accounts(alice=0)
    bench.wait(LONG_ENOUGH_MS)
    assert is_there(bench)


def test_an_account_is_a_day_old_at_least_when_it_goes(bench: AccountsBench) -> None:
    long_ago = moment(bench.now_ms - CONFIG_DELAY_MAX_MS)
    bench.send(bench.configure(config_flags=1, ts=long_ago))
    bench.wait(DAY_MS - 1)
    assert is_there(bench)
    bench.wait(1)
    assert not is_there(bench)


def test_another_configuration_starts_the_wait_anew(bench: AccountsBench) -> None:
    bench.open_accounts(alice=0)
    schedule(bench)
    bench.wait(CONFIG_DELAY_MAX_MS)
    schedule(bench, seqnum=10)
    bench.wait(CONFIG_DELAY_MAX_MS)
    assert is_there(bench)


@pytest.mark.parametrize(("negligible", "stays"), [(9, True), (10, False)])
def test_nobody_loses_more_than_is_negligible_to_them(
    bench: AccountsBench, negligible: int, *, stays: bool
) -> None:
    bench.open_accounts(alice=10)
    schedule(bench, negligible)
    bench.wait(LONG_ENOUGH_MS)
    assert is_there(bench) == stays


def test_interest_counts_as_what_would_be_lost(open_bench: Any) -> None:
    bench = open_bench(interest_rate_ppm=500_000)
    bench.open_accounts(alice=10)
    schedule(bench, 10)
    bench.wait(LONG_ENOUGH_MS)  # a tenth of a unit, and not yet principal
    assert is_there(bench)


def test_what_is_left_goes_to_the_debtor_and_its_owner_is_told(bench: AccountsBench) -> None:
    bench.open_accounts(alice=10)
    schedule(bench, 10)
    bench.wait(LONG_ENOUGH_MS)
    gone = bench.one(AccountTransfer, bench.keep_up())
    assert (gone.coordinator_type, gone.acquired_amount, gone.principal) == ("delete", -10, 0)
    assert gone.previous_transfer_number == 1
    assert bench.principal(ROOT) == 0


def test_an_open_transfer_keeps_both_its_accounts(bench: AccountsBench) -> None:
    bench.open_accounts(alice=0, bob=10)
    away, coming = bench.lock(ALICE, BOB, most=0), bench.lock(BOB, ALICE, most=10)
    schedule(bench)
    bench.wait(LONG_ENOUGH_MS)
    assert is_there(bench)
    bench.send(bench.finalize(away, 0))
    assert is_there(bench)
    done = bench.one(FinalizedTransfer, bench.send(bench.finalize(coming, 10)))
    assert done.status_code == "OK"
    assert bench.principal(ALICE) == 10


def test_a_transfer_past_its_deadline_keeps_nobody_and_brings_nobody_back(
    bench: AccountsBench,
) -> None:
    bench.open_accounts(alice=0, bob=10)
    coming = bench.lock(BOB, ALICE, most=10, max_commit_delay=60)
    schedule(bench)
    bench.wait(LONG_ENOUGH_MS)
    assert not is_there(bench)
    failed = bench.one(FinalizedTransfer, bench.send(bench.finalize(coming, 10)))
    assert failed.status_code == "TIMEOUT"
    assert bench.available(BOB) == 10
    assert bench.account(ALICE) is None


def test_a_wandering_configuration_brings_nobody_back(bench: AccountsBench) -> None:
    bench.open_accounts(alice=0)
    wandering = bench.configure(seqnum=99)
    bench.send(bench.configure(config_flags=1, seqnum=2, ts=moment(bench.now_ms + 1)))
    bench.wait(LONG_ENOUGH_MS)
    assert not is_there(bench)
    assert bench.send(wandering) == []
    assert bench.account(ALICE) is None


def test_the_purge_is_told_when_no_update_can_be_believed_any_more(bench: AccountsBench) -> None:
    bench.open_accounts(alice=0)
    schedule(bench)
    bench.wait(LONG_ENOUGH_MS)
    last_told = bench.keep_up()
    assert [m for m in last_told if isinstance(m, AccountUpdate) and m.creditor_id == ALICE] == []
    assert PURGE_DELAY_MS > UPDATE_TTL_S * 1000
    bench.wait(PURGE_DELAY_MS - 1)
    assert [m for m in bench.keep_up() if isinstance(m, AccountPurge)] == []
    bench.wait(1)
    purge = bench.one(AccountPurge, bench.keep_up())
    assert purge.creditor_id == ALICE
    bench.wait(PURGE_DELAY_MS)
    assert [m for m in bench.keep_up() if isinstance(m, AccountPurge)] == []


def test_a_successor_is_younger_and_its_transfers_are_its_own(bench: AccountsBench) -> None:
    bench.open_accounts(alice=10, bob=0)
    bench.pay(ALICE, BOB, 10)
    before = bench.account(ALICE)
    schedule(bench)
    bench.wait(LONG_ENOUGH_MS)
    bench.keep_up()
    opened = bench.one(AccountUpdate, bench.send(bench.configure()))
    assert opened.creation_date > before.creation_date
    assert (opened.principal, opened.last_transfer_number) == (0, 0)
    bench.pay(BOB, ALICE, 10)
    prepared = bench.one(PreparedTransfer, bench.send(bench.prepare(most=10)))
    assert prepared.transfer_id > before.last_transfer_id
    bench.wait(PURGE_DELAY_MS)
    purge = bench.one(AccountPurge, bench.keep_up())
    assert purge.creation_date == before.creation_date
    assert bench.account(ALICE) is not None


def test_a_successor_is_younger_even_if_the_clock_went_back(bench: AccountsBench) -> None:
    bench.open_accounts(alice=0)
    before = bench.account(ALICE)
    schedule(bench)
    bench.wait(LONG_ENOUGH_MS)
    assert not is_there(bench)
    bench.wait(-LONG_ENOUGH_MS)
    opened = bench.one(AccountUpdate, bench.send(bench.configure()))
    assert opened.creation_date > before.creation_date


def test_the_root_account_stays(bench: AccountsBench) -> None:
    bench.send(bench.configure(ROOT, config_flags=1, seqnum=2))
    bench.wait(LONG_ENOUGH_MS)
    bench.keep_up()
    assert bench.account(ROOT) is not None
