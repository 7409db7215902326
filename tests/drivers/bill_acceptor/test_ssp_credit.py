"""A credit: told once, held until the core has it on record, let go of once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bill_acceptor.commands import AcknowledgeCredit, Stack
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorFaultCleared,
    AcceptorReady,
    Bill,
    BillReturned,
    BillStacked,
    CreditSettled,
    PoweredUp,
)
from drivers.faults import FaultCode
from ssp_bench import EVENT_ACK, SYNC, SspBench

TWENTY = Bill(2000, "USD")
FIFTY = Bill(5000, "USD")
MONEY = (BillStacked, CreditSettled, BillReturned)


def money(events):
    return [event for event in events if isinstance(event, MONEY)]


def build(acks):
    bench = SspBench(acks=acks, encrypts=acks).ready()
    bench.escrow()
    bench.in_escrow = False
    bench.command(Stack())
    bench.happen("CC")
    bench.events.clear()
    return bench


@pytest.fixture(params=[True, False], ids=["acks, encrypted", "no acks, plain"])
def stacking(request):
    return build(request.param)


@pytest.fixture
def stacked(stacking):
    assert stacking.happen("EE 05", 0.3) == [BillStacked(TWENTY)]
    stacking.events.clear()
    stacking.forget()
    return stacking


@pytest.fixture
def acking():
    bench = build(acks=True)
    bench.happen("EE 05", 0.3)
    bench.events.clear()
    bench.forget()
    return bench


def test_until_the_commit_the_same_packet_is_sent_again(stacked):
    """A new one would let the device forget the credit. It is also told within each 10 s that we live."""
    last = stacked.packets[-1:]
    stacked.run(60.0)
    assert stacked.events == []
    assert stacked.sent == []
    assert len(stacked.packets) >= 30
    assert len(set(stacked.packets + last)) == 1


def test_the_commit_lets_the_device_go_on_and_settles_once(stacked):
    stacked.command(AcknowledgeCredit())
    stacked.run(0.5)
    assert stacked.codes() == [EVENT_ACK] * stacked.acks
    assert stacked.happen("EB", 3.0) == [CreditSettled()]
    assert stacked.run(10.0) == []


@pytest.mark.parametrize(
    "told", ["EE 05 EB", "EB EE 05", "EE 05,EB", "EB,EE 05", "CC EE 05,CC,EB", "EE 05,CC EB"]
)
def test_credit_and_stacked_come_in_any_order(stacking, told):
    for reply in told.split(","):
        stacking.happen(",".join(reply.replace("EE 05", "EE05").split()), 0.3)
        stacking.command(AcknowledgeCredit())
    stacking.run()
    assert money(stacking.events) == [BillStacked(TWENTY), CreditSettled()]


def test_stacked_is_never_credit(stacking):
    assert money(stacking.happen("EB", 10.0)) == []


def test_a_credit_is_not_settled_while_the_bill_moves(stacked):
    stacked.lasting = "CC"
    stacked.command(AcknowledgeCredit())
    assert stacked.run(5.0) == []
    stacked.lasting = ""
    assert stacked.happen("EB") == [CreditSettled()]


def test_a_lost_reply_that_told_the_credit_is_asked_for_again(stacking):
    stacking.lost = 2
    assert stacking.happen("EE 05", 3.0) == [BillStacked(TWENTY)]
    assert SYNC not in stacking.codes()


def test_a_lost_reply_to_the_acknowledgement(acking):
    acking.lost = 1
    acking.command(AcknowledgeCredit())
    acking.happen("EB", 3.0)
    assert acking.codes() == [EVENT_ACK]
    assert acking.events == [CreditSettled()]


def test_an_acknowledgement_that_does_not_help_is_repeated_and_said(acking):
    acking.lasting = "EE 05"
    acking.command(AcknowledgeCredit())
    (fault,) = acking.run(10.0)
    assert (fault.code, fault.detail) == (
        FaultCode.ACCEPTOR_PROTOCOL,
        "the credit persists after EVENT ACK (57)",
    )
    acking.lasting = ""
    cleared = AcceptorFaultCleared(FaultCode.ACCEPTOR_PROTOCOL)
    assert acking.happen("EB") == [CreditSettled(), cleared]


def test_two_bills_are_two_credits(stacked):
    stacked.command(AcknowledgeCredit())
    stacked.run()
    stacked.happen("EF 00")
    stacked.escrow()
    stacked.command(Stack())
    stacked.happen("EE 05")
    assert money(stacked.events) == [CreditSettled(), BillStacked(TWENTY)]


def test_the_device_names_the_bill_that_was_not_the_one_in_escrow(stacking):
    assert money(stacking.happen("EE 06")) == [BillStacked(FIFTY)]


def test_silence_while_the_credit_waits_gives_nothing_up(stacked):
    stacked.is_mute = True
    stacked.run(20.0)
    stacked.is_mute = False
    stacked.run(2.0)
    assert SYNC not in stacked.codes()
    stacked.command(AcknowledgeCredit())
    stacked.happen("EB", 9.0)
    assert money(stacked.events) == [CreditSettled()]


def test_unplugged_between_credit_and_commit(stacked):
    last = stacked.packets[-1:]
    stacked.protocol.disconnected()
    stacked.connect()
    stacked.run(3.0)
    assert SYNC not in stacked.codes()
    assert len(set(stacked.packets + last)) == 1
    stacked.command(AcknowledgeCredit())
    stacked.run(8.0)
    assert money(stacked.events) == [CreditSettled()]
    assert isinstance(stacked.events[-1], AcceptorReady)


def test_unplugged_with_a_poll_unanswered_that_told_the_credit(stacking):
    """It is sent again before SYNC; after SYNC the device would not tell it once more."""
    stacking.lost = 1
    stacking.happen("EE 05", 0.3)
    assert money(stacking.events) == []
    stacking.reconnect()
    assert stacking.run() == [BillStacked(TWENTY)]
    assert SYNC not in stacking.codes()


def test_a_new_driver_meets_a_credit_that_waits_for_its_acknowledgement(acking):
    acking.new_driver()
    assert acking.run() == [BillStacked(TWENTY)]
    acking.command(AcknowledgeCredit())
    acking.run(5.0)
    assert acking.codes().count(EVENT_ACK) == 1
    assert [type(event) for event in acking.events] == [BillStacked, CreditSettled, AcceptorReady]


def test_a_new_driver_does_not_vouch_for_what_a_poll_told_another():
    bench = build(acks=False)
    bench.happen("EE 05")
    bench.new_driver()
    (ready,) = bench.run(8.0)
    assert ready.vouches is False


def test_power_lost_before_the_commit_and_the_bill_told_again(stacked):
    stacked.power_cycle("F1,E2 05")
    stacked.run(3.0)
    assert stacked.events == [PoweredUp("stacker")]
    stacked.command(AcknowledgeCredit())
    stacked.run(8.0)
    assert money(stacked.events) == [CreditSettled()]
    assert isinstance(stacked.events[-1], AcceptorReady)
    assert not stacked.events[-1].vouches


def test_power_lost_between_credit_and_rest_is_one_credit(stacked):
    """EE was told and committed; the bill was still on its way, so E2 names it again when it starts."""
    stacked.lasting = "CC"
    stacked.command(AcknowledgeCredit())
    stacked.run()
    stacked.power_cycle("")
    stacked.lasting = ""
    stacked.run(3.0)
    stacked.happen("F1,E2 05", 9.0)
    assert money(stacked.events) == [CreditSettled()]


@pytest.mark.parametrize(
    "word", ["E2 05", "E2 00", "CA", "CB", "CA D0070000555344", "CB D0070000555344"]
)
def test_power_lost_while_stacking_and_the_bill_went_in(stacking, word):
    stacking.power_cycle(f"F1,{word}")
    stacking.run(2.0)
    assert stacking.events == [PoweredUp("stacker"), BillStacked(TWENTY)]
    stacking.command(AcknowledgeCredit())
    stacking.run(9.0)
    assert money(stacking.events[2:]) == [CreditSettled()]


@pytest.mark.parametrize("word", ["E1 05", "E1 00", "CD", "CD D0070000555344"])
def test_power_lost_while_stacking_and_the_bill_came_out(stacking, word):
    stacking.power_cycle(f"F1,{word}")
    stacking.run(9.0)
    assert stacking.events[:2] == [PoweredUp("acceptor"), BillReturned(TWENTY)]


@pytest.mark.parametrize(
    ("word", "bill"),
    [("E2 05", TWENTY), ("E2 00", None), ("CA", None), ("CB D0070000555344", TWENTY)],
)
@pytest.mark.parametrize("acks", [True, False])
def test_a_new_driver_meets_the_word_of_a_power_up(word, bill, acks):
    bench = SspBench(acks=acks)
    bench.power_cycle(f"F1,{word}")
    bench.connect()
    bench.run(3.0)
    assert bench.events == [PoweredUp("stacker"), BillStacked(bill)]
    bench.command(AcknowledgeCredit())
    bench.run(9.0)
    assert money(bench.events[2:]) == [CreditSettled()]
    assert not bench.events[-1].vouches


def test_the_power_up_is_told_well_before_the_device_may_forget_it(stacking):
    stacking.power_cycle("F1")
    while not stacking.events:
        stacking.run(0.01)
    told = len(stacking.sent)
    stacking.run(0.25)
    assert len(stacking.sent) == told
    stacking.run(0.5)
    assert len(stacking.sent) > told


def test_jammed_after_the_credit(stacked):
    stacked.lasting = "EA"
    stacked.command(AcknowledgeCredit())
    (fault,) = stacked.run(5.0)
    assert isinstance(fault, AcceptorFault)
    stacked.lasting = ""
    assert stacked.run(2.0) == [AcceptorFaultCleared(FaultCode.STACKER_JAM)]
    assert stacked.run(2.0) == [CreditSettled()]  # EB never came; nothing moves any more


STEPS = st.sampled_from(["stack", "commit", "away", "lose", "CC", "EB", "quiet", "E8"])


@given(steps=st.lists(STEPS, max_size=14), acks=st.booleans())
def test_however_the_line_and_the_core_are_a_credit_is_one(steps, acks):
    bench = build(acks)
    for step in ["EE 05", *steps]:
        if step == "stack":
            bench.command(Stack())
        elif step == "commit":
            bench.command(AcknowledgeCredit())
        elif step == "away":
            bench.reconnect()
        elif step == "lose":
            bench.lost = 2
        elif step == "quiet":
            bench.run(4.0)
        else:
            bench.happen(step, 0.5)
    bench.run(3.0)
    bench.command(AcknowledgeCredit())
    bench.run(12.0)
    assert money(bench.events) == [BillStacked(TWENTY), CreditSettled()]
