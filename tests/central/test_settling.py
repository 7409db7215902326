"""A payout settled by hand is never paid, and one that is signed is never settled: whoever comes first, whatever comes after."""

import hashlib
import itertools
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disbursement.balances import open_bills
from disbursement.cases import case_lines
from disbursement.commands import main
from disbursement.config import RequestSection, SaleSection
from disbursement.errors import NotOpen, WalletRefused
from disbursement.matters import open_matters, settle
from disbursement.requests.following import follow_transfers
from disbursement.requests.request import CryptoDisburseRequest
from disbursement.sales import payments, payouts
from disbursement.sales.approvals import _approve
from disbursement.sales.dead_payments import bury_dead
from disbursement.sales.models import Payout, Settlement, TransferRow
from disbursement.sales.payments import FINAL_CONFIRMATIONS
from disbursement.sales.transfers import TransferMoved
from disbursement.sales.unheard import _complete
from disbursement.wallets.models import PracticePayment
from disbursement.wallets.practice import PracticeWallet
from disbursement.wallets.wallet import Coin, Outpoint, SignedPayment, Spender

APPROVED_FROM_MINOR = 20_000
HOUR_MS = 3_600_000
DEADLINE_S = 20
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
OTHER_ADDRESS = "bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry"
COIN = Coin(Outpoint("a" * 64, 0), 10**7)
fresh = itertools.count(1)


@pytest.fixture
def central(open_central: Any, tmp_path: Path) -> Any:
    rules = SaleSection(approve_above_minor=APPROVED_FROM_MINOR)
    return open_central(tmp_path, rules=rules)


def begun(kiosk: Any, name: str, cash_minor: int, **changes: Any) -> str:
    kiosk.happened("session_started", name, claim_code="ABCD-EFGH", language="en")
    assert kiosk.quote(name).status_code == 200
    assert kiosk.prepare(name, **changes).status_code == 200
    kiosk.credited(cash_minor, name)
    assert kiosk.report(*kiosk.events[-2:]).status_code == 200
    return f"transfer-{name}"


def finalized(kiosk: Any, name: str = "1", cash_minor: int = 2_000, **changes: Any) -> str:
    transfer_id = begun(kiosk, name, cash_minor, **changes)
    kiosk.finalized(cash_minor, name)
    assert kiosk.report().status_code == 200
    return transfer_id


def by_hand(central: Any, transfer_id: str = "transfer-1") -> Any:
    return central.house.db.run(lambda s: settle(central.house, s, transfer_id, "cash back, Ann"))


def state(central: Any, transfer_id: str) -> str:
    row = central.house.db.run(lambda s: s.get_one(TransferRow, transfer_id))
    return str(row.state)


def refuse(*_args: Any) -> None:
    raise WalletRefused("dust")


def test_what_waits_for_approval_is_settled_and_its_funds_are_free_again(
    central: Any, kiosk: Any
) -> None:
    before = central.balances()
    finalized(kiosk, cash_minor=APPROVED_FROM_MINOR)
    assert central.balances()["in_flight"] > 0
    told = by_hand(central)
    assert told.text == (
        "kiosk kiosk-1, claim code ABCD-EFGH: 200.00 USD credited, not paid as coins: "
        "settled by hand: cash back, Ann"
    )
    assert central.balances() == before
    kiosk.report()  # once more
    central.work()
    payouts.resume_all(central.house)
    central.work()
    assert (kiosk.transfer().json()["state"], central.payments()) == ("refund_due", [])
    house = central.house
    assert house.db.run(lambda s: open_matters(s, house.rules, central.clock())) == []
    assert house.db.run(open_bills) == []
    lines = house.db.run(lambda s: case_lines(s, house.rules, "abcdefgh", central.clock()))
    assert lines[-2].startswith("  settled by hand: transfer-1 on ")
    assert lines[-1] == "  nothing of it is open"
    central.demand_sound_books()


def test_what_the_wallet_refuses_is_settled_and_never_tried_again(
    central: Any, kiosk: Any
) -> None:
    finalized(kiosk)
    with mock.patch.object(PracticeWallet, "sign", refuse):
        central.work()
    house = central.house
    [matter] = house.db.run(lambda s: open_matters(s, house.rules, central.clock()))
    assert (matter.name, matter.by_hand) == ("transfer-1", True)
    assert matter.text == (
        "tried again by itself, 1 failed so far: dust; or `central settle transfer-1 --note ...` ends it unpaid"
    )
    by_hand(central)
    central.clock.ms += payouts.OVERDUE_S * 2_000
    central.work()
    central.work()
    assert (central.payments(), central.queue.ordered) == ([], [])
    central.demand_sound_books()


