"""The table of disbursement requests: every guard says no without evidence, and every state has its way."""

from dataclasses import fields

import pytest

from disbursement.errors import RequestRefused
from disbursement.requests.guards import Evidence
from disbursement.requests.machine import next_state
from disbursement.requests.states import State
from disbursement.requests.table import MAY_BE_SENT, MAY_PAY, ROWS, Guard, Trigger
from disbursement.requests.words import MEANING, STEPS
from disbursement.sales.transfers import NEXT
from kiosk_wire.messages import TransferState

GUARDS = {guard for row in ROWS for guard in row.guards}
YES = {"address_ok": True, "within_limit": True, "approved_by_another": True}


@pytest.mark.parametrize("guard", sorted(GUARDS, key=lambda guard: guard.__name__))
def test_each_guard_says_no_when_nobody_has_looked(guard: Guard) -> None:
    assert guard(Evidence()) is False


@pytest.mark.parametrize("trigger", [Trigger.APPROVE, Trigger.SEND_TO_NODE, Trigger.FOLLOW])
@pytest.mark.parametrize("state", State)
def test_without_evidence_nothing_but_a_no_happens(state: State, trigger: Trigger) -> None:
    with pytest.raises(RequestRefused):
        next_state(state, trigger, Evidence())


@pytest.mark.parametrize("missing", YES)
def test_each_guard_alone_stops_approval_and_sending(missing: str) -> None:
    seen = Evidence(**(YES | {missing: False}), funds_locked=True, funds_short=True)
    with pytest.raises(RequestRefused):
        next_state(State.SUBMITTED, Trigger.APPROVE, seen)
    for state in MAY_BE_SENT:
        with pytest.raises(RequestRefused):
            next_state(state, Trigger.SEND_TO_NODE, seen)


def test_the_guards_named_here_are_all_that_stand_before_a_payment() -> None:
    assert {guard.__name__ for guard in MAY_PAY} == YES.keys()
    assert {guard.__name__ for guard in GUARDS} >= YES.keys()
    assert {field.name for field in fields(Evidence)} >= YES.keys()


def test_nothing_is_ordered_without_a_lock() -> None:
    seen = Evidence(**YES, funds_short=True)
    assert next_state(State.APPROVED, Trigger.SEND_TO_NODE, seen) is State.FAILED_TO_SEND
    seen = Evidence(**YES, funds_locked=True)
    assert next_state(State.APPROVED, Trigger.SEND_TO_NODE, seen) is State.ORDERED


def test_only_approval_leads_to_money() -> None:
    """Take the approval's row away, and no state of a paid request is reached."""
    reached, grown = {State.SUBMITTED}, True
    while grown:
        more = {
            row.target
            for row in ROWS
            if row.trigger is not Trigger.APPROVE and reached & set(row.source)
        }
        grown = not more <= reached
        reached |= more
    assert reached == {State.SUBMITTED, State.DENIED}


def test_every_state_can_be_reached() -> None:
    assert {row.target for row in ROWS} | {State.SUBMITTED} == set(State)


def test_a_request_can_follow_its_transfer_wherever_that_goes() -> None:
    """Breadth first over pairs of states, by the transfers' own table."""
    seen, edge = set(), [(TransferState.FINALIZED, State.ORDERED)]
    while edge:
        transfer, request = edge.pop()
        if (transfer, request) in seen:
            continue
        seen.add((transfer, request))
        for following in NEXT[transfer]:
            found = next_state(request, Trigger.FOLLOW, Evidence(transfer_state=following))
            edge.append((following, found))
    assert {request for _, request in seen} == {
        *(State.ORDERED, State.NODE_ACK, State.SENT, State.CONFIRMED, State.DENIED)
    }


def test_a_person_is_offered_what_the_table_has() -> None:
    step_of = {Trigger.APPROVE: "approve", Trigger.DENY: "deny", Trigger.SEND_TO_NODE: "send"}
    for state in State:
        offered = {
            step_of[row.trigger] for row in ROWS if state in row.source and row.trigger in step_of
        }
        assert set(STEPS.get(state, ())) == offered
        assert MEANING[state]
