"""The heart: one credit for one bill, whatever the line, the power and the driver's life do."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ccnet_bench import ACK, NAK, NAMED, POLL, RESET, STACK, CcnetBench
from drivers.bill_acceptor.commands import AcknowledgeCredit, Enable, Stack
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

TWENTY, FIFTY = Bill(2000, "USD"), Bill(5000, "USD")


@pytest.fixture
def bench():
    return CcnetBench().ready()


@pytest.fixture
def stacked(bench):
    """A bill of 20 stacked, 81 on the line, not committed."""
    bench.say("80 04")
    bench.command(Stack())
    assert bench.say("81 04")[-1] == BillStacked(TWENTY)
    bench.events.clear()
    bench.forget()
    return bench


def kinds(events, *types):
    return [event for event in events if isinstance(event, types)]


def test_escrow_is_no_credit(bench):
    assert bench.say("80 04", 5.0) == [BillEscrowed(TWENTY)]


def test_a_cycle_with_every_status(bench):
    bench.command(Enable())
    bench.say("14")
    bench.forget()
    bench.say("15")
    bench.say("80 04")
    bench.on[STACK] = "17"
    bench.command(Stack())
    bench.run()
    bench.say("81 04")
    bench.on[ACK] = "14"
    bench.command(AcknowledgeCredit())
    bench.run()
    assert bench.events == [
        BillAccepting(),
        BillEscrowed(TWENTY),
        BillStacking(),
        BillStacked(TWENTY),
        CreditSettled(),
    ]
    assert bench.codes() == [STACK]


def test_every_repetition_is_refused_until_the_core_has_committed(stacked):
    stacked.run(60.0)
    assert stacked.events == []
    assert stacked.codes() == []
    assert set(stacked.verdicts()) == {NAK}
    assert stacked.verdicts() == [NAK] * stacked.sent.count(bytes([POLL]))


def test_the_acknowledgement_answers_the_next_repetition_not_the_core(stacked):
    """The device takes an ACK only right behind its data; a loose one might be meant for the next."""
    stacked.command(AcknowledgeCredit())
    assert ACK not in stacked.verdicts()
    stacked.on[ACK] = "14"
    stacked.run()
    credited = stacked.sent.index(bytes([ACK]))
    assert stacked.sent[credited - 1] == bytes([POLL])
    assert kinds(stacked.events, CreditSettled, BillStacked) == [CreditSettled()]


def test_an_acknowledgement_lost_on_the_line_is_repeated(stacked):
    acks = iter(["81 04", "81 04", "19"])

    def take_the_third():
        stacked.status = next(acks, "19")

    stacked.on[ACK] = take_the_third
    stacked.command(AcknowledgeCredit())
    stacked.run(3.0)
    assert kinds(stacked.events, CreditSettled, BillStacked) == [CreditSettled()]


def test_a_credit_the_device_forgets_is_settled_without_an_acknowledgement(stacked):
    assert kinds(stacked.say("19"), CreditSettled) == [CreditSettled()]
    stacked.command(AcknowledgeCredit())
    assert kinds(stacked.run(), CreditSettled, BillStacked) == []


def test_when_acknowledging_does_not_help_reset_does_and_the_credit_stays_one(stacked):
    stacked.on[RESET] = "81 04"
    stacked.command(AcknowledgeCredit())
    stacked.run(3.0)
    assert stacked.codes() == [RESET]
    assert stacked.verdicts()[:10] == [ACK] * 10
    assert kinds(stacked.events, BillStacked, CreditSettled) == []
    stacked.on[ACK] = "19"
    stacked.run(2.0)
    assert kinds(stacked.events, BillStacked, CreditSettled) == [CreditSettled()]
    assert kinds(stacked.events, AcceptorReady) == [AcceptorReady(usd_bills(), True, NAMED)]


def test_a_credit_that_even_reset_does_not_free_is_a_fault_until_it_settles(stacked):
    stacked.on[RESET] = "81 04"
    stacked.command(AcknowledgeCredit())
    stacked.run(12.0)
    faults = kinds(stacked.events, AcceptorFault)
    assert [fault.code for fault in faults] == [FaultCode.ACCEPTOR_PROTOCOL]
    stacked.say("14")
    assert stacked.events.count(AcceptorFaultCleared(FaultCode.ACCEPTOR_PROTOCOL)) == 1
    assert kinds(stacked.events, CreditSettled, BillStacked) == [CreditSettled()]


def test_a_power_cycle_between_credit_and_acknowledgement(stacked):
    stacked.on[RESET] = "13"
    stacked.say("12", 1.0)
    stacked.say("81 04")
    assert kinds(stacked.events, BillStacked) == []
    stacked.on[ACK] = "19"
    stacked.command(AcknowledgeCredit())
    stacked.run(2.0)
    assert kinds(stacked.events, PoweredUp, BillStacked, CreditSettled, AcceptorReady) == [
        PoweredUp("stacker"),
        CreditSettled(),
        AcceptorReady(usd_bills(), False, NAMED),
    ]


def test_a_commit_while_the_device_was_away_is_acknowledged_when_it_is_back(stacked):
    stacked.protocol.disconnected()
    stacked.command(AcknowledgeCredit())
    stacked.on[ACK] = "19"
    stacked.connect()
    stacked.run(2.0)
    assert kinds(stacked.events, BillStacked, CreditSettled) == [CreditSettled()]
    assert isinstance(stacked.events[-1], AcceptorReady)


def test_a_credit_found_by_a_new_driver_has_no_bill():
    bench = CcnetBench()
    bench.status = "81 04"
    bench.connect()
    assert bench.run() == [BillStacked(None)]
    assert set(bench.verdicts()) == {NAK}
    bench.on[ACK] = "19"
    bench.command(AcknowledgeCredit())
    bench.run(2.0)
    assert bench.events[1:] == [CreditSettled(), AcceptorReady(usd_bills(), True, NAMED)]
    assert RESET not in bench.codes()


def test_power_lost_while_stacking_and_the_credit_comes_after_reset(bench):
    bench.say("80 04")
    bench.command(Stack())
    bench.say("17")
    bench.on[RESET] = "13"
    bench.say("12", 1.0)
    bench.say("81 04")
    assert bench.events == [
        BillEscrowed(TWENTY),
        BillStacking(),
        PoweredUp("stacker"),
        BillStacked(TWENTY),
    ]


def test_power_lost_while_stacking_found_by_a_new_driver():
    bench = CcnetBench()
    bench.status = "12"
    bench.on[RESET] = "13"
    bench.connect()
    bench.run()
    bench.say("81 04")
    bench.on[ACK] = "19"
    bench.command(AcknowledgeCredit())
    bench.run(2.0)
    assert bench.events == [
        PoweredUp("stacker"),
        BillStacked(None),
        CreditSettled(),
        AcceptorReady(usd_bills(), False, NAMED),
    ]


def test_after_12_without_81_the_device_does_not_vouch(bench):
    bench.say("80 04")
    bench.command(Stack())
    bench.say("17")
    bench.events.clear()
    bench.on[RESET] = "13"
    bench.say("12", 1.0)
    bench.say("19", 2.0)
    assert bench.events == [PoweredUp("stacker"), AcceptorReady(usd_bills(), False, NAMED)]


def test_a_bill_that_was_to_be_stacked_and_ends_without_a_word_is_not_vouched_for(bench):
    """Neither 81 nor 82 nor 1C: by its own document that cannot be."""
    bench.say("80 04")
    bench.command(Stack())
    bench.say("17")
    events = bench.say("19", 2.0)
    assert kinds(events, BillStacked, BillReturned) == []
    assert events[-1].vouches is False


def test_the_device_stacks_another_type_than_it_held(bench):
    """Its last word counts, and the core will see that it is not the bill it asked to stack."""
    bench.say("80 04")
    bench.command(Stack())
    assert bench.say("81 05")[-1] == BillStacked(FIFTY)


def test_a_credit_that_names_no_type_is_the_bill_that_was_held(bench):
    bench.say("80 04")
    bench.command(Stack())
    assert bench.say("81")[-1] == BillStacked(TWENTY)


@pytest.mark.parametrize(
    "after", ["17", "13", "43", "44", "45", "42", "41", "46", "47 50", "1B 0A", "99"]
)
def test_81_behind_any_other_status_is_the_same_credit(stacked, after):
    stacked.say(after)
    stacked.say("81 04")
    assert kinds(stacked.events, BillStacked, CreditSettled) == []


@pytest.mark.parametrize("after", ["41", "42"])
def test_a_full_cassette_behind_our_acknowledgement_settles_it(stacked, after):
    stacked.on[ACK] = after
    stacked.command(AcknowledgeCredit())
    stacked.run()
    assert kinds(stacked.events, CreditSettled) == [CreditSettled()]


def test_after_a_power_cycle_a_full_cassette_does_not_prove_that_our_ack_was_taken(stacked):
    stacked.command(AcknowledgeCredit())
    stacked.run(0.5)
    assert ACK in stacked.verdicts()
    stacked.on[RESET] = "41"
    stacked.say("12", 2.0)
    stacked.say("81 04")
    assert kinds(stacked.events, BillStacked, CreditSettled) == []


def test_two_bills_are_two_credits(stacked):
    stacked.on[ACK] = "14"
    stacked.command(AcknowledgeCredit())
    stacked.run()
    del stacked.on[ACK]
    stacked.say("80 04")
    stacked.command(Stack())
    stacked.say("81 04")
    assert kinds(stacked.events, BillStacked, CreditSettled) == [
        CreditSettled(),
        BillStacked(TWENTY),
    ]


def test_the_stack_command_survives_a_lost_answer(bench):
    bench.say("80 04")
    bench.lost = 1
    bench.command(Stack())
    bench.run()
    assert bench.codes()[:2] == [STACK, STACK]


def test_a_lost_answer_to_a_stack_that_was_obeyed(bench):
    bench.say("80 04")
    bench.on[STACK] = "17"
    bench.lost = 1
    bench.command(Stack())
    bench.run()
    bench.say("81 04")
    assert bench.codes() == [STACK]
    assert kinds(bench.events, BillStacked) == [BillStacked(TWENTY)]


def usd_bills():
    return tuple(Bill(value * 100, "USD") for value in (1, 5, 10, 20, 50, 100))


# ENDS are the statuses a device shows only when the credit before is done with.
ENDS = {"14", "19", "15", "80 04", "1C 60", "18", "82 04", "1A"}
OTHERS = ["17", "13", "10", "11", "12", "42", "43", "46", "1B 0A"]
LIFE = st.sampled_from(["81 04", *sorted(ENDS), *OTHERS, "stack", "ack", "away", "lose"])


SEEN_S = 2.0  # however the line was left: quiet, a poll whose answer is lost, quiet again, a poll


@given(life=st.lists(LIFE, max_size=25))
@example(life=["81 04", "lose", "14", "81 04"])
def test_one_credit_and_one_settlement_for_each_stretch_of_81(life):
    bench = CcnetBench().ready()
    credits_due, is_open = 0, False
    for step in life:
        if step == "stack":
            bench.command(Stack())
        elif step == "ack":
            bench.command(AcknowledgeCredit())
        elif step == "away":
            bench.reconnect()
        elif step == "lose":
            bench.lost = 1
        else:
            bench.say(step, SEEN_S)
            credits_due += step == "81 04" and not is_open
            is_open = step == "81 04" or (is_open and step not in ENDS)
    assert len(kinds(bench.events, BillStacked)) == credits_due
    assert len(kinds(bench.events, CreditSettled)) == credits_due - is_open
    named = [event.bill for event in kinds(bench.events, BillStacked, BillReturned) if event.bill]
    assert len(named) <= bench.events.count(BillEscrowed(TWENTY))
