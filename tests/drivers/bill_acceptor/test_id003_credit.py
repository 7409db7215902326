"""The heart: one credit for one bill, whatever the line, the power and the driver's life do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bill_acceptor.commands import AcknowledgeCredit, Stack
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorFaultCleared,
    AcceptorReady,
    Bill,
    BillEscrowed,
    BillReturned,
    BillStacked,
    BillStacking,
    CreditSettled,
    PoweredUp,
)
from drivers.faults import FaultCode

VERSION_TEXT = "U(USA)-10-SS ID003-05V128-45 01JAN24 1A2B"
TWENTY = Bill(2000, "USD")
ACK, RESET, STACK_1 = 0x50, 0x40, 0x41


@pytest.fixture
def stacked(ready_bench):
    """A bill of 20 stacked, VEND VALID on the line, not acknowledged."""
    bench = ready_bench
    bench.say("13 65")
    bench.command(Stack())
    assert bench.say("15")[-1] == BillStacked(TWENTY)
    bench.events.clear()
    bench.sent.clear()
    return bench


def kinds(events, *types):
    return [event for event in events if isinstance(event, types)]


def test_escrow_is_no_credit(ready_bench):
    assert ready_bench.say("13 65", 5.0) == [BillEscrowed(TWENTY)]


def test_a_cycle_with_every_status(ready_bench, names):
    bench = ready_bench
    bench.say("12")
    bench.say("13 65")
    bench.command(Stack())
    bench.say("14")
    bench.say("15")
    bench.on[ACK] = "16"
    bench.command(AcknowledgeCredit())
    bench.run()
    bench.say("11")
    assert names(bench.events) == [
        "BillAccepting",
        "BillEscrowed",
        "BillStacking",
        "BillStacked",
        "CreditSettled",
    ]
    assert bench.codes(0xC3) == [STACK_1, ACK]


def test_the_cycle_of_the_real_device_log(ready_bench, names):
    """Stacking and stacked were both missed there: 13, STACK, 15, 15, ACK, 11."""
    bench = ready_bench
    bench.say("13 63")
    bench.on[STACK_1] = "15"
    bench.command(Stack())
    bench.run()
    bench.on[ACK] = "11"
    bench.command(AcknowledgeCredit())
    bench.run()
    assert names(bench.events) == ["BillEscrowed", "BillStacked", "CreditSettled"]
    assert bench.events[1] == BillStacked(Bill(500, "USD"))


def test_nothing_is_acknowledged_before_the_core_has_committed(stacked):
    stacked.run(60.0)
    assert stacked.events == []
    assert stacked.codes() == []


def test_the_acknowledgement_leaves_at_once_and_settles_once(stacked):
    stacked.on[ACK] = "11"
    stacked.command(AcknowledgeCredit())
    stacked.run(3.0)
    assert kinds(stacked.events, CreditSettled, BillStacked) == [CreditSettled()]
    assert stacked.codes(0xC3) == [ACK]


def test_an_acknowledgement_lost_on_the_line_is_repeated(stacked):
    acks = iter(["15", "15", "11"])

    def take_the_third():
        stacked.status = next(acks)

    stacked.on[ACK] = take_the_third
    stacked.command(AcknowledgeCredit())
    stacked.run(3.0)
    assert stacked.codes(0xC3) == [ACK] * 3
    assert kinds(stacked.events, CreditSettled, BillStacked) == [CreditSettled()]


def test_a_credit_the_device_forgets_is_settled_without_an_acknowledgement(stacked):
    assert kinds(stacked.say("11"), CreditSettled) == [CreditSettled()]
    stacked.command(AcknowledgeCredit())
    stacked.run()
    assert ACK not in stacked.codes()


def test_when_acknowledging_does_not_help_reset_does_and_the_credit_stays_one(stacked):
    stacked.on[RESET] = "15"
    stacked.command(AcknowledgeCredit())
    stacked.run(2.0)
    codes = stacked.codes()
    assert codes[:11] == [ACK] * 10 + [RESET]
    assert codes[11:12] == [ACK]
    assert kinds(stacked.events, BillStacked, CreditSettled) == []
    stacked.on[ACK] = "16"
    stacked.run()
    stacked.say("1A", 2.0)
    assert kinds(stacked.events, BillStacked, CreditSettled) == [CreditSettled()]
    assert stacked.events[-1] == AcceptorReady(
        stacked.events[-1].denominations, True, VERSION_TEXT
    )


def test_a_credit_that_even_reset_does_not_free_is_a_fault_until_it_settles(stacked):
    stacked.on[RESET] = "15"
    stacked.command(AcknowledgeCredit())
    stacked.run(10.0)
    faults = kinds(stacked.events, AcceptorFault)
    assert [fault.code for fault in faults] == [FaultCode.ACCEPTOR_PROTOCOL]
    stacked.say("11", 1.0)
    assert stacked.events.count(AcceptorFaultCleared(FaultCode.ACCEPTOR_PROTOCOL)) == 1
    assert kinds(stacked.events, CreditSettled, BillStacked) == [CreditSettled()]


def test_a_device_gone_mute_in_vend_valid_is_reset_and_reports_the_same_credit(stacked):
    """Seen on a real device: a minute without ACK, then nothing but RESET is answered."""
    stacked.is_mute = True
    stacked.run(3.0)
    assert stacked.codes() == []
    stacked.run(1.5)
    assert stacked.codes() == [RESET]
    stacked.is_mute = False
    stacked.say("1B")
    stacked.say("15")
    stacked.on[ACK] = "11"
    stacked.command(AcknowledgeCredit())
    stacked.run(2.0)
    assert kinds(stacked.events, BillStacked, CreditSettled) == [CreditSettled()]


def test_a_power_cycle_between_credit_and_acknowledgement(stacked):
    stacked.on[RESET] = "1B"
    stacked.say("42")
    stacked.say("14")
    stacked.say("15")
    assert kinds(stacked.events, BillStacked) == []
    stacked.on[ACK] = "16"
    stacked.command(AcknowledgeCredit())
    stacked.run()
    stacked.say("1A", 2.0)
    assert kinds(stacked.events, BillStacked, CreditSettled, AcceptorReady) == [
        CreditSettled(),
        AcceptorReady(stacked.events[-1].denominations, False, VERSION_TEXT),
    ]


def test_a_commit_while_the_device_was_away_is_acknowledged_when_it_is_back(stacked):
    stacked.protocol.disconnected()
    stacked.command(AcknowledgeCredit())
    assert stacked.codes() == []
    stacked.on[ACK] = "11"
    stacked.connect()
    stacked.run(2.0)
    assert stacked.codes()[0] == ACK
    assert kinds(stacked.events, BillStacked, CreditSettled) == [CreditSettled()]
    assert isinstance(stacked.events[-1], AcceptorReady)


def test_vend_valid_found_by_a_new_driver_has_no_bill(bench):
    bench.status = "15"
    bench.connect()
    assert bench.run() == [BillStacked(None)]
    bench.on[ACK] = "11"
    bench.command(AcknowledgeCredit())
    bench.run(2.0)
    assert [type(event) for event in bench.events] == [BillStacked, CreditSettled, AcceptorReady]
    assert RESET not in bench.codes()


def test_power_lost_while_stacking_and_the_credit_comes_after_reset(ready_bench):
    bench = ready_bench
    bench.say("13 65")
    bench.command(Stack())
    bench.say("14")
    bench.on[RESET] = "1B"
    bench.say("42")
    bench.say("15")
    assert bench.events == [
        BillEscrowed(TWENTY),
        BillStacking(),
        PoweredUp("stacker"),
        BillStacked(TWENTY),
    ]


def test_power_lost_while_stacking_found_by_a_new_driver(bench):
    bench.status = "42"
    bench.on[RESET] = "1B"
    bench.connect()
    bench.run()
    bench.say("15")
    bench.on[ACK] = "1A"
    bench.command(AcknowledgeCredit())
    bench.run(2.0)
    assert bench.events[:3] == [PoweredUp("stacker"), BillStacked(None), CreditSettled()]
    assert not kinds(bench.events[3:], AcceptorReady)[0].vouches
    assert len(bench.events) == 4


def test_after_42_without_vend_valid_the_device_does_not_vouch(ready_bench):
    bench = ready_bench
    bench.say("13 65")
    bench.command(Stack())
    bench.say("14")
    bench.events.clear()
    bench.on[RESET] = "1B"
    bench.say("42")
    bench.say("14")
    bench.say("1A", 2.0)
    assert kinds(bench.events, BillStacked, BillReturned) == []
    assert bench.events[-1] == AcceptorReady(bench.events[-1].denominations, False, VERSION_TEXT)


def test_stacked_is_never_credit(ready_bench):
    bench = ready_bench
    bench.say("13 65")
    bench.command(Stack())
    bench.say("16")
    bench.say("11")
    assert kinds(bench.events, BillStacked, BillReturned) == []
    assert isinstance(bench.events[-1], AcceptorReady)  # it holds no bill, and said nothing of it


@pytest.mark.parametrize("after", ["14", "1B", "45", "46", "44", "47", "4A", "99"])
def test_vend_valid_behind_any_other_status_is_the_same_credit(stacked, after):
    stacked.say(after)
    stacked.say("15")
    assert kinds(stacked.events, BillStacked, CreditSettled) == []


@pytest.mark.parametrize("after", ["16", "43"])
def test_after_a_power_cycle_stacked_does_not_prove_that_our_ack_was_taken(stacked, after):
    stacked.command(AcknowledgeCredit())
    stacked.run(0.3)
    stacked.on[RESET] = after
    stacked.say("42")
    stacked.say("15")
    assert kinds(stacked.events, BillStacked, CreditSettled) == []


def test_two_bills_are_two_credits(stacked):
    stacked.on[ACK] = "11"
    stacked.command(AcknowledgeCredit())
    stacked.run()
    stacked.say("13 65")
    stacked.command(Stack())
    stacked.say("15")
    assert kinds(stacked.events, BillStacked, CreditSettled) == [
        CreditSettled(),
        BillStacked(TWENTY),
    ]


def test_the_stack_command_survives_a_lost_answer(ready_bench):
    bench = ready_bench
    bench.say("13 65")
    bench.lost = 1
    bench.command(Stack())
    bench.run()
    assert bench.codes(0xC3)[:2] == [STACK_1, STACK_1]


def test_a_lost_answer_to_a_stack_that_was_obeyed(ready_bench):
    bench = ready_bench
    bench.say("13 65")
    bench.on[STACK_1] = "14"
    bench.lost = 1
    bench.command(Stack())
    bench.run()
    bench.say("15")
    assert bench.codes(0xC3) == [STACK_1]
    assert kinds(bench.events, BillStacked) == [BillStacked(TWENTY)]


# ENDS are the statuses a device shows only when the credit before is done with.
ENDS = {"11", "1A", "12", "13 65", "17 71", "18"}
LIFE = st.sampled_from(
    ["15", *sorted(ENDS), "14", "1B", "40", "41", "42", "44", "45", "47", "stack", "ack", "away"]
)


@given(life=st.lists(LIFE, max_size=30))
def test_one_credit_and_one_settlement_for_each_stretch_of_vend_valid(new_bench, life):
    bench = new_bench("USD").ready()
    credits_due, is_open = 0, False
    for step in life:
        if step == "stack":
            bench.command(Stack())
        elif step == "ack":
            bench.command(AcknowledgeCredit())
        elif step == "away":
            bench.protocol.disconnected()
            bench.connect()
        else:
            bench.say(step, 0.4)
            credits_due += step == "15" and not is_open
            is_open = step == "15" or (is_open and step not in ENDS)
    assert len(kinds(bench.events, BillStacked)) == credits_due
    assert len(kinds(bench.events, CreditSettled)) == credits_due - is_open
    named = [event.bill for event in kinds(bench.events, BillStacked, BillReturned) if event.bill]
    assert len(named) <= bench.events.count(BillEscrowed(TWENTY))