def test_a_signed_payout_is_not_settled_and_the_words_say_why(central: Any, kiosk: Any) -> None:
    finalized(kiosk)
    with mock.patch.object(PracticeWallet, "broadcast", refuse):
        central.work()
    with pytest.raises(NotOpen, match="is signed and may be on its way"):
        by_hand(central)
    central.work()
    with pytest.raises(NotOpen, match="it is paid, in transaction"):
        by_hand(central)
    assert (len(central.payments()), central.all(Settlement)) == (1, [])


def test_settled_between_reserving_and_signing_it_leaves_the_others_to_be_paid(
    central: Any, kiosk: Any
) -> None:
    """Three in one transaction: of one the customer has the cash back meanwhile."""
    house = replace(central.house, wallet=replace(central.house.wallet, outputs_max=10))
    first, second = finalized(kiosk, "1"), finalized(kiosk, "2", address=OTHER_ADDRESS)
    order = house.db.run(lambda s: payments.reserve(house, s, first, [COIN], 0))
    assert len(order.outputs) == 2
    by_hand(central, first)
    signed = PracticeWallet.sign(house.wallet, replace(order, outputs=order.outputs[:1]))
    with pytest.raises(TransferMoved):
        house.db.run(lambda s: payments.store(house, s, order, signed))
    for _ in range(2):
        central.work()
    assert (state(central, first), state(central, second)) == ("refund_due", "confirmed")
    assert len(central.payments()) == 1
    central.demand_sound_books()


def test_a_late_bill_of_a_settled_payout_is_a_matter_of_its_own(central: Any, kiosk: Any) -> None:
    finalized(kiosk)
    by_hand(central)
    late = kiosk.credited(5_000)
    kiosk.report()
    house = central.house
    [matter] = house.db.run(lambda s: open_matters(s, house.rules, central.clock()))
    assert matter.name == f"kiosk-1/{late['seq']}"
    assert "was credited after the transfer was settled by hand" in matter.text


def test_a_request_whose_payout_is_settled_is_denied(central: Any) -> None:
    house = replace(central.house, requests=RequestSection(max_amount=Decimal(1)))
    with mock.patch.object(PracticeWallet, "sign", refuse):
        request = CryptoDisburseRequest.submit(
            house,
            requested_by="anna",
            requesting_app="test",
            purpose="order 17",
            amount=Decimal("0.001"),
            crypto_currency="BTC",
            crypto_address=OTHER_ADDRESS,
            request_id="otc-17",
        )
        request.approve(by="ben", note="as agreed")
        request.send_to_node()
        central.work()
    told = by_hand(central, "request:otc-17")
    assert told.text.startswith(f"0.00100000 BTC to {OTHER_ADDRESS}, asked by anna for 'order 17'")
    follow_transfers(house)
    denied = request.latest()
    assert (denied.state, denied.version.note) == ("denied", "settled by hand: cash back, Ann")
    denied.send_to_node()
    central.work()
    assert central.payments() == []
    central.demand_sound_books()


# --- who comes first: both orders, with a transaction of the first open while the second begins


@contextmanager
def uncommitted(central: Any, work: Callable[[Any], Any]) -> Iterator[Callable[..., Future[Any]]]:
    """`work` is done and not committed until the block ends; meanwhile a rival runs into its locks."""
    db = central.house.db
    with ThreadPoolExecutor() as pool:

        def start(rival: Callable[[Any], Any]) -> Future[Any]:
            started = pool.submit(db.run, rival)
            give_up_s = time.monotonic() + DEADLINE_S
            while db.is_postgres and not started.done() and time.monotonic() < give_up_s:
                with db.engine.connect() as watcher:
                    if watcher.exec_driver_sql(BLOCKED).scalar_one():
                        break
                time.sleep(0.01)
            return started  # SQLite lets no second writer begin

        with db.begin() as session:
            work(session)
            yield start


def overlapped(central: Any, first: Callable[[Any], Any], second: Callable[[Any], Any]) -> Any:
    """What the second says, as an exception or a result."""
    with uncommitted(central, first) as start:
        ran = start(second)
    return ran.exception(DEADLINE_S) or ran.result()


def the_settling(central: Any) -> Callable[[Any], Any]:
    return lambda s: settle(central.house, s, "transfer-1", "cash back, Ann")


def the_approving(central: Any) -> Callable[[Any], Any]:
    return lambda s: _approve(central.house, s, "transfer-1", "called Ann")


