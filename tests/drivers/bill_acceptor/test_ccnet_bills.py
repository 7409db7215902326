"""Bills that go back, and bills found inside: each told once, with the right end."""

from itertools import pairwise

import pytest

from ccnet_bench import (
    BILL_TABLE,
    ENABLE,
    HOLD,
    NAMED,
    RESET,
    RETURN,
    STACK,
    CcnetBench,
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
    PoweredUp,
)
from drivers.faults import FaultCode, RejectReason

TWENTY, FIFTY = Bill(2000, "USD"), Bill(5000, "USD")
INHIBITED = BillRejected(RejectReason.NOT_TAKEN_NOW, "1C 68 inhibited", from_escrow=True)


@pytest.fixture
def bench():
    return CcnetBench().ready()


@pytest.fixture
def new_bench():
    """A driver that has not met the device yet."""
    return CcnetBench()


@pytest.fixture
def escrowed(bench):
    bench.command(Enable())
    bench.say("14")
    bench.say("80 04")
    bench.events.clear()
    bench.forget()
    return bench


def ends(events):
    return [event for event in events if isinstance(event, BillReturned | BillRejected)]


def test_a_rejected_bill_never_was_in_escrow(bench):
    bench.say("15")
    assert bench.say("1C 60") == [
        BillRejected(RejectReason.INSERTED_BADLY, "1C 60 insertion", from_escrow=False)
    ]
    assert bench.say("14") == []


def test_two_rejections_with_a_bill_between_are_two(bench):
    for _ in range(2):
        bench.say("15")
        bench.say("1C 65")
    assert len(ends(bench.events)) == 2


def test_a_return_is_told_when_the_bill_is_out(escrowed):
    escrowed.on[RETURN] = "18"
    escrowed.command(Return())
    assert escrowed.run() == []
    assert escrowed.say("82 04", 2.0) == [BillReturned(TWENTY)]
    assert escrowed.say("14") == []
    assert escrowed.codes() == [RETURN]


def test_a_return_whose_word_never_came(escrowed):
    """As in the public log: RETURN, ACK, and idling at once."""
    escrowed.on[RETURN] = "14"
    escrowed.command(Return())
    assert escrowed.run() == [BillReturned(TWENTY)]


def test_a_refused_return_is_tried_again_while_the_bill_waits(escrowed):
    escrowed.refused = {RETURN}
    escrowed.command(Return())
    escrowed.run(0.5)
    escrowed.refused = set()
    escrowed.on[RETURN] = "82 04"
    assert escrowed.run() == [BillReturned(TWENTY)]


def test_the_device_gives_a_bill_back_by_itself(escrowed):
    assert escrowed.say("18") == []
    assert escrowed.say("82 04") == [BillReturned(TWENTY)]


@pytest.mark.parametrize("word", ["82 04", "14"])
def test_a_bill_refused_out_of_escrow_is_told_when_it_is_out(escrowed, word):
    assert escrowed.say("1C 68", 2.0) == []  # it may still jam on its way
    assert escrowed.say(word) == [INHIBITED]
    assert escrowed.say("14") == []


def test_a_bill_refused_out_of_escrow_that_jams_is_not_called_rejected(escrowed):
    escrowed.say("1C 68")
    escrowed.say("43")
    escrowed.say("13")
    told = escrowed.say("19", 2.0)
    assert ends(told) == []
    assert told[-1].vouches is False


def test_while_the_core_decides_the_device_is_kept_from_giving_the_bill_back(escrowed):
    """It would after 10 s. Not for ever: a core that says nothing for a minute is not deciding."""
    escrowed.run(150.0)
    times_s = hold_times_s(escrowed)
    assert times_s[0] < 9.0
    assert all(late - early < 9.0 for early, late in pairwise(times_s))
    assert 50.0 < times_s[-1] < 70.0


def test_hold_goes_on_as_long_as_the_core_wants_it(escrowed):
    escrowed.command(Hold())
    escrowed.run(2.0)
    escrowed.say("1A", 98.0)
    times_s = hold_times_s(escrowed)
    assert times_s[0] < 0.5
    assert all(late - early < 9.0 for early, late in pairwise(times_s))
    assert times_s[-1] > 90.0
    escrowed.on[STACK] = "17"
    escrowed.command(Stack())
    escrowed.run()
    assert escrowed.codes()[-1] == STACK
    assert ends(escrowed.events) == []


def hold_times_s(bench):
    """Since the bill was offered, nearly."""
    sent = zip(bench.sent, bench.sent_at_s, strict=True)
    return [at_s - bench.sent_at_s[0] for payload, at_s in sent if payload[0] == HOLD]


def test_a_decision_without_a_bill_means_nothing(bench):
    for command in (Stack(), Return(), Hold()):
        bench.command(command)
    bench.run()
    bench.say("80 04")
    assert bench.codes() == []


def test_disabling_leaves_the_bill_in_escrow_alone(escrowed):
    escrowed.command(Disable())
    escrowed.run()
    assert escrowed.codes() == []
    escrowed.on[ENABLE] = "19"
    escrowed.say("14")
    assert bytes([ENABLE]) + bytes(6) in escrowed.sent


@pytest.mark.parametrize("data", ["01", "07", "17", "FF", ""])
def test_a_bill_without_a_denomination_goes_back(bench, data):
    """An unused type, one that is in no table, a bar code (17), nothing."""
    bench.on[RETURN] = "18"
    (rejected,) = bench.say(f"80 {data}")
    assert (rejected.reason, rejected.from_escrow) == (RejectReason.NOT_RECOGNISED, False)
    assert bench.codes() == [RETURN]
    assert bench.say(f"82 {data}") == []
    assert bench.say("14") == []


