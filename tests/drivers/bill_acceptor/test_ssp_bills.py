"""Bills in escrow and bills that go back: nothing is polled before the decision, and each end is told once."""

import pytest

from drivers.bill_acceptor.commands import Disable, Hold, Return, Stack
from drivers.bill_acceptor.events import (
    AcceptorReady,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillRejected,
    BillReturned,
    BillStacking,
    PoweredUp,
)
from drivers.faults import RejectReason
from ssp_bench import DISABLE, HOLD, LAST_REJECT, POLLS, REJECT, UNFIT, UNKNOWN, SspBench

TWENTY = Bill(2000, "USD")
FIFTY = Bill(5000, "USD")


@pytest.fixture(params=["acks, encrypted", "no acks, plain"])
def bench(request):
    modern = request.param == "acks, encrypted"
    return SspBench(acks=modern, encrypts=modern).ready()


@pytest.fixture
def escrowed(bench):
    assert bench.happen("EF 00") == [BillAccepting()]
    assert bench.escrow() == [BillEscrowed(TWENTY)]
    bench.events.clear()
    bench.forget()
    return bench


def names(events):
    return [type(event).__name__ for event in events]


def test_nothing_is_polled_while_a_bill_waits(escrowed):
    """The next poll would accept it; 10 s without a command would give it back."""
    escrowed.run(30.0)
    assert escrowed.polls() == 0
    gaps = [b - a for a, b in zip(escrowed.sent_at_s, escrowed.sent_at_s[1:], strict=False)]
    assert set(escrowed.codes()) == {HOLD}
    assert max(gaps) < 3.0
    assert escrowed.events == []


def test_stack_is_a_poll_and_polls_go_on(escrowed):
    escrowed.command(Stack())
    escrowed.run(0.1)
    assert (len(escrowed.sent), escrowed.polls()) == (1, 1)
    assert escrowed.happen("CC") == [BillStacking()]
    assert escrowed.codes() == []


def test_a_decision_waits_for_the_reply_to_hold(escrowed):
    escrowed.run(2.0)
    escrowed.command(Stack())
    escrowed.run(0.5)
    assert escrowed.polls() >= 2
    assert escrowed.codes() == [HOLD]


def test_return_is_reject_and_told_when_the_bill_is_out(escrowed):
    escrowed.command(Return())
    assert escrowed.happen("ED") == []
    assert escrowed.codes() == [REJECT]
    assert escrowed.happen("EC") == [BillReturned(TWENTY)]
    assert LAST_REJECT not in escrowed.codes()


def test_a_return_that_comes_too_late_is_followed_by_polls(escrowed):
    escrowed.in_escrow = False
    escrowed.command(Return())
    escrowed.run(5.0)
    assert set(escrowed.codes()) == {REJECT}
    assert escrowed.polls() > 0


def test_a_second_bill_in_the_slot_keeps_the_device_busy_for_a_while(escrowed):
    """F5 does not yet say that the bill is gone: a poll now would accept it."""
    escrowed.refused[REJECT] = UNFIT
    escrowed.command(Return())
    escrowed.run(2.5)
    assert escrowed.polls() == 0
    escrowed.refused.clear()
    escrowed.on[REJECT] = "ED,EC"
    assert escrowed.run(2.0) == [BillReturned(TWENTY)]


def test_a_held_bill_is_held_for_long_and_not_for_ever(escrowed):
    escrowed.run(60.0)
    escrowed.command(Hold())
    escrowed.run(110.0)
    assert REJECT not in escrowed.codes()
    escrowed.on[REJECT] = "ED,EC"
    assert escrowed.run(20.0) == [BillReturned(TWENTY)]
    assert escrowed.codes(HOLD) == [REJECT]


def test_a_bill_that_left_escrow_by_itself_is_asked_for(escrowed):
    """HOLD is answered with F5: it is no longer there; polls tell what became of it."""
    escrowed.in_escrow = False
    escrowed.run(5.5)
    assert escrowed.polls() > 0
    assert escrowed.happen("ED,EC") == [
        BillRejected(RejectReason.NOT_RECOGNISED, "02 average", from_escrow=True)
    ]


