"""Bills that wait, go back, or vanish: each told once, with the right end."""

import pytest

from cctalk_bench import (
    EXTEND,
    FIFTY_TYPE,
    RETURN,
    ROUTE,
    STACK,
    TWENTY,
    TWENTY_TYPE,
    CcTalkBench,
)
from drivers.bill_acceptor.commands import Disable, Enable, Hold, Return, Stack
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorReady,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillRejected,
    BillReturned,
    BillStacked,
    BillStacking,
)
from drivers.faults import FaultCode, RejectReason

ESCROW, CREDIT, RETURNED = (TWENTY_TYPE, 1), (TWENTY_TYPE, 0), (0, 1)


@pytest.fixture
def escrowed():
    bench = CcTalkBench().ready()
    bench.command(Enable())
    bench.run()
    bench.escrow_full = True
    bench.say(ESCROW)
    bench.events.clear()
    bench.sent.clear()
    return bench


def routes(bench):
    return [each for each in bench.sent if each[0] == ROUTE]


def test_the_rejects_of_the_specification():
    """Its session: 0 2, 0 1, 0 3, 0 1. The returns are those of the rejected bills, and no news."""
    bench = CcTalkBench().ready()
    events = bench.say((0, 2), RETURNED, (0, 3), RETURNED)
    assert events == [
        BillRejected(RejectReason.NOT_RECOGNISED, "0 2 invalid: validation", False),
        BillRejected(RejectReason.INSERTED_BADLY, "0 3 invalid: transport", False),
    ]


def test_a_return_is_told_when_the_device_says_so(escrowed):
    escrowed.command(Return())
    assert escrowed.run() == []
    escrowed.escrow_full = False
    assert escrowed.say(RETURNED) == [BillReturned(TWENTY)]
    assert routes(escrowed) == [RETURN]


def test_a_device_that_gives_the_bill_back_by_itself(escrowed):
    escrowed.escrow_full = False
    assert escrowed.say(RETURNED) == [BillReturned(TWENTY)]
    escrowed.command(Stack())
    escrowed.run()
    assert STACK not in escrowed.sent  # too late: there is nothing to stack


def test_the_escrow_is_extended_while_nobody_has_decided(escrowed):
    escrowed.run(29.0)
    assert routes(escrowed) == [EXTEND] * 7  # at 4, 8, .. 28 s; the first was at once
    escrowed.run(60.0)
    assert len(routes(escrowed)) == 7


def test_hold_extends_for_as_long_as_it_is_said(escrowed):
    for _ in range(4):
        escrowed.run(20.0)
        escrowed.command(Hold())
    assert len(routes(escrowed)) == pytest.approx(20, abs=4)
    escrowed.command(Stack())
    escrowed.run()
    assert routes(escrowed)[-1] == STACK


def test_disable_leaves_the_bill_waiting(escrowed):
    escrowed.command(Disable())
    escrowed.run()
    assert escrowed.master == b"\x00"
    escrowed.command(Stack())
    escrowed.run()
    assert escrowed.said(BillStacking) == [BillStacking()]


@pytest.mark.parametrize("answer", [(0, b"\xff"), (6, b""), (5, b"")])
def test_a_route_that_fails_is_tried_again(escrowed, answer):
    escrowed.answers[ROUTE] = answer
    escrowed.command(Stack())
    escrowed.run(2.5)
    assert routes(escrowed) == [STACK] * 3  # every second
    del escrowed.answers[ROUTE]
    escrowed.run(1.5)
    assert escrowed.said(BillStacking) == [BillStacking()]


def test_a_lost_answer_to_a_stack_that_was_obeyed(escrowed):
    def stack():
        escrowed.escrow_full = False
        escrowed.lost = 1
        del escrowed.on[STACK]

    escrowed.on[STACK] = stack
    escrowed.command(Stack())
    escrowed.run()
    assert routes(escrowed) == [STACK, STACK]  # the second finds the escrow empty
    assert escrowed.say(CREDIT) == [BillStacked(TWENTY)]


def test_a_bill_that_fails_to_stack_is_offered_again(escrowed):
    """The device is sealed, so the second escrow is the same bill."""
    escrowed.command(Stack())
    escrowed.run()
    assert escrowed.say(ESCROW) == [BillEscrowed(TWENTY)]
    escrowed.command(Stack())
    escrowed.escrow_full = False
    assert escrowed.say(CREDIT)[-1] == BillStacked(TWENTY)


def test_a_bill_that_ends_without_a_word_is_followed_by_another(escrowed):
    assert escrowed.say((FIFTY_TYPE, 1)) == [
        BillAccepting(),
        BillEscrowed(Bill(5000, "USD")),
    ]


