"""What needs a person is listed with amount, kiosk and claim code, until a person closes it for good."""

import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from disbursement.commands import main
from disbursement.errors import NotOpen, WalletUnavailable
from disbursement.kiosks.models import InboxEvent
from disbursement.matters import open_matters, settle
from disbursement.sales.models import Settlement, TransferChange
from disbursement.sales.unheard import UNHEARD_HOURS, finalize_by_hand
from disbursement.status import status_lines
from kiosk_wire.pricing import coin_amount, price_with_markup

DEADLINE_S = 30
HOUR_MS = 3_600_000
KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"  # RFC 8032, 7.1, test 1
ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"


def listed(central: Any) -> dict[str, str]:
    house = central.house
    found = house.db.run(lambda s: open_matters(s, house.rules, central.clock()))
    return {matter.name: matter.text for matter in found}


def settle_by_hand(central: Any, name: str, note: str = "paid back in cash") -> None:
    house = central.house
    house.db.run(lambda s: settle(house, s, name, note))


def start(kiosk: Any, name: str = "1", code: str = "ABCD-EFGH") -> None:
    kiosk.happened("session_started", name, claim_code=code, language="en")
    assert kiosk.quote(name).status_code == 200
    assert kiosk.prepare(name).status_code == 200


def disputed(kiosk: Any, **changes: Any) -> None:
    body = {"bill_id": "bill-0001", "value_minor": 10_000, "currency": "USD"}
    kiosk.happened("bill_disputed", **(body | {"reason": "to be stacked; jam"} | changes))


def demand_report(kiosk: Any) -> None:
    answer = kiosk.report()
    assert answer.json() == {"through_seq": len(kiosk.events)}, answer.text


def locked(central: Any) -> int:
    return central.locked()


def test_disputed_and_unattributed_bills_are_listed_with_their_claim_code(
    central: Any, kiosk: Any
) -> None:
    start(kiosk)
    disputed(kiosk)
    bill = {"bill_id": "bill-0002", "value_minor": 5_000, "currency": "USD"}
    kiosk.happened("bill_unattributed", **bill)
    kiosk.happened("bill_unattributed", **(bill | {"bill_id": "bill-0003", "value_minor": None}))
    demand_report(kiosk)
    who = "kiosk kiosk-1, claim code ABCD-EFGH"
    in_cashbox = "is in the cashbox and belongs to no sale"
    assert listed(central) == {
        "kiosk-1/2": f"{who}: bill bill-0001 of 100.00 USD is disputed: to be stacked; jam",
        "kiosk-1/3": f"{who}: bill bill-0002 of 50.00 USD {in_cashbox}",
        "kiosk-1/4": f"{who}: bill bill-0003 of unknown value in USD {in_cashbox}",
    }
    lines = central.house.db.run(lambda s: status_lines(s, central.house.rules, central.clock()))
    assert f"  kiosk-1/3  {listed(central)['kiosk-1/3']}" in lines


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("disputed-bill-found", "the acceptor says now that it is in the cashbox"),
        ("disputed-bill-returned", "it went back to the customer: do not refund it again"),
    ],
)
def test_what_is_heard_later_of_a_disputed_bill_names_the_customer_who_lost_it(
    central: Any, kiosk: Any, code: str, told: str
) -> None:
    """The device may speak of it in the next customer's session."""
    start(kiosk)
    disputed(kiosk)
    kiosk.happened("session_started", "2", claim_code="WXYZ-WXYZ", language="en")
    kiosk.happened("fault_raised", "2", code=code, detail="bill-0001")
    kiosk.happened("fault_raised", "2", code=code, detail="bill-0009")
    demand_report(kiosk)
    found = listed(central)
    lost = "claim code ABCD-EFGH: bill bill-0001 of 100.00 USD is disputed: to be stacked; jam"
    assert found["kiosk-1/4"] == f"kiosk kiosk-1, {lost}; {told}"
    unknown = "claim code unknown: bill bill-0009 was not reported as disputed"
    assert found["kiosk-1/5"] == f"kiosk kiosk-1, {unknown}; {told}"


