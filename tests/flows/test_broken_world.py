"""The line to central and the acceptor's cable break in the middle of a sale."""

from kiosk.screen_link.intents import DismissRequested, SendRequested
from kiosk_flow import Flow, S


def test_the_network_is_cut_from_the_first_bill_on(flow: Flow) -> None:
    """The sale ends queued, the receipt says so, and the coins come when the network is back: once."""
    flow.reach(S.INSERTING)
    flow.desk.cable.cut()
    try:
        flow.pay_in(20)
        flow.pay_in(20)
        flow.reach(S.REVIEWING)
        flow.screen.touch(SendRequested())
        shown = flow.wait_for(S.QUEUED)
        text = flow.receipt(shown.claim_code)
        flow.screen.touch(DismissRequested())
        flow.wait_for(S.OUT_OF_SERVICE)
        if flow.desk.node is not None:
            assert flow.payments() == []
    finally:
        flow.desk.cable.restore()
    assert "Recorded, not sent yet" in text
    flow.wait_for(S.IDLE)
    assert flow.check() == {"credited": 4_000}


def test_the_acceptor_is_unplugged_and_comes_back_under_another_pty(flow: Flow) -> None:
    acceptor = flow.desk.parts["bill-acceptor"]
    flow.reach(S.INSERTING)
    flow.pay_in(20)
    acceptor.tell("unplug")
    flow.wait(lambda s: s.notice is not None and s.notice.fault_code == "acceptor-missing")
    acceptor.tell("plug")
    flow.wait(lambda s: s.notice is None)
    flow.pay_in(20)
    assert S.PAID in flow.go_home()
    assert flow.check() == {"credited": 4_000}


def test_the_plug_is_pulled_while_a_bill_is_being_stacked(flow: Flow) -> None:
    acceptor = flow.desk.parts["bill-acceptor"]
    flow.reach(S.INSERTING)
    flow.insert(20)
    flow.wait_for(S.STACKING)
    acceptor.tell("unplug")
    flow.wait_for(S.JAMMED)
    acceptor.tell("plug")
    flow.wait_for(S.INSERTING, S.REVIEWING)
    flow.go_home()
    assert flow.check() in ({"credited": 2_000}, {"returned": 2_000})


def test_the_acceptor_loses_its_power_with_a_bill_in_the_stacker(flow: Flow) -> None:
    acceptor = flow.desk.parts["bill-acceptor"]
    flow.reach(S.INSERTING)
    flow.insert(20)
    flow.wait_for(S.STACKING)
    acceptor.tell("power off")
    flow.wait_for(S.JAMMED)
    acceptor.tell("power on")
    flow.wait_for(S.INSERTING, S.DISPUTED)
    flow.go_home()
    books = flow.check()
    assert sum(books.values()) == 2_000