def test_an_escrow_that_is_empty_and_no_word_of_the_bill(escrowed):
    escrowed.command(Stack())
    escrowed.run()
    escrowed.escrow_full = False
    escrowed.run(25.0)
    assert escrowed.said(AcceptorReady) == []  # a stacker may be slow
    escrowed.run(15.0)
    assert escrowed.said(BillReturned, BillStacked) == []
    assert escrowed.said(AcceptorReady)[-1].vouches is False
    assert escrowed.say(CREDIT) == [BillStacked(TWENTY)]  # late, and still a fact


@pytest.mark.parametrize(
    ("command", "code"),
    [(Stack(), FaultCode.STACKER_JAM), (Return(), FaultCode.ACCEPTOR_JAM)],
)
def test_a_route_without_an_end_is_a_fault_until_it_ends(escrowed, command, code):
    escrowed.command(command)
    escrowed.run(29.0)
    assert escrowed.said(AcceptorFault) == []
    escrowed.run(2.0)
    assert [fault.code for fault in escrowed.said(AcceptorFault)] == [code]
    escrowed.escrow_full = False
    escrowed.say(RETURNED)
    assert BillReturned(TWENTY) in escrowed.events


@pytest.mark.parametrize("kind", [255, 9])
def test_what_has_no_denomination_goes_back(kind):
    """A coupon, or a bill of a type that is not programmed."""
    bench = CcTalkBench().ready()
    bench.escrow_full = True
    (event,) = bench.say((0, 20), (kind, 1))
    assert event == BillRejected(
        RejectReason.NOT_RECOGNISED, f"{kind} 1 has no denomination here", False
    )
    bench.command(Stack())
    bench.run()
    assert routes(bench) == [RETURN]
    bench.escrow_full = False
    assert bench.say(RETURNED) == []


@pytest.mark.parametrize("b", [6, 7, 8, 16])
def test_a_break_with_a_bill_inside(escrowed, b):
    """The decision is void; when the device is well again, it is asked whether the bill is there."""
    escrowed.fault = 39
    escrowed.command(Stack())
    escrowed.say((0, b), seconds=10.0)
    assert escrowed.events[-1].code in {
        FaultCode.ACCEPTOR_JAM,
        FaultCode.STACKER_JAM,
        FaultCode.CHEAT_SUSPECTED,
    }
    before = len(routes(escrowed))
    escrowed.run(10.0)
    assert len(routes(escrowed)) == before  # nothing moves while hands may be inside
    escrowed.fault = 0
    escrowed.run(5.0)
    assert BillEscrowed(TWENTY) in escrowed.events
    escrowed.command(Return())
    escrowed.escrow_full = False
    escrowed.say(RETURNED)
    assert escrowed.events[-1] == BillReturned(TWENTY)


def test_a_jam_that_hands_have_cleared(escrowed):
    escrowed.fault = 39
    escrowed.say((0, 6))
    escrowed.escrow_full, escrowed.fault = False, 0
    escrowed.run(10.0)
    assert escrowed.said(BillReturned, BillStacked) == []
    assert escrowed.said(AcceptorReady)[-1].vouches is False


def test_a_safe_jam_whose_credit_follows(escrowed):
    escrowed.command(Stack())
    escrowed.run()
    escrowed.fault = 39
    escrowed.say((0, 16))
    assert escrowed.say(CREDIT)[-1] == BillStacked(TWENTY)


def test_unplugged_with_the_bill_in_escrow(escrowed):
    escrowed.command(Stack())
    escrowed.protocol.disconnected()
    escrowed.connect()
    assert escrowed.run(3.0) == [BillEscrowed(TWENTY)]  # to be decided anew


def test_unplugged_and_the_bill_went_back_meanwhile(escrowed):
    escrowed.protocol.disconnected()
    escrowed.escrow_full = False
    escrowed.happen((0, 0), RETURNED)
    escrowed.connect()
    returned, ready = escrowed.run(3.0)
    assert returned == BillReturned(TWENTY)
    assert ready.vouches is True


@pytest.mark.parametrize("answer", [None, (5, b""), (0, b"\xff")])
def test_a_device_that_cannot_extend_is_believed(escrowed, answer):
    escrowed.answers[ROUTE] = answer
    escrowed.restart_driver()
    escrowed.run(5.0)
    assert escrowed.events == [BillEscrowed(TWENTY)]


def test_a_found_bill_that_is_gone(escrowed):
    escrowed.escrow_full = False
    escrowed.restart_driver()
    (ready,) = escrowed.run(10.0)
    assert ready.vouches is False