def test_faults_of_devices_need_nobody_here(central: Any, kiosk: Any) -> None:
    kiosk.happened("fault_raised", code="printer-paper-end")  # as a kiosk's health tells it
    kiosk.happened("fault_raised", code="acceptor-jam", detail="stacker")
    demand_report(kiosk)
    assert listed(central) == {}


def test_a_doubt_that_cannot_be_read_is_listed_as_well(central: Any, kiosk: Any) -> None:
    kiosk.happened("session_started", claim_code=17)
    disputed(kiosk, value_minor="100.00")
    kiosk.happened("fault_raised", code=3, detail="bill-0001")
    kiosk.happened("fault_raised", code="disputed-bill-found", detail="bill-0001")
    demand_report(kiosk)
    found = listed(central)
    assert list(found) == ["kiosk-1/1", "kiosk-1/2", "kiosk-1/3", "kiosk-1/4"]
    assert all("claim code unknown: " in text for text in found.values())
    *malformed, heard_later = found.values()
    assert all("malformed body" in text for text in malformed)
    assert heard_later.endswith("in the cashbox")


def test_a_refund_is_listed_once_and_with_its_claim_code(central: Any, kiosk: Any) -> None:
    start(kiosk)
    kiosk.credited(2_000)
    kiosk.credited(2_000, currency="MXN")
    kiosk.finalized(5_000)
    start(kiosk, "2", "WXYZ-WXYZ")
    kiosk.credited(2_000, "2")
    kiosk.finalized(5_000, "2")
    demand_report(kiosk)
    assert listed(central) == {
        "transfer-1": "kiosk kiosk-1, claim code ABCD-EFGH: 2000 minor units of MXN and 20.00 USD "
        "credited, not paid as coins: bills of another currency than USD",
        "transfer-2": "kiosk kiosk-1, claim code WXYZ-WXYZ: 20.00 USD "
        "credited, not paid as coins: 50.00 USD claimed, but bills of 20.00 USD credited",
    }


def test_settled_by_hand_is_kept_and_beats_every_replay(central: Any, kiosk: Any) -> None:
    start(kiosk)
    disputed(kiosk)
    kiosk.credited(2_000)
    kiosk.finalized(0)
    demand_report(kiosk)
    assert set(listed(central)) == {"kiosk-1/2", "transfer-1"}
    settle_by_hand(central, "transfer-1", "20 USD in cash, Ann")
    central.clock.ms += 1
    settle_by_hand(central, "kiosk-1/2", "100 USD in cash, Ann")
    assert listed(central) == {}
    demand_report(kiosk)  # the same events again
    kiosk.finalized(0)  # and the same end under a new number
    demand_report(kiosk)
    central.work()
    assert listed(central) == {}
    assert (central.payments(), locked(central)) == ([], 0)
    assert kiosk.transfer().json()["state"] == "refund_due"
    assert [(done.name, done.at_ms, done.note) for done in central.all(Settlement)] == [
        ("kiosk-1/2", central.clock(), "100 USD in cash, Ann"),
        ("transfer-1", central.clock() - 1, "20 USD in cash, Ann"),
    ]
    central.demand_sound_books()


def test_cash_that_comes_after_the_settlement_is_a_matter_of_its_own(
    central: Any, kiosk: Any
) -> None:
    start(kiosk)
    kiosk.credited(2_000)
    kiosk.finalized(0)
    demand_report(kiosk)
    settle_by_hand(central, "transfer-1")
    kiosk.credited(5_000, bill_id="bill-0009")
    kiosk.finalized(7_000)
    demand_report(kiosk)
    late, other_end = listed(central).values()
    assert late.endswith("bill bill-0009 was credited after the transfer was settled by hand")
    assert other_end.endswith("finalized for 70.00 USD after it was for 0.00 USD")


