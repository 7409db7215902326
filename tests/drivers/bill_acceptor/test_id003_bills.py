"""Bills that go back, and bills found inside: each told once, with the right end."""

import pytest

from drivers.bill_acceptor.commands import Disable, Enable, Hold, Return, Stack
from drivers.bill_acceptor.events import (
    AcceptorReady,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillRejected,
    BillReturned,
    PoweredUp,
)
from drivers.faults import RejectReason

TWENTY = Bill(2000, "USD")
FIFTY = Bill(5000, "USD")
RESET, STACK_1, RETURN, HOLD = 0x40, 0x41, 0x43, 0x44


@pytest.fixture
def escrowed(ready_bench):
    ready_bench.command(Enable())
    ready_bench.say("11")
    ready_bench.say("13 65")
    ready_bench.events.clear()
    ready_bench.sent.clear()
    return ready_bench


def test_a_rejected_bill_never_was_in_escrow(ready_bench):
    ready_bench.say("12")
    assert ready_bench.say("17 71") == [
        BillRejected(RejectReason.INSERTED_BADLY, "17 71 insertion", from_escrow=False)
    ]
    assert ready_bench.say("11") == []


def test_the_escrow_time_out_rejects_the_bill(escrowed):
    assert escrowed.say("17 79", 2.0) == []  # it may still jam on its way out
    assert escrowed.say("11") == [
        BillRejected(
            RejectReason.NOT_TAKEN_NOW,
            "17 79 inhibited, or no decision in escrow",
            from_escrow=True,
        )
    ]


def test_a_bill_that_jams_on_its_way_out_is_not_called_rejected(escrowed):
    escrowed.say("17 79", 1.0)
    escrowed.say("45", 1.0)
    escrowed.say("1B")
    told = escrowed.say("11", 2.0)
    assert [event for event in told if isinstance(event, BillRejected | BillReturned)] == []
    assert told[-1].vouches is False


def test_a_return_is_told_when_the_bill_is_out(escrowed):
    escrowed.on[RETURN] = "18"
    escrowed.command(Return())
    assert escrowed.run() == []
    assert escrowed.say("11") == [BillReturned(TWENTY)]
    assert escrowed.codes(0xC3) == [RETURN]


def test_the_return_of_the_real_device_log(escrowed):
    """RETURNING was missed there: 13, RETURN, 50, RETURN, 4B, 11."""
    escrowed.on[RETURN] = "11"
    escrowed.command(Return())
    assert escrowed.run() == [BillReturned(TWENTY)]


def test_a_refused_return_is_tried_again_while_the_bill_waits(escrowed):
    escrowed.refused = {RETURN}
    escrowed.command(Return())
    escrowed.run(0.35)
    escrowed.refused = set()
    escrowed.on[RETURN] = "11"
    assert escrowed.run() == [BillReturned(TWENTY)]


def test_hold_is_renewed_before_the_escrow_ends(escrowed):
    escrowed.command(Hold())
    escrowed.run(10.0)
    escrowed.say("19", 3.0)
    holds = [payload for payload in escrowed.sent if payload[0] == HOLD]
    assert holds == [b"\x44\x0a"] * 4  # at 0, 4, 8 and 12 s
    escrowed.on[STACK_1] = "14"
    escrowed.command(Stack())
    escrowed.run()
    assert escrowed.codes()[-1] == STACK_1


def test_a_decision_without_a_bill_means_nothing(ready_bench):
    for command in (Stack(), Return(), Hold()):
        ready_bench.command(command)
    ready_bench.run()
    ready_bench.say("13 65")
    assert ready_bench.codes() == []


def test_disabling_leaves_the_bill_in_escrow_alone(escrowed):
    escrowed.command(Disable())
    escrowed.run()
    assert escrowed.codes() == []
    escrowed.say("11")
    assert escrowed.sent[-1] == b"\x11"
    assert b"\xc3\x01" in escrowed.sent


@pytest.mark.parametrize("code", ["62", "68", "6F 30 31", ""])
def test_a_bill_without_a_denomination_goes_back(ready_bench, code):
    ready_bench.on[RETURN] = "18"
    events = ready_bench.say(f"13 {code}")
    assert [type(event) for event in events] == [BillRejected]
    assert (events[0].reason, events[0].from_escrow) == (RejectReason.NOT_RECOGNISED, False)
    assert ready_bench.codes() == [RETURN]
    assert ready_bench.say("11") == []


def test_a_bill_taken_while_nobody_listened_was_returned(escrowed):
    """The line was dead; another bill is in escrow now. The first cannot have been stacked."""
    assert escrowed.say("13 66") == [BillReturned(TWENTY), BillEscrowed(FIFTY)]
    assert escrowed.say("12") == [BillReturned(FIFTY), BillAccepting()]


