"""Two-phase transfers: lock between the least and the most, then commit or dismiss, once."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from accounts_bench import ALICE, BOB, CAROL, AccountsBench
from disbursement.accounts.protocol.limits import (
    ANNOUNCE_AGAIN_MS,
    DAY_MS,
    LOCKS_PER_ACCOUNT_MAX,
    ROOT,
)
from disbursement.accounts.protocol.messages import (
    AccountTransfer,
    FinalizedTransfer,
    Outgoing,
    PreparedTransfer,
    RejectedTransfer,
)
from disbursement.accounts.protocol.models import CreditorAccount
from disbursement.accounts.protocol.order import moment


@pytest.fixture
def bench(bench: AccountsBench) -> AccountsBench:
    bench.open_accounts(alice=100, bob=0)
    return bench


def refused(bench: AccountsBench, told: list[Outgoing]) -> str:
    return bench.one(RejectedTransfer, told).status_code


def test_a_coordinator_pairs_answers_by_its_own_three_words(bench: AccountsBench) -> None:
    asked = bench.prepare(coordinator_type="exchange", coordinator_id=-7, most=60)
    prepared = bench.one(PreparedTransfer, bench.send(asked))
    told = bench.send(bench.finalize(prepared, 60))
    for answer in (prepared, bench.one(FinalizedTransfer, told)):
        assert answer.request == asked.request
    assert [m.coordinator_type for m in told if isinstance(m, AccountTransfer)] == ["exchange"] * 2


@pytest.mark.parametrize(
    ("least", "most", "locked"),
    [(1, 60, 60), (1, 100, 100), (1, 500, 100), (100, 500, 100), (0, 0, 0), (0, 500, 100)],
)
def test_as_much_as_possible_is_locked_between_least_and_most(
    bench: AccountsBench, least: int, most: int, locked: int
) -> None:
    prepared = bench.lock(most=most, min_locked_amount=least)
    assert prepared.locked_amount == locked
    assert bench.available(ALICE) == 100 - locked


def test_less_than_the_least_locks_nothing_and_tells_what_is_locked(bench: AccountsBench) -> None:
    bench.lock(most=30)
    rejected = bench.one(RejectedTransfer, bench.send(bench.prepare(most=71)))
    assert rejected.status_code == "INSUFFICIENT_AVAILABLE_AMOUNT"
    assert rejected.total_locked_amount == 30
    assert bench.available(ALICE) == 70


def test_a_check_only_transfer_is_tested_when_it_is_committed(bench: AccountsBench) -> None:
    first, second = bench.lock(most=0), bench.lock(most=0)
    assert bench.available(ALICE) == 100
    done = bench.one(FinalizedTransfer, bench.send(bench.finalize(first, 70)))
    assert (done.status_code, done.committed_amount) == ("OK", 70)
    failed = bench.one(FinalizedTransfer, bench.send(bench.finalize(second, 31)))
    assert failed.status_code == "INSUFFICIENT_AVAILABLE_AMOUNT"


@pytest.mark.parametrize("recipient", [str(CAROL), "", "0x1", "+4294967298", " 1", "9" * 30, "-0"])
def test_a_recipient_that_does_not_exist_is_refused(bench: AccountsBench, recipient: str) -> None:
    assert (
        refused(bench, bench.send(bench.prepare(recipient=recipient)))
        == "RECIPIENT_IS_UNREACHABLE"
    )


def test_a_recipient_that_takes_no_transfers_any_more_is_refused(bench: AccountsBench) -> None:
    bench.send(bench.configure(BOB, config_flags=1, seqnum=2))
    assert refused(bench, bench.send(bench.prepare())) == "RECIPIENT_IS_UNREACHABLE"


def test_a_sender_that_does_not_exist_is_refused(bench: AccountsBench) -> None:
    assert refused(bench, bench.send(bench.prepare(CAROL))) == "SENDER_IS_UNREACHABLE"


def test_nobody_pays_themselves(bench: AccountsBench) -> None:
    assert refused(bench, bench.send(bench.prepare(to=ALICE))) == "RECIPIENT_SAME_AS_SENDER"


def test_an_account_has_so_many_open_transfers_and_no_more(bench: AccountsBench) -> None:
    key = (CreditorAccount.debtor_id == bench.debtor_id) & (CreditorAccount.creditor_id == ALICE)
    full = sa.update(CreditorAccount).where(key)
    bench.db.run(lambda session: session.execute(full.values(locks=LOCKS_PER_ACCOUNT_MAX)))
    assert refused(bench, bench.send(bench.prepare())) == "TOO_MANY_TRANSFERS"
    bench.db.run(lambda session: session.execute(full.values(locks=0)))


def test_what_is_locked_is_nobody_elses_until_it_is_settled(bench: AccountsBench) -> None:
    prepared = bench.lock(most=100)
    assert refused(bench, bench.send(bench.prepare(most=1))) == "INSUFFICIENT_AVAILABLE_AMOUNT"
    bench.wait(29 * DAY_MS)
    done = bench.one(FinalizedTransfer, bench.send(bench.finalize(prepared, 100)))
    assert done.status_code == "OK"
    assert bench.books()[BOB] == (100, 0)


def test_the_deadline_is_what_was_asked_and_never_beyond_the_commit_period(
    bench: AccountsBench,
) -> None:
    bench.wait(1000)
    sent = moment(bench.now_ms - 1000)
    prepared = bench.lock(most=1, max_commit_delay=60, ts=sent)
    assert prepared.deadline == sent + timedelta(seconds=60)
    prepared = bench.lock(most=1, ts=moment(bench.now_ms + DAY_MS))
    assert prepared.deadline == moment(bench.now_ms + 30 * DAY_MS)


def test_a_commit_at_the_deadline_is_in_time_and_later_is_not(bench: AccountsBench) -> None:
    intime, late = (
        bench.lock(most=10, max_commit_delay=60),
        bench.lock(most=10, max_commit_delay=60),
    )
    bench.wait(60_000)
    assert bench.one(FinalizedTransfer, bench.send(bench.finalize(intime, 10))).status_code == "OK"
    bench.wait(1)
    failed = bench.one(FinalizedTransfer, bench.send(bench.finalize(late, 10)))
    assert (failed.status_code, failed.committed_amount) == ("TIMEOUT", 0)
    assert bench.available(ALICE) == 90  # unlocked all the same


def test_a_request_that_is_too_late_already_locks_nothing(bench: AccountsBench) -> None:
    asked = bench.prepare(max_commit_delay=60)
    bench.wait(60_001)
    assert refused(bench, bench.send(asked)) == "TIMEOUT"


@pytest.mark.parametrize(
    "changes",
    [
        {"creditor_id": BOB},
        {"debtor_id": -1},
        {"transfer_id": 1},
        {"coordinator_type": "exchange"},
        {"coordinator_id": BOB},
        {"coordinator_request_id": -1},
    ],
)
def test_finalizing_must_name_the_transfer_in_all_six_words(
    bench: AccountsBench, changes: dict[str, Any]
) -> None:
    prepared = bench.lock(most=60)
    assert bench.send(bench.finalize(prepared, 60, **changes)) == []
    assert bench.books()[ALICE] == (100, 60)


@pytest.mark.parametrize(
    ("asked", "committed", "status"),
    [
        (0, 0, "OK"),
        (1, 1, "OK"),
        (60, 60, "OK"),
        (61, 61, "OK"),  # more than was locked, and there is more
        (90, 90, "OK"),
        (91, 0, "INSUFFICIENT_AVAILABLE_AMOUNT"),  # ten are locked for another
    ],
)
def test_a_commit_is_all_or_nothing_and_the_rest_is_unlocked(
    bench: AccountsBench, asked: int, committed: int, status: str
) -> None:
    bench.lock(most=10)
    prepared = bench.lock(most=60)
    told = bench.one(FinalizedTransfer, bench.send(bench.finalize(prepared, asked)))
    assert (told.status_code, told.committed_amount) == (status, committed)
    assert told.total_locked_amount == (0 if status == "OK" else 10)
    assert told.prepared_at == prepared.prepared_at
    assert bench.books()[ALICE] == (100 - committed, 10)
    assert bench.books()[BOB] == (committed, 0)


def test_a_failed_or_dismissed_transfer_reaches_nobody(bench: AccountsBench) -> None:
    for amount in (0, 101):
        told = bench.send(bench.finalize(bench.lock(most=60), amount))
        assert [type(message) for message in told] == [FinalizedTransfer]


def test_a_note_arrives_with_its_format_on_both_sides(bench: AccountsBench) -> None:
    note = "\u00e9" * 250  # 500 bytes
    told = bench.pay(ALICE, BOB, 5, transfer_note=note, transfer_note_format="json.v-1")
    events = [message for message in told if isinstance(message, AccountTransfer)]
    assert {(e.transfer_note, e.transfer_note_format) for e in events} == {(note, "json.v-1")}
    assert len(events) == 2


def test_a_note_longer_than_the_debtor_allows_fails_the_commit(open_bench: Any) -> None:
    bench = open_bench(transfer_note_max_bytes=150)
    bench.open_accounts(alice=100, bob=0)
    prepared = bench.lock(most=5)
    told = bench.one(
        FinalizedTransfer, bench.send(bench.finalize(prepared, 5, transfer_note="x" * 151))
    )
    assert told.status_code == "TRANSFER_NOTE_IS_TOO_LONG"
    bench.pay(ALICE, BOB, 5, transfer_note="x" * 150)
    assert bench.principal(BOB) == 5


def test_a_doubled_request_gets_the_first_answer_and_no_second_lock(bench: AccountsBench) -> None:
    asked = bench.prepare(most=60)
    first = bench.one(PreparedTransfer, bench.send(asked))
    later = asked.model_copy(update={"ts": moment(bench.now_ms + 1), "max_locked_amount": 90})
    assert bench.send(asked) == [first]
    assert bench.send(later) == [first]
    assert bench.send(asked, later) == [first, first]
    assert bench.books()[ALICE] == (100, 60)
    bench.send(bench.finalize(first, 60))
    assert bench.send(asked) == [first]  # the tombstone answers, and locks nothing
    assert bench.books()[ALICE] == (40, 0)


def test_a_doubled_request_that_was_refused_stays_refused(bench: AccountsBench) -> None:
    asked = bench.prepare(most=101)
    (first,) = bench.send(asked)
    bench.pay(ROOT, ALICE, 1)
    assert bench.send(asked) == [first]
    bench.lock(most=101)


def test_a_doubled_commit_is_told_again_and_moves_nothing(bench: AccountsBench) -> None:
    prepared = bench.lock(most=60)
    commit = bench.finalize(prepared, 60)
    told = bench.one(FinalizedTransfer, bench.send(commit))
    assert bench.send(commit) == [told]
    assert bench.send(bench.finalize(prepared, 0)) == [told]  # too late to dismiss
    assert bench.books()[BOB] == (60, 0)


def test_the_same_message_waits_once(bench: AccountsBench) -> None:
    asked = bench.prepare(most=60)
    assert len(bench.send(asked, asked)) == 1


def test_a_forgotten_lock_is_announced_again_until_it_is_settled(bench: AccountsBench) -> None:
    prepared = bench.lock(most=60)
    bench.wait(ANNOUNCE_AGAIN_MS - 1)
    assert [m for m in bench.keep_up() if isinstance(m, PreparedTransfer)] == []
    for _ in range(6):  # long past its deadline too
        bench.wait(ANNOUNCE_AGAIN_MS)
        again = bench.one(PreparedTransfer, bench.keep_up())
        assert again == prepared.model_copy(update={"ts": moment(bench.now_ms)})
    bench.send(bench.finalize(prepared, 0))
    bench.wait(ANNOUNCE_AGAIN_MS)
    assert [m for m in bench.keep_up() if isinstance(m, PreparedTransfer)] == []
    assert bench.available(ALICE) == 100


def test_parties_that_appear_and_settle_in_one_batch_are_seen(bench: AccountsBench) -> None:
    """Opening, paying and a doubled request, all worked off in one transaction."""
    asked = bench.prepare(to=CAROL, most=40)
    told = bench.send(bench.configure(CAROL), asked)
    commit = bench.finalize(bench.one(PreparedTransfer, told), 40)
    onward = bench.prepare(CAROL, BOB, most=40)
    told = bench.send(commit, onward)
    assert bench.one(PreparedTransfer, told).locked_amount == 40
    assert bench.books()[CAROL] == (40, 40)