def test_what_is_not_open_cannot_be_settled(central: Any, kiosk: Any) -> None:
    disputed(kiosk)
    demand_report(kiosk)
    settle_by_hand(central, "kiosk-1/1", "100 USD in cash, Ann")
    with pytest.raises(NotOpen, match=r"settled already, on 2025-11-20 .*: 100 USD in cash, Ann"):
        settle_by_hand(central, "kiosk-1/1", "once more")
    with pytest.raises(NotOpen, match="nothing called 'transfer-1'"):
        settle_by_hand(central, "transfer-1")
    start(kiosk)
    central.clock.ms += (UNHEARD_HOURS + 1) * HOUR_MS
    with pytest.raises(NotOpen, match=r"cannot be settled by hand: .*central finalize transfer-1"):
        settle_by_hand(central, "transfer-1")


def test_a_payout_that_is_still_tried_cannot_be_settled_as_well(
    central: Any, kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any) -> None:
        raise WalletUnavailable("no answer from the node")

    monkeypatch.setattr(type(central.house.wallet), "broadcast", away)
    start(kiosk)
    kiosk.credited(2_000)
    kiosk.finalized(2_000)
    demand_report(kiosk)
    central.work()
    assert listed(central) == {
        "transfer-1": "tried again by itself, 1 failed so far: no answer from the node"
    }
    with pytest.raises(NotOpen, match="is signed and may be on its way"):
        settle_by_hand(central, "transfer-1")


def silent_for(central: Any, hours: int) -> None:
    central.clock.ms += hours * HOUR_MS + 1


def test_a_sale_whose_kiosk_went_silent_is_listed(central: Any, kiosk: Any) -> None:
    start(kiosk)
    kiosk.credited(20_000)
    silent_for(central, UNHEARD_HOURS - 1)
    demand_report(kiosk)  # a word of it, late
    silent_for(central, UNHEARD_HOURS - 1)
    assert listed(central) == {}
    with pytest.raises(NotOpen, match="does not wait for a silent kiosk"):
        finalize_by_hand(central.house, "transfer-1", "too early")
    silent_for(central, 1)
    [told] = listed(central).values()
    assert told == (
        "kiosk kiosk-1, claim code ABCD-EFGH: 200.00 USD credited, no word of this sale for over 24 hours; "
        "`central finalize transfer-1` ends it for that, "
        "or it ends so by itself after 72 hours"
    )


def test_finalized_by_hand_it_is_paid_and_a_late_word_of_the_same_changes_nothing(
    central: Any, kiosk: Any
) -> None:
    start(kiosk)
    kiosk.credited(20_000)
    demand_report(kiosk)
    silent_for(central, UNHEARD_HOURS)
    finalize_by_hand(central.house, "transfer-1", "the kiosk burned down")
    central.work()
    units = coin_amount(20_000, 200, price_with_markup(6_500_000, 500), 8)
    assert central.payments() == [(ADDRESS, units)]
    reasons = [change.reason for change in central.all(TransferChange)]
    assert reasons[1] == "finalized; by hand: the kiosk burned down"
    kiosk.finalized(20_000)
    demand_report(kiosk)
    central.work()
    assert len(central.payments()) == 1
    assert (listed(central), locked(central)) == ({}, 0)
    with pytest.raises(NotOpen):
        finalize_by_hand(central.house, "transfer-1", "once more")
    central.demand_sound_books()


def test_a_late_word_of_more_than_was_finalized_by_hand_is_a_problem(
    central: Any, kiosk: Any
) -> None:
    start(kiosk)
    kiosk.credited(20_000)
    demand_report(kiosk)
    silent_for(central, UNHEARD_HOURS)
    finalize_by_hand(central.house, "transfer-1", "no word from the shop")
    central.work()
    kiosk.credited(5_000, bill_id="bill-0009")
    kiosk.finalized(25_000)
    demand_report(kiosk)
    central.work()
    assert len(central.payments()) == 1
    late, other_end = listed(central).values()
    assert late.endswith("bill bill-0009 was credited after the transfer was finalized")
    assert other_end.endswith("finalized for 250.00 USD after it was for 200.00 USD")
    central.demand_sound_books()