def test_a_rejected_bill_never_was_in_escrow(bench):
    assert bench.happen("EF 00") == [BillAccepting()]
    assert bench.happen("ED") == []
    assert bench.happen("EC") == [
        BillRejected(RejectReason.NOT_RECOGNISED, "02 average", from_escrow=False)
    ]
    assert bench.codes() == [LAST_REJECT]
    assert bench.run() == []


def test_a_device_that_does_not_tell_the_reason(bench):
    bench.refused[LAST_REJECT] = UNKNOWN
    assert bench.happen("EF 00,ED,EC")[-1] == BillRejected(
        RejectReason.OTHER, "EC without a reason", from_escrow=False
    )


def test_a_bill_rejected_on_its_way_to_the_stacker(escrowed):
    escrowed.command(Stack())
    assert names(escrowed.happen("CC,ED,EC")) == ["BillStacking", "BillRejected"]
    assert escrowed.events[-1].from_escrow


def test_two_rejects_are_two(bench):
    bench.happen("ED,EC")
    bench.happen("ED,EC")
    assert names(bench.events) == ["BillRejected", "BillRejected"]


@pytest.mark.parametrize("channel", ["02", "08", "FF"])
def test_a_bill_without_a_denomination_goes_back(bench, channel):
    (rejected,) = bench.escrow(channel)
    assert (rejected.reason, rejected.from_escrow) == (RejectReason.NOT_RECOGNISED, False)
    assert bench.codes() == [REJECT]
    assert bench.happen("ED,EC") == []


def test_a_decision_without_a_bill_means_nothing(bench):
    for command in (Stack(), Return(), Hold()):
        bench.command(command)
    bench.run()
    bench.forget()
    bench.escrow()
    assert bench.polls() <= 2
    assert bench.codes() == []


def test_a_bill_that_is_offered_again_is_stacked_again(escrowed):
    """The decision is for this bill; the device has not obeyed it yet."""
    escrowed.command(Stack())
    escrowed.run(0.3)
    assert escrowed.happen("EF 05") == []
    assert escrowed.polls() > 2


def test_another_bill_in_escrow_is_offered_and_the_first_is_nobodys(escrowed):
    escrowed.command(Stack())
    escrowed.run(0.3)
    assert escrowed.escrow("06") == [BillEscrowed(FIFTY)]
    escrowed.command(Return())
    assert escrowed.happen("EC", 2.0)[0] == BillReturned(FIFTY)
    ready = escrowed.events[-1]
    assert isinstance(ready, AcceptorReady)
    assert not ready.vouches


def test_disabling_leaves_the_bill_alone_until_it_is_gone(escrowed):
    escrowed.command(Disable())
    escrowed.run(5.0)
    assert DISABLE not in escrowed.codes()
    escrowed.command(Return())
    escrowed.happen("EC")
    assert escrowed.codes(HOLD) == [REJECT, DISABLE]


def test_a_bill_in_escrow_at_a_new_connection_is_offered_again(escrowed):
    escrowed.reconnect()
    assert escrowed.run() == [BillEscrowed(TWENTY)]
    assert escrowed.polls() == 0
    escrowed.command(Return())
    assert escrowed.happen("ED,EC")[0] == BillReturned(TWENTY)


def test_a_decision_that_did_not_leave_was_for_the_escrow_before(escrowed):
    escrowed.is_mute = True
    escrowed.run(2.0)  # HOLD is under way, and not answered
    escrowed.command(Return())
    escrowed.protocol.disconnected()
    escrowed.is_mute = False
    escrowed.connect()
    assert escrowed.run(5.0) == [BillEscrowed(TWENTY)]
    assert REJECT not in escrowed.codes()
    assert escrowed.polls() == 0


