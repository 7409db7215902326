"""Accounts are opened and configured by messages that may come late, twice, and in any order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_bench import ALICE, BOB, AccountsBench
from disbursement.accounts.client.known import on_purge, on_update
from disbursement.accounts.protocol.limits import (
    CONFIG_DELAY_MAX_MS,
    DAY_MS,
    HEARTBEAT_MS,
    INT32_MAX,
    INT32_MIN,
    ROOT,
    UPDATE_GAP_MS,
    UPDATE_TTL_S,
)
from disbursement.accounts.protocol.messages import (
    AccountPurge,
    AccountUpdate,
    PreparedTransfer,
    RejectedConfig,
)
from disbursement.accounts.protocol.models import CreditorAccount
from disbursement.accounts.protocol.order import (
    is_later_number,
    moment,
    moment_of_us,
    next_number,
)


def test_a_creditor_has_one_account_with_a_debtor(bench: AccountsBench) -> None:
    bench.send(bench.configure(), bench.configure(seqnum=2), bench.configure(BOB))
    held = sorted(account.creditor_id for account in bench.rows(CreditorAccount))
    assert held == [ROOT, ALICE, BOB]


@pytest.mark.parametrize("creditor_id", [1, 2**32 - 1])
def test_reserved_creditor_ids_get_no_account(bench: AccountsBench, creditor_id: int) -> None:
    refusal = bench.one(RejectedConfig, bench.send(bench.configure(creditor_id)))
    assert refusal.rejection_code == "RESERVED_CREDITOR_ID"


@pytest.mark.parametrize("creditor_id", [-1, -(2**63), 2**32, 2**63 - 1])
def test_every_other_creditor_id_may_have_one(bench: AccountsBench, creditor_id: int) -> None:
    told = bench.one(AccountUpdate, bench.send(bench.configure(creditor_id)))
    assert told.account_id == str(creditor_id)


def test_the_later_configuration_stands_whatever_order_they_come_in(bench: AccountsBench) -> None:
    second = timedelta(seconds=1)
    old, new = bench.configure(config_data="old", seqnum=9), bench.configure(config_data="new")
    new = new.model_copy(update={"ts": old.ts + second})
    assert bench.one(AccountUpdate, bench.send(new)).config_data == "new"
    assert bench.send(old) == []
    assert bench.send(new) == []  # the same again
    assert bench.account(ALICE).config_data == "new"


def test_at_the_same_time_the_number_decides_also_where_it_wraps(bench: AccountsBench) -> None:
    last, wrapped = bench.configure(seqnum=INT32_MAX), bench.configure(seqnum=INT32_MIN)
    bench.send(last)
    assert bench.one(AccountUpdate, bench.send(wrapped)).last_config_seqnum == INT32_MIN
    assert bench.send(last) == []


@given(number=st.integers(INT32_MIN, INT32_MAX), steps=st.integers(1, 1000))
def test_a_number_is_later_than_those_before_it(number: int, steps: int) -> None:
    later = number
    for _ in range(steps):
        later = next_number(later)
        assert INT32_MIN <= later <= INT32_MAX
    assert is_later_number(later, number)
    assert not is_later_number(number, later)
    assert not is_later_number(number, number)


def test_times_are_compared_and_told_to_their_last_digit(bench: AccountsBench) -> None:
    at = moment(bench.now_ms) + timedelta(microseconds=7)
    told = bench.one(AccountUpdate, bench.send(bench.configure(ts=at)))
    assert told.last_config_ts == at
    later = bench.configure(ts=at + timedelta(microseconds=1), seqnum=-5)
    assert bench.one(AccountUpdate, bench.send(later)).last_config_seqnum == -5


def test_a_message_that_wandered_too_long_opens_no_account(bench: AccountsBench) -> None:
    sent = bench.configure()
    bench.wait(CONFIG_DELAY_MAX_MS + 1)
    assert bench.send(sent) == []
    assert bench.account(ALICE) is None


def test_a_week_is_not_too_long(bench: AccountsBench) -> None:
    sent = bench.configure()
    bench.wait(7 * DAY_MS)
    bench.one(AccountUpdate, bench.send(sent))


def test_an_account_may_be_scheduled_for_deletion_from_its_first_day(bench: AccountsBench) -> None:
    told = bench.one(AccountUpdate, bench.send(bench.configure(config_flags=1)))
    assert told.config_flags == 1


def test_a_new_account_is_empty_and_its_update_tells_everything(bench: AccountsBench) -> None:
    asked = bench.configure(
        config_data="x", negligible_amount=Decimal("2.5"), config_flags=1 << 17, seqnum=-3
    )
    told = bench.one(AccountUpdate, bench.send(asked))
    assert told == AccountUpdate(
        debtor_id=bench.debtor_id,
        creditor_id=ALICE,
        creation_date=moment(bench.now_ms).date(),
        last_change_ts=moment(bench.now_ms),
        last_change_seqnum=1,
        principal=0,
        overflown=False,
        interest=Decimal(0),
        interest_rate=Decimal(0),
        last_interest_rate_change_ts=datetime(1970, 1, 1, tzinfo=UTC),
        last_config_ts=asked.ts,
        last_config_seqnum=-3,
        negligible_amount=Decimal("2.5"),
        config_flags=1 << 17,
        config_data="x",
        account_id=str(ALICE),
        debtor_info_iri="",
        debtor_info_content_type="",
        debtor_info_sha256="",
        last_transfer_number=0,
        last_transfer_committed_at=datetime(1970, 1, 1, tzinfo=UTC),
        demurrage_rate=Decimal(0),
        commit_period=30 * 24 * 3600,
        transfer_note_max_bytes=500,
        ts=moment(bench.now_ms),
        ttl=UPDATE_TTL_S,
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"debtor_id": -77}, "NO_CONNECTION_TO_DEBTOR"),
        ({"negligible_amount": Decimal("-0.1")}, "INVALID_NEGLIGIBLE_AMOUNT"),
        ({"config_data": "\u00e9" * 1000 + "x"}, "CONFIG_DATA_IS_TOO_LONG"),  # 2,001 bytes
    ],
)
def test_what_cannot_be_applied_is_told_with_a_code(
    bench: AccountsBench, changes: dict[str, object], code: str
) -> None:
    asked = bench.configure(**changes)
    bench.debtor_id, own = asked.debtor_id, bench.debtor_id
    refusal = bench.one(RejectedConfig, bench.send(asked))
    assert (refusal.rejection_code, refusal.config_ts) == (code, asked.ts)
    assert (refusal.config_seqnum, refusal.config_data) == (asked.seqnum, asked.config_data)
    bench.debtor_id = own
    assert bench.account(ALICE) is None


@pytest.mark.parametrize("text", ["", "\u00e9" * 1000])
def test_config_data_up_to_its_limit_is_taken(bench: AccountsBench, text: str) -> None:
    told = bench.one(AccountUpdate, bench.send(bench.configure(config_data=text)))
    assert told.config_data == text


def test_the_public_name_of_an_account_stays_and_finds_it(bench: AccountsBench) -> None:
    bench.open_accounts(alice=100, bob=0)
    bench.send(bench.configure(seqnum=2, config_data="changed"))
    names = {
        told.account_id for told in bench.all_heard(AccountUpdate) if told.creditor_id == ALICE
    }
    (name,) = names
    assert name.isascii()
    assert 0 < len(name) <= 100
    assert isinstance(bench.lock(BOB, ALICE, most=0, recipient=name), PreparedTransfer)


def test_updates_are_gathered_and_the_last_state_is_told_within_the_hour(
    bench: AccountsBench,
) -> None:
    bench.open_accounts(alice=100, bob=1)
    bench.wait(UPDATE_GAP_MS)
    bench.keep_up()
    for amount in (10, 20, 30):
        told = bench.pay(ALICE, BOB, amount)
        assert [message for message in told if isinstance(message, AccountUpdate)] == []
    bench.wait(UPDATE_GAP_MS)
    told = {m.creditor_id: m.principal for m in bench.keep_up() if isinstance(m, AccountUpdate)}
    assert (told[ALICE], told[BOB]) == (40, 61)
    assert bench.keep_up() == []


def test_a_quiet_account_repeats_its_last_update_as_a_heartbeat(bench: AccountsBench) -> None:
    first = bench.one(AccountUpdate, bench.send(bench.configure()))
    bench.wait(HEARTBEAT_MS)
    told = [m for m in bench.keep_up() if m.creditor_id == ALICE]
    assert told == [first.model_copy(update={"ts": moment(bench.now_ms)})]


@given(order=st.permutations(range(6)), doubled=st.lists(st.integers(0, 5), max_size=4))
def test_a_client_believes_the_latest_update_in_any_order(
    order: list[int], doubled: list[int]
) -> None:
    at = moment_of_us(1_800_000_000_000_000)
    changes = [
        (at.date(), at, INT32_MAX - 1),
        (at.date(), at, INT32_MAX),
        (at.date(), at, INT32_MIN),
        (at.date(), at + timedelta(seconds=1), 0),
        (at.date() + timedelta(days=1), at, 1),
        (at.date() + timedelta(days=1), at, 2),
    ]
    updates = [update(at, date, ts, number) for date, ts, number in changes]
    known = None
    for number in [*order, *doubled]:
        known = on_update(known, updates[number], at)
    assert known == updates[-1]


def test_a_client_does_not_believe_an_update_whose_time_is_over() -> None:
    at = moment_of_us(1_800_000_000_000_000)
    told = update(at, at.date(), at, 1)
    assert on_update(None, told, at + timedelta(seconds=told.ttl)) == told
    assert on_update(None, told, at + timedelta(seconds=told.ttl + 1)) is None


def test_a_client_forgets_the_life_that_was_purged_and_no_later_one() -> None:
    at = moment_of_us(1_800_000_000_000_000)
    known = update(at, at.date(), at, 1)
    purge = AccountPurge(debtor_id=1, creditor_id=ALICE, creation_date=at.date(), ts=at)
    earlier = purge.model_copy(update={"creation_date": at.date() - timedelta(days=1)})
    assert on_purge(known, earlier) == known
    assert on_purge(known, purge) is None


def update(at: datetime, date: object, change: datetime, number: int) -> AccountUpdate:
    return AccountUpdate(
        debtor_id=1,
        creditor_id=ALICE,
        creation_date=date,
        last_change_ts=change,
        last_change_seqnum=number,
        principal=0,
        overflown=False,
        interest=0,
        interest_rate=0,
        last_interest_rate_change_ts=at,
        last_config_ts=at,
        last_config_seqnum=0,
        negligible_amount=0,
        config_flags=0,
        config_data="",
        account_id="1",
        debtor_info_iri="",
        debtor_info_content_type="",
        debtor_info_sha256="",
        last_transfer_number=0,
        last_transfer_committed_at=at,
        demurrage_rate=0,
        commit_period=0,
        transfer_note_max_bytes=0,
        ts=at,
        ttl=100,
    )