def test_without_a_bill_it_is_dismissed_by_hand_and_cash_heard_of_later_is_a_refund(
    central: Any, kiosk: Any
) -> None:
    start(kiosk)
    silent_for(central, UNHEARD_HOURS)
    assert locked(central) > 0
    finalize_by_hand(central.house, "transfer-1", "stolen")
    assert (kiosk.transfer().json()["state"], locked(central)) == ("dismissed", 0)
    assert listed(central) == {}
    kiosk.credited(20_000)
    kiosk.finalized(20_000)
    demand_report(kiosk)
    assert "200.00 USD credited, not paid as coins" in listed(central)["transfer-1"]
    assert central.payments() == []
    central.demand_sound_books()


def test_too_little_to_be_sent_is_a_refund_also_by_hand(central: Any, kiosk: Any) -> None:
    start(kiosk)
    kiosk.credited(230)
    demand_report(kiosk)
    silent_for(central, UNHEARD_HOURS)
    finalize_by_hand(central.house, "transfer-1", "stolen")
    assert listed(central)["transfer-1"].endswith("too little to be sent; by hand: stolen")
    settle_by_hand(central, "transfer-1")
    assert (listed(central), locked(central)) == ({}, 0)


def test_an_event_that_contradicts_the_chain_is_closed_by_hand(central: Any, kiosk: Any) -> None:
    kiosk.happened("kiosk_started", version="1")
    demand_report(kiosk)
    forged = type(kiosk)(kiosk.client, kiosk.kiosk_id, kiosk.key, kiosk.now_ms)
    forged.happened("kiosk_started", version="2")
    assert forged.report().status_code == 409
    [name] = listed(central)
    settle_by_hand(central, name)
    assert forged.report().status_code == 409
    assert listed(central) == {}
    assert len(central.all(InboxEvent)) == 1


def test_by_command_while_the_service_runs(serve: Any, homes: Any, tmp_path: Path) -> None:
    central = serve()
    kiosk = central.kiosk()
    start(kiosk)
    kiosk.credited(20_000)
    disputed(kiosk)
    demand_report(kiosk)
    let_a_day_pass(homes.url(tmp_path / "books"))
    assert "central finalize transfer-1" in central.command("status")
    told = central.command("finalize", "transfer-1", "--note", "burned down")
    assert told == "Transfer transfer-1 is finalized now: to be paid.\n"
    wait_until_confirmed(kiosk)
    told = central.command("settle", "kiosk-1/3", "--note", "100 USD in cash")
    assert told.startswith("Settled by hand: kiosk-1/3  kiosk kiosk-1, claim code ABCD-EFGH")
    assert "Needing a person\n  none\n" in central.command("status")


def let_a_day_pass(books: str) -> None:
    engine = sa.create_engine(books)
    with engine.begin() as connection:
        for column in (
            "transfer_changes SET at_ms = at_ms",
            "inbox_events SET received_at_ms = received_at_ms",
        ):
            by = sa.text(f"UPDATE {column} - :by_ms")
            connection.execute(by, {"by_ms": (UNHEARD_HOURS + 1) * HOUR_MS})
    engine.dispose()


def wait_until_confirmed(kiosk: Any) -> None:
    give_up_s = time.monotonic() + DEADLINE_S
    while kiosk.transfer().json()["state"] != "confirmed":
        assert time.monotonic() < give_up_s, kiosk.transfer().json()
        time.sleep(0.1)


@pytest.mark.parametrize("command", ["settle", "finalize"])
def test_a_mistake_at_the_terminal_gets_clear_words(tmp_path: Path, command: str) -> None:
    def run(*words: str) -> Any:
        return CliRunner().invoke(main, [command, *words, "--data-dir", str(tmp_path)])

    books = ["kiosk", "add", "kiosk-1", "--public-key", KEY, "--data-dir", str(tmp_path)]
    assert CliRunner().invoke(main, books).exit_code == 0
    missing = run("transfer-1", "--note", "burned down")
    assert missing.exit_code == 1
    assert missing.output.startswith("Error: ")
    assert "'transfer-1'" in missing.output
    assert "`central status`" in missing.output
    assert run("transfer-1").exit_code == 2
    assert "say what was done" in run("transfer-1", "--note", " ").output
