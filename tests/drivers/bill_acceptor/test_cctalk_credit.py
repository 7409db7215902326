"""The heart: one credit for one bill, whatever the line, the power and the driver's life do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctalk_bench import (
    CLOSED,
    FIFTY_TYPE,
    MASK,
    OPEN,
    ROUTE,
    STACK,
    TWENTY,
    TWENTY_TYPE,
    CcTalkBench,
)
from drivers.bill_acceptor.commands import AcknowledgeCredit, Enable, Return, Stack
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorFaultCleared,
    AcceptorReady,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillReturned,
    BillStacked,
    BillStacking,
    CreditSettled,
    PoweredUp,
)
from drivers.faults import FaultCode

ESCROW, CREDIT = (TWENTY_TYPE, 1), (TWENTY_TYPE, 0)
RETURNED, NO_BILL = (0, 1), (0, 0)


@pytest.fixture
def bench():
    bench = CcTalkBench().ready()
    bench.command(Enable())
    bench.run()
    bench.sent.clear()
    return bench


@pytest.fixture
def escrowed(bench):
    bench.escrow_full = True
    assert bench.say(ESCROW) == [BillAccepting(), BillEscrowed(TWENTY)]
    return bench


@pytest.fixture
def stacked(escrowed):
    """A bill of 20 stacked and told, not committed."""
    escrowed.command(Stack())
    escrowed.run()
    escrowed.escrow_full = False
    assert escrowed.say(CREDIT) == [BillStacked(TWENTY)]
    return escrowed


def test_escrow_is_no_credit(escrowed):
    escrowed.run(20.0)
    assert escrowed.said(BillStacked) == []


def test_a_whole_cycle(stacked):
    stacked.command(AcknowledgeCredit())
    stacked.run()
    assert stacked.events == [
        BillAccepting(),
        BillEscrowed(TWENTY),
        BillStacking(),
        BillStacked(TWENTY),
        CreditSettled(),
    ]
    assert [order for order in stacked.orders() if order != (ROUTE, b"\xff")] == [
        CLOSED,
        STACK,
        OPEN,
    ]


def test_the_session_of_the_specification(bench):
    """Accepted: the counter goes to 2, with (3, 0) before (3, 1). Both may come in one poll."""
    events = bench.say((3, 1), (3, 0))
    assert events == [
        BillAccepting(),
        BillEscrowed(Bill(1000, "USD")),
        BillStacked(Bill(1000, "USD")),
    ]


def test_the_device_is_sealed_before_stack_leaves(escrowed):
    escrowed.answers[MASK] = None
    escrowed.command(Stack())
    escrowed.run(3.0)
    assert STACK not in escrowed.sent
    del escrowed.answers[MASK]
    escrowed.run()
    assert STACK in escrowed.sent
    assert escrowed.mask == b"\x00\x00"


def test_a_device_that_cannot_be_sealed_is_a_fault_and_stacks_nothing(escrowed):
    escrowed.answers[MASK] = (5, b"")
    escrowed.command(Stack())
    escrowed.run(8.0)
    assert [fault.code for fault in escrowed.said(AcceptorFault)] == [FaultCode.ACCEPTOR_PROTOCOL]
    assert STACK not in escrowed.sent


def test_nothing_is_settled_and_no_bill_let_in_before_the_commit(stacked):
    stacked.run(60.0)
    assert stacked.events[-1] == BillStacked(TWENTY)
    assert stacked.mask == b"\x00\x00"


def test_what_happens_behind_a_credit_waits_for_the_commit(stacked):
    assert stacked.say((0, 11)) == []
    stacked.command(AcknowledgeCredit())
    events = stacked.run()
    assert events[0] == CreditSettled()
    assert [fault.code for fault in stacked.said(AcceptorFault)] == [FaultCode.CASHBOX_REMOVED]


def test_settled_only_when_the_device_remembers_the_commit(stacked):
    stacked.answers[MASK] = None
    stacked.command(AcknowledgeCredit())
    assert stacked.run(3.0) == []
    del stacked.answers[MASK]
    assert stacked.run() == [CreditSettled()]


def test_the_same_history_again_and_again_is_one_credit(stacked):
    poll = stacked.reply(0, bytes([stacked.counter, *CREDIT, *ESCROW, *bytes(6)]))
    for _ in range(5):
        stacked.hear(poll)
    assert len(stacked.said(BillStacked)) == 1


def test_a_lost_reply_with_the_credit_is_asked_for_again(escrowed):
    escrowed.command(Stack())
    escrowed.run()
    escrowed.lost = 3
    escrowed.say(CREDIT, seconds=3.0)
    assert len(escrowed.said(BillStacked)) == 1


def test_two_bills_of_one_value_are_two_credits(stacked):
    stacked.command(AcknowledgeCredit())
    stacked.run()
    stacked.escrow_full = True
    stacked.say(ESCROW)
    stacked.command(Stack())
    stacked.run()
    stacked.say(CREDIT)
    assert len(stacked.said(BillStacked)) == 2


def test_a_credit_of_another_type_than_the_escrow_says_its_own_bill(escrowed):
    escrowed.command(Stack())
    escrowed.run()
    assert escrowed.say((FIFTY_TYPE, 0)) == [BillStacked(Bill(5000, "USD"))]


def test_a_credit_of_a_type_in_no_table_is_still_a_credit(bench):
    assert bench.say((9, 0)) == [BillStacked(None)]


def test_a_coupon_is_never_credit(bench):
    fault, cleared = bench.say((255, 0))  # a self-check found nothing wrong
    assert isinstance(cleared, AcceptorFaultCleared)
    assert fault == AcceptorFault(FaultCode.ACCEPTOR_PROTOCOL, "event 255 0: a coupon was stacked")


def test_an_unknown_bill_stacked_is_never_credit(escrowed):
    escrowed.command(Stack())
    escrowed.run()
    escrowed.escrow_full = False
    fault, _ = escrowed.say((0, 21))
    assert fault.code is FaultCode.ACCEPTOR_FAILURE
    escrowed.run(10.0)
    assert escrowed.said(BillStacked, BillReturned) == []
    assert escrowed.said(AcceptorReady)[-1].vouches is False


def test_a_commit_while_the_device_was_away_is_remembered_when_it_is_back(stacked):
    stacked.protocol.disconnected()
    stacked.command(AcknowledgeCredit())
    stacked.connect()
    stacked.run(3.0)
    assert stacked.mask == OPEN[1]
    assert len(stacked.said(BillStacked)) == len(stacked.said(CreditSettled)) == 1
    assert stacked.said(AcceptorReady)[-1].vouches is True


# -- power -----------------------------------------------------------------------------------------


def test_power_lost_with_a_bill_on_its_way(escrowed):
    escrowed.command(Stack())
    escrowed.run()
    escrowed.restart()
    escrowed.escrow_full = False
    escrowed.run(15.0)
    assert escrowed.said(PoweredUp) == [PoweredUp("nowhere")]
    assert escrowed.said(BillStacked, BillReturned) == []
    assert escrowed.said(AcceptorReady)[-1].vouches is False


def test_power_lost_between_credit_and_commit_leaves_one_credit(stacked):
    stacked.restart()
    stacked.run(3.0)
    assert stacked.said(CreditSettled, AcceptorReady) == []
    stacked.command(AcknowledgeCredit())
    stacked.run()
    assert len(stacked.said(BillStacked)) == len(stacked.said(CreditSettled)) == 1
    assert stacked.said(AcceptorReady)[-1].vouches is False


def test_a_bill_that_comes_back_after_the_power_is_returned(escrowed):
    escrowed.restart()
    escrowed.escrow_full = False
    escrowed.say(RETURNED, seconds=5.0)
    assert escrowed.said(PoweredUp, BillReturned) == [PoweredUp("nowhere"), BillReturned(TWENTY)]


def test_a_restart_hidden_by_a_counter_that_goes_on(escrowed):
    """Counter 1 before and after: but the event behind it is another."""
    escrowed.restart()
    escrowed.say((0, 12))
    assert escrowed.said(PoweredUp) == [PoweredUp("nowhere")]


def test_more_events_than_the_history_keeps(escrowed):
    escrowed.say(*[(0, 4)] * 6, seconds=0.25)
    (fault,) = escrowed.said(AcceptorFault)
    assert fault.code is FaultCode.ACCEPTOR_PROTOCOL
    assert "some are lost" in fault.detail
    escrowed.escrow_full = False
    escrowed.run(15.0)
    assert escrowed.said(AcceptorReady)[-1].vouches is False


def test_a_credit_among_events_of_which_some_are_lost(escrowed):
    escrowed.command(Stack())
    escrowed.run()
    escrowed.say(CREDIT, *[NO_BILL] * 3, *[(0, 4)] * 3, seconds=0.25)
    assert escrowed.said(BillStacked) == []  # it was pushed out: nobody vouches for it
    escrowed.escrow_full = False
    escrowed.run(15.0)
    assert escrowed.said(AcceptorReady)[-1].vouches is False


# -- another process -------------------------------------------------------------------------------


def test_a_new_driver_tells_an_uncommitted_credit_again(stacked):
    stacked.restart_driver()
    stacked.run(3.0)
    assert stacked.events == [BillStacked(TWENTY)]
    stacked.command(AcknowledgeCredit())
    stacked.run()
    assert [type(event) for event in stacked.events] == [BillStacked, CreditSettled, AcceptorReady]
    stacked.restart_driver()
    (ready,) = stacked.run(3.0)
    assert isinstance(ready, AcceptorReady)


def test_a_new_driver_does_not_tell_a_committed_credit_again(stacked):
    stacked.command(AcknowledgeCredit())
    stacked.run()
    stacked.restart_driver()
    (ready,) = stacked.run(3.0)
    assert ready.vouches is False


def test_a_new_driver_meets_the_credit_of_a_bill_that_was_on_its_way(escrowed):
    escrowed.command(Stack())
    escrowed.run()
    escrowed.escrow_full = False
    escrowed.restart_driver()
    escrowed.run(3.0)
    assert escrowed.events == []
    assert escrowed.say(CREDIT) == [BillStacked(TWENTY)]
    assert escrowed.mask == b"\x00\x00"


def test_a_new_driver_finds_the_bill_in_escrow(escrowed):
    escrowed.restart_driver()
    assert escrowed.run(3.0) == [BillEscrowed(TWENTY)]
    escrowed.command(Return())
    escrowed.escrow_full = False
    escrowed.say(RETURNED)
    assert [type(event) for event in escrowed.events[1:]] == [BillReturned, AcceptorReady]


def test_a_new_driver_vouches_for_a_bill_whose_return_it_can_read(escrowed):
    """Nobody was there: the device inhibited itself, and gave the bill back at last."""
    escrowed.escrow_full = False
    escrowed.happen(NO_BILL, RETURNED)
    escrowed.restart_driver()
    (ready,) = escrowed.run(3.0)
    assert ready.vouches is True


@pytest.mark.parametrize(
    "later",
    [
        [(0, 2), RETURNED],  # the return is that of a bill that was refused, not of ours
        [(0, 7)],
        [(0, 11), (0, 12), NO_BILL, (0, 4), (0, 4)],  # nothing of bills at all
    ],
)
def test_a_new_driver_does_not_vouch_for_what_it_cannot_read(escrowed, later):
    escrowed.escrow_full = False
    escrowed.happen(*later)
    escrowed.restart_driver()
    escrowed.run(15.0)
    assert escrowed.said(BillStacked, BillReturned) == []
    assert escrowed.said(AcceptorReady)[-1].vouches is False


def test_a_new_driver_does_not_vouch_for_a_device_without_a_past(bench):
    bench.restart_driver()
    power_up, ready = bench.run(3.0)
    assert power_up == PoweredUp("nowhere")
    assert ready.vouches is False


def test_a_coupon_before_is_no_credit_for_a_new_driver(bench):
    bench.happen((255, 1), (255, 0))
    bench.mask = b"\x00\x00"
    bench.restart_driver()
    bench.run(3.0)
    assert bench.said(BillStacked) == []


def test_a_device_without_a_bill_for_us_keeps_its_mask(stacked):
    """A kiosk set up for another currency must not make a committed credit look uncommitted."""
    stacked.command(AcknowledgeCredit())
    stacked.run()
    stacked.currency = "EUR"
    stacked.restart_driver()
    stacked.run(3.0)
    assert stacked.mask == OPEN[1]
    stacked.restart_driver()
    stacked.run(3.0)
    assert stacked.said(BillStacked) == []


LIFE = st.lists(
    st.sampled_from(["bill", "stack", "return", "ack", "away", "new driver", "wait", "lose"]),
    max_size=30,
)


@given(life=LIFE)
def test_each_bill_ends_once_whoever_is_there(life):
    """The device stacks and returns as told. Credits told to a core that remembers what it committed
    are as many as the bills in the cashbox, over any number of processes."""
    bench = CcTalkBench().ready()
    bench.command(Enable())
    bench.run()
    cashbox = 0

    def move(event):
        nonlocal cashbox
        if bench.escrow_full:
            bench.escrow_full = False
            cashbox += event == CREDIT
            bench.happen(event)

    bench.on = {STACK: lambda: move(CREDIT), (ROUTE, b"\x00"): lambda: move(RETURNED)}
    committed, is_told = 0, False

    def book(events):
        """A credit told again by another process, and not committed, is the same one."""
        nonlocal is_told
        for event in events:
            is_told = is_told or isinstance(event, BillStacked)

    for step in life:
        seen = len(bench.events)
        if step == "bill" and not bench.escrow_full and bench.mask == OPEN[1]:
            bench.escrow_full = True
            bench.happen(ESCROW)
        elif step == "stack":
            bench.command(Stack())
        elif step == "return":
            bench.command(Return())
        elif step == "ack" and is_told:
            committed, is_told = committed + 1, False
            bench.command(AcknowledgeCredit())
        elif step == "away":
            bench.protocol.disconnected()
            bench.connect()
        elif step == "lose":
            bench.lost = 2
        elif step == "new driver":
            bench.run()  # the commit before reached the device
            book(bench.events[seen:])
            bench.restart_driver()
            bench.command(Enable())
            seen = 0
        bench.run(2.5)
        book(bench.events[seen:])
    bench.run(10.0)
    assert cashbox == committed + is_told
