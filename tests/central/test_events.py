"""Events come repeated, reordered and with gaps; a changed history is refused and kept as evidence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disbursement.kiosks.models import ChainBreak, InboxEvent
from kiosk_wire.chain import event_hash

SESSION_EVENTS = 9


def write_session(kiosk: Any, name: str = "1") -> None:
    """A whole session as a kiosk reports it: two bills in, one returned."""
    kiosk.happened("session_started", name, claim_code="AB12", language="en")
    kiosk.happened("transfer_prepared", name, transfer_id=f"transfer-{name}")
    kiosk.happened("bill_escrowed", name, bill_id="b-1")
    kiosk.credited(2_000, name)
    kiosk.happened("bill_returned", name, bill_id="b-2")
    kiosk.happened("fault_raised", name, code="printer_paper_out", detail="")
    kiosk.credited(5_000, name)
    kiosk.finalized(7_000, name)
    kiosk.happened("session_ended", name, outcome="paid")


def summary(central: Any, kiosk: Any) -> Any:
    return kiosk.transfer().json(), central.payments(), central.balances()


def batches() -> st.SearchStrategy[list[list[int]]]:
    """Any permutation of a session's events with repeats, cut into batches anywhere."""
    every = st.permutations(range(SESSION_EVENTS))
    more = st.lists(st.integers(0, SESSION_EVENTS - 1), max_size=SESSION_EVENTS)
    orders = st.tuples(every, more).flatmap(lambda both: st.permutations(both[0] + both[1]))
    cuts = st.lists(st.integers(1, 5), min_size=2 * SESSION_EVENTS, max_size=2 * SESSION_EVENTS)
    return st.builds(cut_up, orders, cuts)


def cut_up(order: list[int], lengths: list[int]) -> list[list[int]]:
    cut: list[list[int]] = []
    for length in lengths:
        cut.append(order[:length])
        order = order[length:]
    return [batch for batch in cut if batch]


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=batches(), work_between=st.booleans())
def test_any_order_with_repeats_reaches_the_same_state(
    open_central: Callable[[Path], Any],
    tmp_path_factory: pytest.TempPathFactory,
    *,
    order: list[list[int]],
    work_between: bool,
) -> None:
    central = open_central(tmp_path_factory.mktemp("central"))
    kiosk = central.kiosk()
    kiosk.quote()
    kiosk.prepare()
    write_session(kiosk)
    through = 0
    for batch in order:
        answer = kiosk.report(*(kiosk.events[index] for index in batch))
        assert answer.status_code == 200
        assert answer.json()["through_seq"] >= through
        through = answer.json()["through_seq"]
        if work_between:
            central.work()
        central.demand_sound_books()
    assert through == SESSION_EVENTS
    central.work()
    transfer, payments, balances = summary(central, kiosk)
    assert transfer["state"] == "confirmed"
    assert [amount for _, amount in payments] == [transfer["amount_base_units"]] == [99_633]
    assert balances["wallet"] == 100_000_000 - 99_633
    assert central.locked() == 0
    central.demand_sound_books()


def test_nothing_beyond_a_gap_has_an_effect_yet(kiosk: Any, central: Any) -> None:
    kiosk.quote()
    kiosk.prepare()
    write_session(kiosk)
    assert kiosk.report(*kiosk.events[4:]).json() == {"through_seq": 0}
    assert kiosk.transfer().json()["state"] == "prepared"
    assert kiosk.report(*kiosk.events[:3]).json() == {"through_seq": 3}
    assert kiosk.report(kiosk.events[3]).json() == {"through_seq": SESSION_EVENTS}
    assert kiosk.transfer().json()["state"] == "finalized"


def forged(event: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Another event under the same number, with a hash that is right for what it says."""
    told = {name: value for name, value in (event | changes).items() if name != "hash"}
    return told | {"hash": event_hash(**told)}


def test_a_fork_is_refused_and_kept_once(kiosk: Any, central: Any) -> None:
    write_session(kiosk)
    kiosk.report()
    fork = forged(kiosk.events[3], body="{}")
    for _ in range(2):
        answer = kiosk.report(fork)
        assert (answer.status_code, answer.json()["code"]) == (409, "chain_broken")
    assert [broken.seq for broken in central.all(ChainBreak)] == [4]
    assert kiosk.report().json() == {"through_seq": SESSION_EVENTS}  # the true history goes on


def test_an_event_that_is_not_what_its_hash_says_is_refused(kiosk: Any, central: Any) -> None:
    kiosk.credited(2_000)
    answer = kiosk.report(
        kiosk.events[0] | {"body": kiosk.events[0]["body"].replace("2000", "9000")}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "chain_broken")
    assert central.all(InboxEvent) == []


def test_an_event_that_does_not_continue_the_chain_gives_way_to_the_true_one(
    kiosk: Any, central: Any
) -> None:
    write_session(kiosk)
    stranger = forged(kiosk.events[1], previous_hash="f" * 64)
    assert kiosk.report(stranger).json() == {"through_seq": 0}  # nobody can tell yet
    answer = kiosk.report(kiosk.events[0])
    assert (answer.status_code, answer.json()["code"]) == (409, "chain_broken")
    assert kiosk.report().json() == {"through_seq": SESSION_EVENTS}
    assert [broken.seq for broken in central.all(ChainBreak)] == [2]


def test_a_malformed_body_is_shown_to_a_person_and_holds_up_nothing(
    kiosk: Any, central: Any
) -> None:
    kiosk.happened("transfer_finalized", transfer_id="transfer-1", committed_minor="7000")
    kiosk.happened("session_ended", outcome="paid")
    assert kiosk.report().json() == {"through_seq": 2}
    [malformed, _] = central.all(InboxEvent)
    assert malformed.problem.startswith("transfer_finalized has a malformed body")


def test_a_bill_credited_twice_under_two_numbers_counts_once(kiosk: Any, central: Any) -> None:
    kiosk.quote()
    kiosk.prepare()
    kiosk.credited(2_000, bill_id="bill-0001")
    kiosk.credited(2_000, bill_id="bill-0001")
    kiosk.finalized(2_000)
    kiosk.report()
    assert kiosk.transfer().json()["state"] == "finalized"


def test_a_second_end_changes_nothing_and_is_shown_to_a_person(kiosk: Any, central: Any) -> None:
    kiosk.quote()
    kiosk.prepare()
    kiosk.credited(2_000)
    kiosk.finalized(2_000)
    kiosk.finalized(2_000)
    kiosk.finalized(5_000)
    kiosk.report()
    central.work()
    assert len(central.payments()) == 1
    problems = [event.problem for event in central.all(InboxEvent)]
    assert problems[:3] == [None, None, None]
    assert problems[3] == "finalized for 50.00 USD after it was for 20.00 USD"


def test_one_kiosk_cannot_end_the_transfer_of_another(kiosk: Any, central: Any) -> None:
    kiosk.quote()
    kiosk.prepare()
    other = central.kiosk("kiosk-2")
    other.finalized(0)
    assert other.report().status_code == 200
    assert kiosk.transfer().json()["state"] == "prepared"
    assert other.transfer().status_code == 404


def test_events_far_beyond_a_gap_are_not_kept(kiosk: Any, central: Any) -> None:
    kiosk.credited(2_000)
    answer = kiosk.report(forged(kiosk.events[0], seq=10_001))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert central.all(InboxEvent) == []
