"""What owners hear of committed transfers, and how they rebuild the order of it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_bench import ALICE, BOB, AccountsBench
from disbursement.accounts.client.history import History
from disbursement.accounts.protocol.limits import ROOT
from disbursement.accounts.protocol.messages import AccountTransfer, AccountUpdate
from disbursement.accounts.protocol.order import moment


def events(bench: AccountsBench, creditor_id: int) -> list[AccountTransfer]:
    return [e for e in bench.all_heard(AccountTransfer) if e.creditor_id == creditor_id]


def history(bench: AccountsBench, creditor_id: int) -> History:
    return History(bench.debtor_id, creditor_id, bench.account(creditor_id).creation_date)


def test_both_sides_hear_of_a_transfer_and_the_sign_tells_which(bench: AccountsBench) -> None:
    bench.open_accounts(alice=100, bob=0)
    told = [m for m in bench.pay(ALICE, BOB, 30) if isinstance(m, AccountTransfer)]
    sides = {m.creditor_id: (m.acquired_amount, m.principal, m.sender, m.recipient) for m in told}
    names = (str(ALICE), str(BOB))
    assert sides == {ALICE: (-30, 70, *names), BOB: (30, 30, *names)}
    assert {m.committed_at for m in told} == {moment(bench.now_ms)}


def test_the_root_account_hears_of_none(bench: AccountsBench) -> None:
    bench.open_accounts(alice=100)
    bench.pay(ALICE, ROOT, 40)
    assert events(bench, ROOT) == []
    assert bench.principal(ROOT) == -60


def test_transfer_numbers_rise_and_each_names_the_one_before(bench: AccountsBench) -> None:
    bench.open_accounts(alice=100, bob=0)
    for amount in (1, 2, 3):
        bench.pay(ALICE, BOB, amount)
        bench.pay(BOB, ALICE, amount)
    for creditor_id, count in ((ALICE, 7), (BOB, 6)):
        told = events(bench, creditor_id)
        assert [e.transfer_number for e in told] == list(range(1, count + 1))
        assert [e.previous_transfer_number for e in told] == list(range(count))


def test_a_negligible_incoming_transfer_changes_the_balance_without_an_event(
    bench: AccountsBench,
) -> None:
    bench.open_accounts(alice=100, bob=0)
    bench.send(bench.configure(BOB, negligible_amount=Decimal("10.9"), seqnum=2))
    bench.pay(ALICE, BOB, 10)
    assert events(bench, BOB) == []
    bench.pay(ALICE, BOB, 11)
    assert [e.acquired_amount for e in events(bench, BOB)] == [11]
    assert bench.principal(BOB) == 21
    assert [e.acquired_amount for e in events(bench, ALICE)] == [100, -10, -11]
    assert history(bench, BOB).with_heard(events(bench, BOB)).untold() == 10


def test_an_agents_transfer_and_every_outgoing_one_are_told_however_small(
    bench: AccountsBench,
) -> None:
    bench.open_accounts(alice=100, bob=0)
    for who in (ALICE, BOB):
        bench.send(bench.configure(who, negligible_amount=Decimal(1000), seqnum=2))
    prepared = bench.lock(most=1, coordinator_type="agent")
    bench.send(bench.finalize(prepared, 1))
    assert [e.acquired_amount for e in events(bench, BOB)] == [1]
    assert [e.acquired_amount for e in events(bench, ALICE)] == [100, -1]


@pytest.fixture(scope="module")
def told(accounts_db: Any) -> list[AccountTransfer]:
    bench = AccountsBench.open(accounts_db)
    bench.open_accounts(alice=100, bob=0)
    for amount in (10, 20, 30):
        bench.pay(ALICE, BOB, amount)
        bench.pay(BOB, ALICE, amount // 2)
    return bench.all_heard(AccountTransfer)


@given(data=st.data())
def test_a_client_rebuilds_the_history_from_any_order_of_arrival(
    told: list[AccountTransfer], data: st.DataObject
) -> None:
    mine = [event for event in told if event.creditor_id == ALICE]
    arrived = data.draw(st.permutations(told))
    arrived += data.draw(st.lists(st.sampled_from(told)))
    known = History(mine[0].debtor_id, ALICE, mine[0].creation_date)
    while arrived:
        cut = data.draw(st.integers(1, len(arrived)))
        known = known.with_heard(arrived[:cut])
        assert list(known.transfers) == mine[: len(known.transfers)]
        arrived = arrived[cut:]
    assert list(known.transfers) == mine
    assert not known.waiting
    assert known.untold() == 0


def test_a_client_knows_from_the_update_that_a_transfer_is_missing(bench: AccountsBench) -> None:
    bench.open_accounts(alice=100, bob=0)
    bench.pay(ALICE, BOB, 10)
    bench.pay(ALICE, BOB, 20)
    update = bench.one(AccountUpdate, bench.send(bench.configure(seqnum=2)))
    first, lost, last = events(bench, ALICE)
    known = history(bench, ALICE).with_heard([last, first])
    assert known.transfers == (first,)
    assert known.lacks(update)
    known = known.with_heard([lost])
    assert known.transfers == (first, lost, last)
    assert not known.lacks(update)


def test_another_life_of_the_account_is_another_history(told: list[AccountTransfer]) -> None:
    known = History(told[0].debtor_id, ALICE, moment(0).date()).with_heard(told)
    assert known.transfers == ()