def test_escrow_found_at_connection(bench):
    bench.status = "13 65"
    bench.connect()
    assert bench.run() == [BillEscrowed(TWENTY)]
    assert RESET not in bench.codes()
    bench.on[RETURN] = "18"
    bench.command(Return())
    bench.run()
    bench.status = "11"
    events = bench.run(2.0)
    assert [type(event) for event in events] == [BillReturned, AcceptorReady]


def test_escrow_found_by_a_device_that_will_not_tell_its_table(bench):
    bench.status, bench.refused = "13 65", {0x8A}
    bench.on[RETURN] = "18"
    bench.connect()
    assert [type(event) for event in bench.run()] == [BillRejected]


def test_escrow_is_offered_again_after_the_link_was_lost(escrowed):
    escrowed.on[STACK_1] = "14"
    escrowed.is_mute = True
    escrowed.command(Stack())
    escrowed.protocol.disconnected()
    escrowed.is_mute = False
    escrowed.connect()
    assert escrowed.say("13 65", 2.0) == [BillEscrowed(TWENTY)]
    assert escrowed.codes().count(STACK_1) == 1  # the decision was for the escrow before


def test_a_decision_does_not_outlive_the_link_even_when_the_bill_is_held(escrowed):
    escrowed.is_mute = True
    escrowed.command(Stack())
    escrowed.protocol.disconnected()
    escrowed.is_mute = False
    escrowed.sent.clear()
    escrowed.status = "19"
    escrowed.connect()
    escrowed.run()
    assert STACK_1 not in escrowed.codes()


def test_a_bill_the_device_gave_back_while_we_were_away(escrowed):
    escrowed.protocol.disconnected()
    escrowed.now_s += 30.0
    escrowed.connect()
    escrowed.status = "1A"
    events = escrowed.run(2.0)
    assert [type(event) for event in events] == [BillReturned, AcceptorReady]
    assert events[0] == BillReturned(TWENTY)
    assert events[1].vouches is True


@pytest.mark.parametrize("on_the_way_out", ["18", "17 73", "1B"])
def test_power_lost_in_escrow_and_the_bill_comes_back(escrowed, on_the_way_out):
    escrowed.on[RESET] = "1B"
    escrowed.say("41")
    escrowed.say(on_the_way_out)
    escrowed.status = "1A"
    escrowed.run(2.0)
    assert escrowed.events[:2] == [PoweredUp("acceptor"), BillReturned(TWENTY)]
    assert isinstance(escrowed.events[2], AcceptorReady)
    assert not escrowed.events[2].vouches
    assert len(escrowed.events) == 3


def test_a_bill_found_inside_by_a_new_driver_comes_back_nameless(bench):
    bench.status = "41"
    bench.on[RESET] = "18"
    bench.connect()
    bench.run()
    bench.status = "1A"
    bench.run(2.0)
    assert bench.events[:2] == [PoweredUp("acceptor"), BillReturned(None)]
    assert isinstance(bench.events[2], AcceptorReady)


@pytest.mark.parametrize(
    ("word", "end"), [("17 71", [BillReturned(None)]), ("18", [BillReturned(None)]), ("44", [])]
)
def test_a_bill_found_inside_that_jams_went_where_the_device_says(bench, word, end):
    """Without a word of the device, whoever opened the machine may have taken it."""
    bench.status = "41"
    bench.on[RESET] = "1B"
    bench.connect()
    bench.run()
    bench.say("45")
    bench.say(word)
    bench.say("1A", 2.0)
    bills = [event for event in bench.events if isinstance(event, BillReturned | BillRejected)]
    assert bills == end


def test_a_bill_found_inside_and_offered_again(escrowed):
    escrowed.on[RESET] = "1B"
    escrowed.say("41")
    assert escrowed.say("13 65") == [BillEscrowed(TWENTY)]


def test_power_lost_in_escrow_and_the_machine_is_empty(escrowed):
    """Pulled out while the power was off: nobody saw it, so nobody says so."""
    escrowed.on[RESET] = "1B"
    escrowed.say("40")
    escrowed.status = "1A"
    events = escrowed.run(2.0)
    assert [type(event) for event in events] == [AcceptorReady]
    assert not events[0].vouches


def test_a_reset_that_found_the_bill_says_where_it_went(escrowed):
    escrowed.on[RESET] = "18"
    escrowed.say("40")
    escrowed.status = "1A"
    events = escrowed.run(2.0)
    assert [type(event) for event in events] == [BillReturned, AcceptorReady]