def test_a_bill_taken_while_nobody_listened_was_returned(escrowed):
    """The line was dead; another bill is in escrow now. The first cannot have been stacked."""
    assert escrowed.say("80 05") == [BillReturned(TWENTY), BillEscrowed(FIFTY)]
    assert escrowed.say("15") == [BillReturned(FIFTY), BillAccepting()]


def test_escrow_found_by_a_new_driver_goes_back_unnamed(new_bench):
    """The device does not tell its table in escrow, and a bill without a value cannot be offered."""
    new_bench.status, new_bench.refused = "80 04", {BILL_TABLE}
    new_bench.on[RETURN] = "18"
    new_bench.connect()
    assert new_bench.run() == []
    assert new_bench.codes() == [BILL_TABLE, RETURN]
    assert new_bench.say("82 04") == [BillReturned(None)]
    new_bench.refused.clear()
    (ready,) = new_bench.say("19", 2.0)
    assert ready.vouches is True
    assert RESET not in new_bench.codes()


def test_a_bill_on_hold_found_by_a_new_driver_goes_back_unnamed(new_bench):
    new_bench.status, new_bench.refused = "1A", {BILL_TABLE}
    new_bench.on[RETURN] = "82 04"
    new_bench.connect()
    assert new_bench.run() == [BillReturned(None)]


def test_escrow_found_by_a_new_driver_in_a_device_that_tells_its_table_all_the_same(new_bench):
    new_bench.status = "80 04"
    new_bench.connect()
    assert new_bench.run() == [BillEscrowed(TWENTY)]
    assert RETURN not in new_bench.codes()


def test_escrow_is_offered_again_after_the_link_was_lost(escrowed):
    escrowed.is_mute = True
    escrowed.command(Stack())
    escrowed.is_mute = False
    escrowed.reconnect()
    assert escrowed.run(2.0) == [BillEscrowed(TWENTY)]
    assert escrowed.codes().count(STACK) == 1  # the decision was for the escrow before


def test_a_bill_on_hold_is_offered_again_after_the_link_was_lost(escrowed):
    escrowed.command(Hold())
    escrowed.say("1A")
    escrowed.reconnect()
    assert escrowed.run(2.0) == [BillEscrowed(TWENTY)]
    assert STACK not in escrowed.codes()


@pytest.mark.parametrize("word", ["19", "82 04"])
def test_a_bill_the_device_gave_back_while_we_were_away(escrowed, word):
    escrowed.protocol.disconnected()
    escrowed.now_s += 30.0
    escrowed.connect()
    escrowed.say(word)
    escrowed.say("19", 2.0)
    assert escrowed.events[0] == BillReturned(TWENTY)
    assert escrowed.events[1].vouches is True
    assert len(escrowed.events) == 2


@pytest.mark.parametrize("on_the_way_out", ["18", "1C 62", "13", "82 04"])
def test_power_lost_in_escrow_and_the_bill_comes_back(escrowed, on_the_way_out):
    escrowed.on[RESET] = "13"
    escrowed.say("11", 1.0)
    escrowed.say(on_the_way_out)
    escrowed.say("19", 2.0)
    assert escrowed.events[:2] == [PoweredUp("acceptor"), BillReturned(TWENTY)]
    assert [ready.vouches for ready in escrowed.events[2:]] == [False]


def test_a_bill_found_inside_by_a_new_driver_comes_back_nameless(new_bench):
    new_bench.status = "11"
    new_bench.on[RESET] = "18"
    new_bench.connect()
    new_bench.run()
    new_bench.say("82 04")
    new_bench.say("19", 2.0)
    assert new_bench.events[:2] == [PoweredUp("acceptor"), BillReturned(None)]
    assert [ready.vouches for ready in new_bench.events[2:]] == [False]


@pytest.mark.parametrize("word", ["18", "82 04", "42"])
def test_a_bill_found_inside_that_jams_went_where_the_device_says(new_bench, word):
    """Without a word of the device, whoever opened the machine may have taken it."""
    new_bench.status = "11"
    new_bench.on[RESET] = "13"
    new_bench.connect()
    new_bench.run()
    new_bench.say("43")
    new_bench.say(word)
    new_bench.say("19", 2.0)
    assert ends(new_bench.events) == ([] if word == "42" else [BillReturned(None)])


def test_power_lost_in_escrow_and_the_machine_is_empty(escrowed):
    """Pulled out while the power was off: nobody saw it, so nobody says so."""
    escrowed.on[RESET] = "13"
    escrowed.say("10", 1.0)
    (ready,) = escrowed.say("19", 2.0)
    assert ready.vouches is False


def test_a_jam_on_the_way_into_the_cashbox_leaves_the_bill_to_the_journal(escrowed):
    escrowed.on[STACK] = "17"
    escrowed.command(Stack())
    escrowed.run()
    (fault,) = escrowed.say("44")
    assert fault == AcceptorFault(FaultCode.STACKER_JAM, "44 drop cassette jammed")
    escrowed.say("13")
    told = escrowed.say("19", 2.0)
    assert ends(told) == []
    assert told[-1] == AcceptorReady(told[-1].denominations, False, NAMED)


def test_a_jam_the_device_works_itself_out_of(escrowed):
    escrowed.say("43")
    escrowed.say("82 04")
    assert BillReturned(TWENTY) in escrowed.events


def test_a_cheat_while_stacking_is_neither_credit_nor_return(escrowed):
    escrowed.on[STACK] = "17"
    escrowed.command(Stack())
    escrowed.run()
    escrowed.say("45")
    told = escrowed.say("19", 2.0)
    assert ends(told) == []
    assert told[-1].vouches is False
