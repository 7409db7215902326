"""The debtor's own account: it issues money to its limit, and takes it back to destroy it."""

from decimal import Decimal
from typing import Any

from accounts_bench import ALICE, AccountsBench
from disbursement.accounts.protocol.limits import ROOT, YEAR_MS
from disbursement.accounts.protocol.messages import (
    AccountTransfer,
    PreparedTransfer,
    RejectedTransfer,
)


def test_the_debtor_issues_to_its_limit_and_no_further(open_bench: Any) -> None:
    bench = open_bench(issued=1000)
    bench.open_accounts(alice=600)
    assert bench.principal(ROOT) == -600
    issuing = {"coordinator_type": "issuing", "coordinator_id": 1}
    refused = bench.one(
        RejectedTransfer, bench.send(bench.prepare(ROOT, ALICE, most=401, **issuing))
    )
    assert refused.status_code == "INSUFFICIENT_AVAILABLE_AMOUNT"
    prepared = bench.one(
        PreparedTransfer, bench.send(bench.prepare(ROOT, ALICE, most=400, **issuing))
    )
    bench.send(bench.finalize(prepared, 400))
    assert bench.principal(ROOT) == -1000


def test_without_a_limit_nothing_is_issued(open_bench: Any) -> None:
    bench = open_bench(issued=0)
    bench.open_accounts(alice=0)
    asked = bench.prepare(ROOT, ALICE, most=1)
    assert bench.one(RejectedTransfer, bench.send(asked))


def test_money_that_returns_to_the_debtor_is_destroyed(open_bench: Any) -> None:
    bench = open_bench(issued=1000)
    bench.open_accounts(alice=1000)
    bench.send(bench.configure(ROOT, config_flags=1, seqnum=2))  # it takes money even so
    bench.pay(ALICE, ROOT, 1000)
    assert bench.books() == {ROOT: (0, 0), ALICE: (0, 0)}


def test_a_lower_limit_takes_nothing_back(open_bench: Any) -> None:
    bench = open_bench(issued=1000)
    bench.open_accounts(alice=600)
    bench.wait(1)
    bench.send(bench.configure(ROOT, negligible_amount=Decimal(600)))
    assert bench.available(ROOT) == 0


def test_the_root_account_has_no_interest_and_hears_of_no_transfer(open_bench: Any) -> None:
    bench: AccountsBench = open_bench(interest_rate_ppm=100_000)
    bench.open_accounts(alice=1000)
    bench.wait(YEAR_MS)
    bench.keep_up()
    assert bench.account(ROOT).interest_nano == 0
    assert {event.creditor_id for event in bench.all_heard(AccountTransfer)} == {ALICE}
