"""The line: in step and out of step, silence, pace, and noise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccnet_bench import ACK, NAK, POLL, RESET, CcnetBench, frame
from drivers.bill_acceptor.ccnet.protocol import Ccnet
from drivers.bill_acceptor.commands import AcknowledgeCredit, Stack
from drivers.bill_acceptor.events import Bill, BillAccepting, BillStacked, CreditSettled

TWENTY = Bill(2000, "USD")


@pytest.fixture
def bench():
    return CcnetBench().ready()


@pytest.fixture
def stacked(bench):
    """A bill of 20 stacked, 81 on the line, not committed."""
    bench.say("80 04")
    bench.command(Stack())
    bench.say("81 04")
    bench.events.clear()
    bench.forget()
    return bench


def kinds(events, *types):
    return [event for event in events if isinstance(event, types)]


@pytest.fixture
def stacking(bench):
    """STACK was obeyed, and a poll is on its way whose answer a test gives."""
    bench.say("80 04")
    bench.command(Stack())
    bench.say("17")
    bench.is_mute = True
    while bench.sent[-1] != bytes([POLL]):
        bench.run(0.01)
    bench.forget()
    return bench


def test_two_answers_at_once_are_heard_and_neither_is_acknowledged(stacking):
    """17 of the poll before, 81 of this one: an ACK for the first would be taken for the second."""
    stacking.hear("17", "81 04")
    assert stacking.verdicts() == [NAK]
    assert stacking.events[-1] == BillStacked(TWENTY)


def test_where_one_answer_was_too_many_an_81_may_be_under_way_that_nobody_has_heard(stacking):
    stacking.hear("17", "17")
    assert stacking.verdicts() == [NAK]


def test_a_late_answer_is_heard_and_not_answered(stacking):
    stacking.run(0.4)
    stacking.hear("17")
    stacking.hear("81 04")
    assert stacking.verdicts() == []
    assert stacking.events[-1] == BillStacked(TWENTY)


def test_after_a_lost_answer_the_line_is_left_quiet_until_nothing_can_be_under_way(stacking):
    asked_s = stacking.now_s
    stacking.is_mute = False
    stacking.run(2.0)
    assert stacking.sent_at_s[0] - asked_s >= 0.79  # 0.3 s waiting, 0.5 s quiet
    assert stacking.sent[:2] == [bytes([POLL]), bytes([ACK])]


def test_after_a_refusal_the_line_is_left_quiet_too(stacked):
    """Some devices say their data again at once; that must not be taken for the next answer."""
    stacked.run(5.0)
    refused_s = [
        at_s
        for payload, at_s in zip(stacked.sent, stacked.sent_at_s, strict=True)
        if payload[0] == NAK
    ]
    polled_s = [
        at_s
        for payload, at_s in zip(stacked.sent, stacked.sent_at_s, strict=True)
        if payload[0] == POLL and at_s > refused_s[0]
    ]
    assert len(polled_s) > 5
    assert all(min(abs(at - nak) for nak in refused_s if nak < at) >= 0.49 for at in polled_s)


def test_a_line_that_is_never_quiet_is_asked_all_the_same(stacking):
    for _ in range(40):
        stacking.hear("17")
        stacking.run(0.05)
    assert stacking.sent.count(bytes([POLL])) >= 2


def test_a_repetition_in_the_same_read_is_the_same_credit(stacked):
    stacked.command(AcknowledgeCredit())
    stacked.run(0.05)
    stacked.hear("81 04", "81 04")
    assert kinds(stacked.events, BillStacked, CreditSettled) == []


def test_a_device_that_says_it_again_at_once_is_not_answered_out_of_turn(stacked):
    stacked.run(0.05)
    stacked.forget()
    stacked.hear("81 04")
    assert stacked.verdicts() == []
    assert stacked.events == []


def test_a_frame_with_a_wrong_check_is_no_credit_and_no_acknowledgement(bench):
    bench.say("80 04")
    bench.command(Stack())
    bench.is_mute = True
    bench.run(0.3)
    bench.forget()
    bench._take(bench.protocol.received(bytes.fromhex("020307810400 00"), bench.now_s))
    assert kinds(bench.events, BillStacked) == []
    assert bench.verdicts() == []


def test_silence_is_answered_with_a_reset_before_the_port_is_given_up(bench):
    """The document: RESET after 5 s, and every 10 s at least; the port is opened anew after 7 s."""
    bench.is_mute = True
    bench.run(4.5)
    assert bench.codes() == []
    bench.run(2.4)
    assert bench.codes() == [RESET]
    bench.is_mute = False
    (ready,) = bench.run(2.0)
    assert ready.vouches is False  # whatever it held, it may have forgotten


def test_a_short_silence_is_only_polled(bench):
    bench.is_mute = True
    bench.run(2.0)
    bench.is_mute = False
    assert bench.run() == []
    assert bench.codes() == []


def test_a_device_that_did_not_understand_the_poll_is_there(bench):
    bench.status = "FF"
    assert bench.run(20.0) == []
    assert bench.codes() == []


def test_polls_keep_their_pace_and_each_answer_is_acknowledged(bench):
    bench.run(10.0)
    assert bench.sent.count(bytes([POLL])) == pytest.approx(50, abs=2)
    assert bench.verdicts() == [ACK] * bench.sent.count(bytes([POLL]))


def test_the_bus_is_free_for_a_while_after_each_acknowledgement():
    bench = CcnetBench()
    bench.connect()
    bench.run()
    for at, payload in enumerate(bench.sent[:-1]):
        if payload[0] in {ACK, NAK}:
            assert bench.sent_at_s[at + 1] - bench.sent_at_s[at] >= 0.0199


def test_the_beginning_of_a_long_frame_does_not_swallow_the_next_answers(bench):
    bench.is_mute = True
    bench.run(0.25)
    bench._take(bench.protocol.received(bytes([0x02, 0x03, 0xF0]), bench.now_s))
    bench.is_mute = False
    assert bench.say("15", 1.0) == [BillAccepting()]


def test_another_device_on_the_bus_is_not_ours(bench):
    coin_changer_full = frame("41", address=2)
    bench._take(bench.protocol.received(coin_changer_full, bench.now_s))
    assert bench.events == []


def test_a_new_connection_begins_by_asking_not_on_an_old_status(bench):
    bench.reconnect()
    bench.run(0.4)
    assert bench.sent == []  # what was under way when the line broke is not taken for an answer
    bench.run(0.15)
    assert bench.sent[:2] == [bytes([POLL]), bytes([ACK])]


def test_a_late_answer_is_still_a_status(bench):
    bench.hear("15")
    assert bench.events == [BillAccepting()]
    assert bench.verdicts() == []  # nobody asked: the device says it again


def test_late_answers_to_nothing_are_no_news(bench):
    for late in ("00", "30", "FF", bench.table.hex(), "00 00 00 00 00 00"):
        bench.hear(late)
    assert bench.events == []
    assert bench.verdicts() == []


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_noise_never_raises_nor_credits(chunks):
    protocol = Ccnet("USD")
    now_s = 0.0
    events = list(protocol.connected(now_s).events)
    for chunk in chunks:
        now_s += 0.05
        events += protocol.received(chunk, now_s).events
        events += protocol.ticked(now_s + 0.4).events
    assert events == []
