"""What a client must do so that lost and doubled messages cost it nothing."""

from datetime import timedelta

import pytest

from accounts_bench import ALICE, BOB, AccountsBench
from disbursement.accounts.client.running import (
    RunningTransfer,
    Stage,
    may_be_forgotten,
    on_finalized,
    on_prepared,
    on_rejected,
    settled,
)
from disbursement.accounts.protocol.limits import ANNOUNCE_AGAIN_MS
from disbursement.accounts.protocol.messages import (
    FinalizedTransfer,
    PreparedTransfer,
    RejectedTransfer,
)
from disbursement.accounts.protocol.order import moment


@pytest.fixture
def bench(bench: AccountsBench) -> AccountsBench:
    bench.open_accounts(alice=100, bob=0)
    return bench


def prepared_one(bench: AccountsBench) -> RunningTransfer:
    """The record is there before the request leaves."""
    record: RunningTransfer | None = RunningTransfer(bench.prepare(most=60))
    assert record.stage == Stage.INITIATED
    heard = bench.one(PreparedTransfer, bench.send(record.prepare))
    record, answer = on_prepared(record, heard, moment(bench.now_ms))
    assert answer is None
    assert record is not None
    assert record.stage == Stage.PREPARED
    return record


def test_a_transfer_runs_from_initiated_to_prepared_to_settled(bench: AccountsBench) -> None:
    record = settled(prepared_one(bench), 60, "rent", moment(bench.now_ms))
    assert record.stage == Stage.SETTLED
    done = bench.one(FinalizedTransfer, bench.send(record.finalize))
    assert (done.status_code, done.committed_amount) == ("OK", 60)
    assert on_finalized(record, done) is None
    assert bench.principal(BOB) == 60


def test_a_refused_one_is_forgotten_while_it_is_only_initiated(bench: AccountsBench) -> None:
    record = RunningTransfer(bench.prepare(most=101))
    refused = bench.one(RejectedTransfer, bench.send(record.prepare))
    assert on_rejected(record, refused) is None
    prepared = prepared_one(bench)
    assert on_rejected(prepared, refused) == prepared
    assert on_rejected(None, refused) is None


def test_a_prepared_transfer_that_nobody_remembers_is_dismissed(bench: AccountsBench) -> None:
    """As after the loss of the client's database: the announcement comes again, and frees the money."""
    bench.lock(most=60)
    bench.wait(ANNOUNCE_AGAIN_MS)
    heard = bench.one(PreparedTransfer, bench.keep_up())
    record, dismissal = on_prepared(None, heard, moment(bench.now_ms))
    assert record is None
    assert dismissal is not None
    bench.send(dismissal)
    assert bench.books()[ALICE] == (100, 0)


def test_another_transfer_than_the_recorded_one_is_dismissed(bench: AccountsBench) -> None:
    record = prepared_one(bench)
    assert record.prepared is not None
    other = record.prepared.model_copy(update={"transfer_id": record.prepared.transfer_id + 1})
    same, dismissal = on_prepared(record, other, moment(bench.now_ms))
    assert same == record
    assert dismissal is not None
    assert (dismissal.transfer_id, dismissal.committed_amount) == (other.transfer_id, 0)


@pytest.mark.parametrize("changes", [{"debtor_id": -5}, {"creditor_id": BOB}, {"recipient": "7"}])
def test_what_was_not_asked_for_is_dismissed(
    bench: AccountsBench, changes: dict[str, object]
) -> None:
    asked = RunningTransfer(bench.prepare(most=60))
    heard = bench.one(PreparedTransfer, bench.send(asked.prepare)).model_copy(update=changes)
    record, dismissal = on_prepared(asked, heard, moment(bench.now_ms))
    assert record == asked
    assert dismissal is not None
    assert dismissal.committed_amount == 0


def test_the_same_announcement_again_changes_nothing_before_it_is_settled(
    bench: AccountsBench,
) -> None:
    record = prepared_one(bench)
    assert record.prepared is not None
    assert on_prepared(record, record.prepared, moment(bench.now_ms)) == (record, None)


def test_after_settling_the_same_words_are_sent_again(bench: AccountsBench) -> None:
    record = settled(prepared_one(bench), 60, "rent", moment(bench.now_ms))
    assert record.prepared is not None
    assert record.finalize is not None
    later = moment(bench.now_ms + 5)
    _, again = on_prepared(record, record.prepared, later)
    assert again == record.finalize.model_copy(update={"ts": later})
    assert settled(record, 0, "changed my mind", later) == record


def test_nothing_is_settled_before_it_is_prepared(bench: AccountsBench) -> None:
    with pytest.raises(ValueError, match="prepared"):
        settled(RunningTransfer(bench.prepare()), 1, "", moment(bench.now_ms))


def test_a_record_stays_until_its_end_is_heard_or_about_a_year(bench: AccountsBench) -> None:
    prepared = prepared_one(bench)
    record = settled(prepared, 60, "", moment(bench.now_ms))
    done = bench.one(FinalizedTransfer, bench.send(record.finalize))
    other = done.model_copy(update={"transfer_id": done.transfer_id + 1})
    assert on_finalized(record, other) == record
    assert on_finalized(prepared, done) == prepared
    assert on_finalized(None, done) is None
    at = record.prepare.ts
    assert not may_be_forgotten(record, at + timedelta(days=366))
    assert may_be_forgotten(record, at + timedelta(days=367))
    assert not may_be_forgotten(prepared, at + timedelta(days=367))