@pytest.mark.parametrize("order", ["settled first", "approved first"])
def test_approved_and_settled_at_once_it_is_settled(central: Any, kiosk: Any, order: str) -> None:
    finalized(kiosk, cash_minor=APPROVED_FROM_MINOR)
    settling, approving = the_settling(central), the_approving(central)
    if order == "settled first":
        assert isinstance(overlapped(central, settling, approving), NotOpen)
    else:
        assert overlapped(central, approving, settling).name == "transfer-1"
    central.work()
    assert (state(central, "transfer-1"), central.payments()) == ("refund_due", [])
    central.demand_sound_books()


def test_two_operators_at_once_settle_it_once(central: Any, kiosk: Any) -> None:
    finalized(kiosk)
    late = overlapped(central, the_settling(central), the_settling(central))
    assert isinstance(late, NotOpen)
    assert "was settled already" in str(late)
    assert len(central.all(Settlement)) == 1
    central.demand_sound_books()


@pytest.mark.parametrize("order", ["settled first", "stored first"])
def test_settled_or_signed_by_who_is_first(central: Any, kiosk: Any, order: str) -> None:
    house, transfer_id = central.house, finalized(kiosk)
    reserved = house.db.run(lambda s: payments.reserve(house, s, transfer_id, [COIN], 0))
    signed = house.wallet.sign(reserved)

    def store(session: Any) -> None:
        payments.store(house, session, reserved, signed)

    if order == "settled first":
        assert isinstance(overlapped(central, the_settling(central), store), TransferMoved)
    else:
        assert isinstance(overlapped(central, store, the_settling(central)), NotOpen)
    central.work()
    was_settled = order == "settled first"
    assert state(central, transfer_id) == ("refund_due" if was_settled else "confirmed")
    assert len(central.payments()) == (0 if was_settled else 1)
    central.demand_sound_books()


@pytest.mark.parametrize("order", ["settled first", "completed first"])
def test_a_silent_kiosks_sale_is_settled_once_it_is_completed_and_not_before(
    central: Any, kiosk: Any, order: str
) -> None:
    begun(kiosk, "1", 2_000)
    central.clock.ms += (central.house.rules.complete_after_hours + 1) * HOUR_MS

    def complete(session: Any) -> None:
        _complete(central.house, "transfer-1", session)

    if order == "completed first":
        assert overlapped(central, complete, the_settling(central)).name == "transfer-1"
    else:
        with pytest.raises(NotOpen, match="central finalize transfer-1"):
            by_hand(central)
        central.house.db.run(complete)
    central.work()
    assert len(central.payments()) == (0 if order == "completed first" else 1)
    kiosk.finalized(2_000)  # the kiosk is back, and says the same
    kiosk.report()
    central.work()
    assert len(central.payments()) == (0 if order == "completed first" else 1)
    central.demand_sound_books()


# --- any order


class Die(BaseException):
    """The process ends here."""


def die(*_args: Any) -> None:
    raise Die


def signed_anew(_wallet: PracticeWallet, order: Any) -> SignedPayment:
    """As a node does: other coins are another transaction."""
    [output] = order.outputs
    told = {"practice": output.transfer_id, "address": output.address, "amount": output.amount}
    raw = json.dumps(told | {"payment": order.payment_id}).encode()
    return SignedPayment(raw.hex(), hashlib.sha256(raw).hexdigest(), fee=0, change_address=None)