def test_a_decision_that_left_is_sent_again_as_it_was(escrowed):
    escrowed.lost = 1
    escrowed.command(Return())
    escrowed.run(0.1)
    escrowed.reconnect()
    assert escrowed.packets[0] == escrowed.packets[1]
    escrowed.happen("ED,EC")
    assert escrowed.codes().count(REJECT) == 1
    assert names(escrowed.events) == ["BillRejected"]
    assert escrowed.events[0].from_escrow


def test_a_bill_that_a_new_driver_finds_in_escrow_goes_back(escrowed):
    """Its channel was told to the process before, and no command tells it again."""
    escrowed.new_driver()
    escrowed.run()
    assert escrowed.codes().count(REJECT) == 1
    assert not POLLS & {data[0] for data in escrowed.sent[: escrowed.codes().index(REJECT)]}
    escrowed.happen("ED,EC", 8.0)
    assert escrowed.events[:-1] == an_unseen_bill_went_back(escrowed)
    assert not escrowed.events[-1].vouches


def an_unseen_bill_went_back(bench):
    """A device without EVENT ACK tells a credit once: ours may have been credited to the process before, which died
    of it, and its slot stood open since. So nobody says that it was ours."""
    return [BillReturned(None)] if bench.acks else []


def test_a_bill_that_went_back_at_the_word_of_the_process_before(escrowed):
    """Only the host's REJECT has this code, and only a bill in escrow hears it."""
    escrowed.command(Return())
    escrowed.happen("ED")
    escrowed.new_driver()
    escrowed.refused[LAST_REJECT] = b"\xf0\x08"
    escrowed.happen("EC", 8.0)
    assert escrowed.events[:-1] == an_unseen_bill_went_back(escrowed)
    assert not escrowed.events[-1].vouches


def test_a_bill_the_device_gave_back_while_we_were_away(escrowed):
    escrowed.protocol.disconnected()
    escrowed.now_s += 30.0
    escrowed.in_escrow, escrowed.lasting = False, "E8"
    escrowed.connect()
    escrowed.happen("ED,EC", 8.0)
    assert names(escrowed.events) == ["BillRejected", "AcceptorReady"]
    assert escrowed.events[0].from_escrow
    assert escrowed.events[1].vouches


@pytest.mark.parametrize("events", ["F1 E1 05", "F1,E1 00", "E1 05"])
def test_power_lost_in_escrow_and_the_bill_comes_out_of_the_front(escrowed, events):
    escrowed.power_cycle(events.replace(" E1", ",E1"))
    escrowed.run(12.0)
    assert names(escrowed.events) == ["PoweredUp", "BillReturned", "AcceptorReady"]
    assert escrowed.events[:2] == [PoweredUp("acceptor"), BillReturned(TWENTY)]
    assert not escrowed.events[2].vouches


def test_power_lost_in_escrow_and_not_a_word_of_the_bill(escrowed):
    escrowed.power_cycle()
    escrowed.run(12.0)
    assert names(escrowed.events) == ["PoweredUp", "AcceptorReady"]
    assert not escrowed.events[1].vouches


def test_a_bill_that_is_never_heard_of_again(escrowed):
    escrowed.command(Stack())
    escrowed.run(6.0)
    assert names(escrowed.events) == ["AcceptorReady"]
    assert not escrowed.events[0].vouches


@pytest.mark.parametrize("is_told_by_hold", [True, False])
def test_another_bill_of_the_same_value_behind_a_reply_given_up_is_not_ours(is_told_by_hold):
    """The poll that took ours into the cashbox was heard, its reply never was, and a device without EVENT ACK tells a
    credit once. What is in escrow when the line is back may be the next bill: it goes back, and nobody vouches."""
    bench = SspBench(acks=False, encrypts=False).ready()
    bench.escrow()
    bench.command(Stack())
    bench.is_mute = True
    bench.run(8.0)
    bench.is_mute = False
    bench.in_escrow = is_told_by_hold
    bench.reconnect()
    if not is_told_by_hold:
        bench.run(3.0)
        bench.escrow()
    bench.events.clear()
    bench.happen("ED,EC", 8.0)
    assert names(bench.events) == ["AcceptorReady"]
    assert not bench.events[0].vouches
    assert REJECT in bench.codes()
