"""SIGKILL in every state of a sale: the cash equation holds, and the customer is paid once or has the bill back."""

import pytest

from kiosk.screen_link.intents import CancelRequested, WalletConfirmed
from kiosk_flow import Flow, S


@pytest.mark.parametrize("state", [S.INSERTING])
def test_before_cash(flow: Flow, state) -> None:
    flow.reach(state)
    flow.cut_core()
    assert flow.wait_for(S.CANCELLED).notice.code == "restarted"
    flow.go_home()
    assert flow.check() == {}


@pytest.mark.parametrize("state", [S.PREPARING])
def test_while_central_is_asked(flow: Flow, state) -> None:
    for _attempt in range(3):  # it lasts for one answer of central
        flow.reach(S.CONFIRMING_WALLET)
        flow.cut_core_in(state, WalletConfirmed())
        assert flow.wait_for(S.CANCELLED).notice.code == "restarted"
        flow.go_home()
        if flow.killed_in == state:
            break
    assert flow.killed_in == state
    assert flow.check() == {}


def test_between_two_bills(flow: Flow) -> None:
    flow.reach(S.INSERTING)
    flow.pay_in(20)
    flow.cut_core()
    assert flow.wait_for(S.REVIEWING).cash.credited_minor == 2_000
    assert S.PAID in flow.go_home()
    assert flow.check() == {"credited": 2_000}


def test_while_stacking(flow: Flow) -> None:
    flow.reach(S.INSERTING)
    flow.insert(20)
    flow.wait_for(S.STACKING)
    flow.cut_core()
    flow.go_home()
    books = flow.check()
    assert books in ({"credited": 2_000}, {"returned": 2_000})


@pytest.mark.slow
def test_again_while_recovering(flow: Flow) -> None:
    flow.reach(S.INSERTING)
    flow.insert(20)
    flow.wait_for(S.STACKING)
    flow.cut_core()
    flow.wait_for(S.RECOVERING)
    flow.cut_core()
    flow.go_home()
    assert flow.check() in ({"credited": 2_000}, {"returned": 2_000})


def test_while_jammed(flow: Flow) -> None:
    flow.reach(S.INSERTING)
    flow.pay_in(20)
    flow.desk.parts["bill-acceptor"].tell("jam stacker")
    flow.insert(50)
    flow.wait_for(S.JAMMED)
    flow.cut_core()
    flow.desk.parts["bill-acceptor"].tell("clear")
    assert S.PAID in flow.go_home()
    assert flow.check() == {"credited": 2_000, "disputed": 5_000}


@pytest.mark.parametrize("state", [S.PAYING])
def test_from_the_review_to_the_receipt(flow: Flow, state) -> None:
    flow.reach(S.INSERTING)
    flow.pay_in(20)
    flow.reach(state)
    flow.cut_core()
    assert S.PAID in flow.go_home()
    assert flow.check() == {"credited": 2_000}


@pytest.mark.slow
def test_while_a_bill_goes_back(flow: Flow) -> None:
    """The limit is 1,000: ten hundreds fit, and not a dollar more."""
    flow.reach(S.INSERTING)
    for _ in range(10):
        flow.pay_in(100)
    flow.insert(20)
    flow.wait_for(S.RETURNING)
    flow.cut_core()
    assert S.PAID in flow.go_home()
    assert flow.killed_in == S.RETURNING
    assert flow.check() == {"credited": 100_000, "returned": 2_000}


@pytest.mark.slow
def test_on_the_last_screens(flow: Flow) -> None:
    """Cancelled and disputed: nothing is left to do, and nothing is done twice."""
    flow.reach(S.WARNING)
    flow.screen.touch(CancelRequested())
    flow.wait_for(S.CANCELLED)
    flow.cut_core()
    flow.go_home()
    flow.reach(S.INSERTING)
    flow.desk.parts["bill-acceptor"].tell("jam stacker")
    flow.insert(20)
    flow.wait_for(S.JAMMED)
    flow.desk.parts["bill-acceptor"].tell("clear")
    flow.wait_for(S.DISPUTED)
    flow.cut_core()
    assert flow.killed_in == S.DISPUTED
    flow.go_home()
    assert flow.check() == {"disputed": 2_000}


def test_while_queued(flow: Flow) -> None:
    flow.reach(S.INSERTING)
    flow.pay_in(20)
    flow.desk.cable.cut()
    try:
        flow.reach(S.QUEUED)
        flow.cut_core()
        assert flow.killed_in == S.QUEUED
        flow.wait_for(S.QUEUED)
    finally:
        flow.desk.cable.restore()
    flow.go_home()
    flow.wait_for(S.IDLE)
    assert flow.check() == {"credited": 2_000}
