"""The heart: one credit for one bill, whatever the line, the power and the driver's life do."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.bill_acceptor.commands import AcknowledgeCredit, Enable, Return, Stack
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorReady,
    Bill,
    BillEscrowed,
    BillReturned,
    BillStacked,
    BillStacking,
    CreditSettled,
    PoweredUp,
)
from ebds_bench import FIRMWARE, USD_BILLS, Bench, frame

TWENTY = Bill(2000, "USD")
USD_20 = "USD020+00"
STACK = "10 7F 3C 14"


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def ready_bench(bench):
    return bench.ready()


@pytest.fixture
def escrowed(ready_bench):
    ready_bench.command(Enable())
    assert ready_bench.say("04", USD_20) == [BillEscrowed(TWENTY)]
    ready_bench.events.clear()
    ready_bench.heard.clear()
    return ready_bench


@pytest.fixture
def stacked(escrowed):
    """A bill of 20 stacked, reported, not acknowledged."""
    escrowed.command(Stack())
    assert escrowed.say("11", USD_20) == [BillStacked(TWENTY)]
    escrowed.events.clear()
    escrowed.heard.clear()
    return escrowed


def kinds(events, *types):
    return [event for event in events if isinstance(event, types)]


def test_escrow_is_no_credit(ready_bench):
    assert ready_bench.say("04", USD_20, 5.0) == [BillEscrowed(TWENTY)]


def test_a_cycle_with_every_status(ready_bench, names):
    bench = ready_bench
    bench.say("02")
    bench.say("04", USD_20)
    bench.device.on_stack = lambda: setattr(bench.device, "status", "08 10 00 00")
    bench.command(Stack())
    bench.run(0.3)
    bench.say("08")
    bench.say("11", USD_20)
    bench.device.on_stack = lambda: None
    bench.command(AcknowledgeCredit())
    bench.run()
    bench.say("01")
    assert names(bench.events) == [
        "BillAccepting",
        "BillEscrowed",
        "BillStacking",
        "BillStacked",
        "CreditSettled",
    ]
    assert bench.payloads().count(STACK) == 1


def test_the_bit_is_held_until_the_core_has_committed(stacked):
    stacked.run(60.0)
    assert stacked.events == []
    assert len(set(stacked.heard)) == 1  # identical, bit and all
    bit = stacked.heard[0][2] & 1
    assert bit == stacked.device.bit
    stacked.command(AcknowledgeCredit())
    stacked.say("01")
    assert stacked.bits()[stacked.bits().index(bit ^ 1) :][:2] == [bit ^ 1, bit]
    assert stacked.events == [CreditSettled()]


def test_a_repetition_under_way_settles_nothing(stacked):
    """The commit comes while one is out; only the answer to the flipped bit proves that it was taken."""
    held = stacked.device.bit
    while len(stacked.heard) < 3:
        stacked.run(0.02)
    stacked.is_mute = True
    stacked.run(0.15)
    assert stacked.bits()[-1] == held
    stacked.command(AcknowledgeCredit())
    stacked.hear(stacked.device.said)
    assert stacked.events == []
    stacked.is_mute = False
    assert stacked.say("01") == [CreditSettled()]


def test_a_long_silence_over_a_credit_slips_nothing(stacked):
    stacked.is_mute = True
    stacked.run(25.0)
    assert len(set(stacked.heard)) == 1
    stacked.is_mute = False
    stacked.command(AcknowledgeCredit())
    stacked.say("01")
    stacked.protocol.disconnected()
    stacked.connect()
    stacked.run(2.0)
    assert stacked.events == [CreditSettled(), AcceptorReady(USD_BILLS, True, FIRMWARE)]


def test_a_credit_told_where_a_line_of_the_table_was_asked_for(bench):
    """Its index is 0, so it is no line; and it is held through silence like any other."""
    bench.device.tell_instead = True
    bench.connect()
    assert bench.run(1.0) == [BillStacked(None)]
    bit = bench.bits()[-1]
    bench.is_mute = True
    bench.run(3.0)
    assert set(bench.bits()[-8:]) == {bit}
    assert len(set(bench.heard[-8:])) == 1


def test_the_flip_lost_on_the_line_is_repeated_with_the_same_bit(stacked):
    held = stacked.device.bit
    stacked.command(AcknowledgeCredit())
    stacked.is_mute = True
    stacked.run(2.0)
    assert stacked.events == []
    assert {sent[2] & 1 for sent in stacked.heard[-5:]} == {held ^ 1}
    stacked.is_mute = False
    assert stacked.say("01") == [CreditSettled()]


def test_a_unit_that_shows_stacked_for_several_polls(stacked):
    stacked.command(AcknowledgeCredit())
    stacked.run(3.0)  # flipped again and again, and it still says 11
    assert stacked.events == [CreditSettled()]
    stacked.say("01", None, 3.0)
    assert kinds(stacked.events, BillStacked) == []


@pytest.mark.parametrize("is_late", [True, False])
def test_a_report_with_the_other_bit_answers_an_older_message(escrowed, is_late):
    escrowed.command(Stack())
    escrowed.say("08")
    escrowed.is_mute = True
    escrowed.run(0.2)  # a poll is out, its answer is not there yet
    bit = escrowed.bits()[-1] ^ is_late
    escrowed.hear(frame(0x20 | bit, bytes.fromhex("11 10 20 00 54 10")))
    credited = kinds(escrowed.events, BillStacked)
    assert credited == ([] if is_late else [BillStacked(TWENTY)])


@pytest.mark.parametrize("at", range(3, 11))
def test_a_report_damaged_on_its_way_is_no_credit_and_told_again(escrowed, at):
    escrowed.command(Stack())
    escrowed.say("08")
    escrowed.is_mute = True
    escrowed.run(0.2)
    report = bytearray(frame(0x20 | escrowed.bits()[-1], bytes.fromhex("11 10 20 00 54 10")))
    report[at] ^= 0x80
    escrowed.hear(bytes(report))
    assert kinds(escrowed.events, BillStacked) == []
    escrowed.is_mute = False
    assert escrowed.say("11", USD_20) == [BillStacked(TWENTY)]


def test_a_lost_stacked_report_is_told_again(escrowed):
    escrowed.command(Stack())
    escrowed.say("08")
    escrowed.lost = 3
    assert escrowed.say("11", USD_20, 2.0) == [BillStacked(TWENTY)]


def test_the_stack_command_is_not_executed_twice(escrowed):
    done = []

    def stack():
        done.append(1)
        escrowed.device.status, escrowed.device.note = "08 10 00 00", None

    escrowed.device.on_stack = stack
    escrowed.lost = 2
    escrowed.command(Stack())
    escrowed.run(2.0)
    assert done == [1]
    assert escrowed.events == [BillStacking()]


def test_a_unit_that_shows_escrow_for_several_polls_after_the_decision(escrowed):
    escrowed.command(Stack())
    assert escrowed.run(1.0) == []
    assert escrowed.say("11", USD_20) == [BillStacked(TWENTY)]
    assert kinds(escrowed.events, BillEscrowed) == []


@pytest.mark.parametrize("status", ["11 11 00 00", "10 11 00 00"])
def test_stacked_together_with_cheated_is_credit_and_no_fault(escrowed, status):
    escrowed.command(Stack())
    assert escrowed.say(status, USD_20) == [BillStacked(TWENTY)]


def test_a_blank_stacked_report_is_no_credit(escrowed):
    """A bill pushed into the cassette without credit: nobody can say, so nobody vouches."""
    escrowed.command(Stack())
    events = escrowed.say("11", "")
    assert events == [AcceptorReady(USD_BILLS, False, FIRMWARE)]


@pytest.mark.parametrize("note", ["", None])
def test_a_blank_stacked_report_with_no_bill_about_is_ignored(ready_bench, note):
    ready_bench.say("00 00 00 00")
    ready_bench.events.clear()
    events = ready_bench.say("11", note)
    assert kinds(events, BillStacked, BillReturned) == []
    ready_bench.say("01")
    assert kinds(ready_bench.events, AcceptorReady)[0].vouches is True


def test_two_bills_are_two_credits(stacked):
    stacked.command(AcknowledgeCredit())
    stacked.say("01")
    stacked.say("04", USD_20)
    stacked.command(Stack())
    stacked.say("11", USD_20)
    assert kinds(stacked.events, BillStacked, CreditSettled) == [
        CreditSettled(),
        BillStacked(TWENTY),
    ]


def test_a_new_driver_that_repeats_the_bit_meets_the_credit_again(stacked):
    stacked.device.bit = 1  # as the new driver's first message
    stacked.device.said = frame(stacked.device.said[2] | 1, stacked.device.said[3:-2])
    stacked.new_driver()
    assert stacked.run() == [BillStacked(None)]
    stacked.command(AcknowledgeCredit())
    stacked.say("01", None, 2.0)
    assert stacked.events[1:] == [CreditSettled(), AcceptorReady(USD_BILLS, False, FIRMWARE)]


def test_a_new_driver_that_flips_the_bit_does_not_vouch(stacked):
    stacked.device.bit = 0
    stacked.device.status, stacked.device.note = "01 10 00 00", None
    stacked.new_driver()
    assert stacked.run(2.0) == [AcceptorReady(USD_BILLS, False, FIRMWARE)]


def test_a_cable_out_and_in_loses_nothing(escrowed):
    """The device stacked, and told it into the void; the same bit makes it tell again."""
    escrowed.command(Stack())
    escrowed.device.on_stack = lambda: setattr(escrowed.device, "status", "08 10 00 00")
    escrowed.device.note = None
    escrowed.run(0.3)
    escrowed.device.status, escrowed.device.note = "11 10 00 00", USD_20
    escrowed.lost = 1
    escrowed.run(0.2)
    escrowed.protocol.disconnected()
    escrowed.connect()
    assert escrowed.run(1.0) == [BillStacked(TWENTY)]
    escrowed.command(AcknowledgeCredit())
    escrowed.say("01", None, 2.0)
    assert escrowed.events[-2:] == [CreditSettled(), AcceptorReady(USD_BILLS, True, FIRMWARE)]


def test_what_follows_a_lost_link_is_a_plain_poll_with_the_same_bit(escrowed):
    """Not the STACK that was never answered: another bill may be in escrow by now."""
    escrowed.is_mute = True
    escrowed.command(Stack())
    escrowed.run(1.0)
    assert escrowed.payloads()[-1] == STACK
    bit = escrowed.bits()[-1]
    escrowed.protocol.disconnected()
    escrowed.is_mute = False
    escrowed.heard.clear()
    escrowed.connect()
    assert escrowed.run(1.0) == [BillEscrowed(TWENTY)]
    assert (escrowed.payloads()[0], escrowed.bits()[0]) == ("10 7F 1C 14", bit)
    assert STACK not in escrowed.payloads()


def test_a_commit_while_the_device_was_away_is_acknowledged_when_it_is_back(stacked):
    stacked.protocol.disconnected()
    stacked.command(AcknowledgeCredit())
    stacked.connect()
    stacked.say("01", None, 2.0)
    assert stacked.events == [CreditSettled(), AcceptorReady(USD_BILLS, True, FIRMWARE)]


def test_power_lost_while_stacking_and_the_credit_comes_after_it(escrowed):
    escrowed.command(Stack())
    escrowed.say("08")
    escrowed.say("08 10 01 00")
    escrowed.say("11", USD_20)
    assert escrowed.events == [BillStacking(), PoweredUp("stacker"), BillStacked(TWENTY)]
    escrowed.command(AcknowledgeCredit())
    escrowed.say("01", None, 2.0)
    assert kinds(escrowed.events, AcceptorReady)[0].vouches is False


@pytest.mark.parametrize("note", ["", None])
def test_power_lost_while_stacking_and_no_value_told(escrowed, note):
    escrowed.command(Stack())
    escrowed.say("08")
    escrowed.say("10 10 01 00", note)
    escrowed.say("01", None, 2.0)
    assert kinds(escrowed.events, BillStacked, BillReturned) == []
    assert escrowed.events[-1] == AcceptorReady(USD_BILLS, False, FIRMWARE)


def test_power_lost_between_credit_and_commit(stacked):
    stacked.device.bit = None  # it starts anew
    stacked.say("00 10 01 00")
    assert stacked.events == [PoweredUp("nowhere")]
    stacked.command(AcknowledgeCredit())
    stacked.say("11", USD_20)  # told again, as policy B promises
    stacked.say("01", None, 2.0)
    assert kinds(stacked.events, BillStacked, CreditSettled) == [CreditSettled()]


def test_a_credit_the_device_forgets_is_settled(stacked):
    stacked.device.bit = None
    assert stacked.say("01") == [CreditSettled()]


def test_stacked_after_a_jam_is_credit(escrowed):
    escrowed.command(Stack())
    escrowed.say("08 14 00 00")
    assert kinds(escrowed.events, AcceptorFault)[0].code == "stacker-jam"
    escrowed.say("11", USD_20, 2.0)
    assert kinds(escrowed.events, BillStacked, AcceptorReady) == [BillStacked(TWENTY)]
    escrowed.command(AcknowledgeCredit())
    escrowed.say("01")
    assert escrowed.events[-2:] == [CreditSettled(), AcceptorReady(USD_BILLS, False, FIRMWARE)]


def test_lines_of_the_table_are_no_credit_whatever_the_status_beside_them(bench):
    bench.device.status = "11 10 00 00"
    bench.connect()
    assert bench.run(3.0) == [AcceptorReady(USD_BILLS, False, FIRMWARE)]


STATES = st.sampled_from(["01", "02", "04", "08", "11", "20", "41", "00 10 01 00", "01 14 00 00"])
LIFE = st.one_of(STATES, st.sampled_from(["stack", "return", "ack", "away", "lose"]))


@given(life=st.lists(LIFE, max_size=30))
@example(life=["00 10 01 00", "20", "11"])  # on its way out, unseen before, and stacked after all
def test_never_more_credits_than_bills_and_each_settled_once(life):
    bench = Bench().ready()
    for step in life:
        if step == "stack":
            bench.command(Stack())
        elif step == "return":
            bench.command(Return())
        elif step == "ack":
            bench.command(AcknowledgeCredit())
        elif step == "away":
            bench.protocol.disconnected()
            bench.connect()
        elif step == "lose":
            bench.lost = 1
        else:
            bench.say(step, USD_20 if step in {"04", "11"} else None, 0.4)
    told = kinds(bench.events, BillStacked)
    settled = kinds(bench.events, CreditSettled)
    ended = [event for event in kinds(bench.events, BillStacked, BillReturned) if event.bill]
    assert len(told) - len(settled) in {0, 1}
    assert len(ended) <= bench.events.count(BillEscrowed(TWENTY))
    assert len(told) <= 1 + bench.events.count(BillEscrowed(TWENTY))  # one found at the start
    order = [event for event in bench.events if isinstance(event, BillStacked | CreditSettled)]
    assert all(isinstance(event, BillStacked) for event in order[::2])