class Life:
    """One sale, and whoever wants something of it, in any order."""

    def __init__(self, central: Any, kiosk: Any, cash_minor: int) -> None:
        self.central, self.kiosk, self.cash_minor = central, kiosk, cash_minor
        self.name = str(next(fresh))
        self.transfer_id = begun(kiosk, self.name, cash_minor)
        self.slow: list[tuple[Any, Any]] = []  # reserved and signed by a worker that is not done

    def happen(self, what: str) -> None:
        self.central.clock.ms += 1  # nobody approves twice within a millisecond
        with suppress(NotOpen, TransferMoved, WalletRefused, Die):
            getattr(self, what.replace(" ", "_"))()
        self.check()

    def finalize(self) -> None:
        self.report(self.kiosk.finalized(self.cash_minor, self.name))

    def finalize_otherwise(self) -> None:
        self.report(self.kiosk.finalized(self.cash_minor + 100, self.name))

    def late_bill(self) -> None:
        self.report(self.kiosk.credited(100, self.name))

    def report(self, event: Any) -> None:
        assert self.kiosk.report(event).status_code == 200

    def attempt(self) -> None:
        payout = self.central.house.db.run(lambda s: s.get(Payout, self.transfer_id))
        if payout is not None:
            payouts.attempt(self.central.house, self.transfer_id, payout.attempts + 1)

    def die_signing(self) -> None:
        with mock.patch.object(PracticeWallet, "sign", die):
            self.attempt()

    def die_sending(self) -> None:
        with mock.patch.object(PracticeWallet, "broadcast", die):
            self.attempt()

    def reserve_slowly(self) -> None:
        house = self.central.house
        coin = Coin(Outpoint(f"{next(fresh):064}", 0), 10**7)
        order = house.db.run(lambda s: payments.reserve(house, s, self.transfer_id, [coin], 0))
        self.slow.append((order, house.wallet.sign(order)))

    def store_at_last(self) -> None:
        house = self.central.house
        if self.slow:
            order, signed = self.slow.pop()
            house.db.run(lambda s: payments.store(house, s, order, signed))

    def lose_its_coin(self) -> None:
        """Nobody has seen the bytes, and somebody spends the coin by hand, for good."""
        row = self.central.house.db.run(lambda s: s.get_one(TransferRow, self.transfer_id))
        if row.state == "signed" and not self.paid():
            found = Spender("f" * 64, FINAL_CONFIRMATIONS, frozenset(), self.chance_pays(row))
            with mock.patch.object(PracticeWallet, "spender", return_value=found):
                bury_dead(self.central.house)
            assert state(self.central, self.transfer_id) == "finalized"

    def chance_pays(self, row: Any) -> frozenset[str]:
        return frozenset([row.address] if len(self.kiosk.events) % 2 else [])

    def restart(self) -> None:
        payouts.resume_all(self.central.house)

    def work(self) -> None:
        self.central.work()

    def approve(self) -> None:
        house = self.central.house
        house.db.run(lambda s: _approve(house, s, self.transfer_id, "yes"))

    def settle(self) -> None:
        by_hand(self.central, self.transfer_id)

    def check(self) -> None:
        house = self.central.house
        times = len(self.paid())
        settled = house.db.run(lambda s: s.get(Settlement, self.transfer_id)) is not None
        assert times + settled <= 1
        assert not settled or state(self.central, self.transfer_id) == "refund_due"

    def paid(self) -> list[str]:
        """The bytes of each payment of it that the network took."""
        sent = {p.txid for p in self.central.all(PracticePayment)}
        versions = self.central.all(payments.PaymentVersion)
        raws = [bytes.fromhex(v.raw).decode() for v in versions if v.txid in sent]
        return [raw for raw in raws if json.loads(raw)["practice"] == self.transfer_id]


ACTS = ("finalize", "finalize otherwise", "late bill", "attempt", "die signing", "die sending")
ACTS += (
    "die sending",
    "lose its coin",
    "lose its coin",
    "reserve slowly",
    "store at last",
    "restart",
    "work",
    "approve",
    "settle",
    "settle",
)


LIVES = {
    "cash_minor": st.sampled_from([2_000, APPROVED_FROM_MINOR]),
    "acts": st.lists(st.sampled_from(ACTS), min_size=2, max_size=12),
}
QUICKLY = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUICKLY
@given(**LIVES)
def test_in_any_order_it_is_paid_or_settled_and_never_both(
    central: Any, kiosk: Any, cash_minor: int, acts: list[str]
) -> None:
    live(central, kiosk, cash_minor, acts)


@pytest.mark.slow
@settings(QUICKLY, max_examples=150)
@given(**LIVES)
def test_in_many_orders_it_is_paid_or_settled_and_never_both(
    central: Any, kiosk: Any, cash_minor: int, acts: list[str]
) -> None:
    live(central, kiosk, cash_minor, acts)


def live(central: Any, kiosk: Any, cash_minor: int, acts: list[str]) -> None:
    life = Life(central, kiosk, cash_minor)
    with mock.patch.object(PracticeWallet, "sign", signed_anew):
        for act in ["finalize", *acts, "approve", "work", "work", "work"]:
            life.happen(act)
    assert state(central, life.transfer_id) in ("confirmed", "refund_due")
    central.demand_sound_books()


def test_by_the_command(central: Any, kiosk: Any, tmp_path: Path) -> None:
    finalized(kiosk, cash_minor=APPROVED_FROM_MINOR)
    words = ["transfer-1", "--data-dir", str(tmp_path), "--note", "200 USD in cash, Ann"]
    told = CliRunner().invoke(main, ["settle", *words])
    assert told.output == (
        "Settled by hand: transfer-1  kiosk kiosk-1, claim code ABCD-EFGH: 200.00 USD credited, "
        "not paid as coins: settled by hand: 200 USD in cash, Ann\n"
    )
    refused = CliRunner().invoke(main, ["approve", *words])
    assert refused.exit_code == 1
    assert "no payout 'transfer-1' waits for approval" in refused.output
    central.demand_sound_books()
