"""Bills that go back, and bills found inside: each told once, with the right end."""

import pytest

from drivers.bill_acceptor.commands import Disable, Enable, Hold, Return, Stack
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorFaultCleared,
    AcceptorReady,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillRejected,
    BillReturned,
    BillStacked,
    PoweredUp,
)
from drivers.faults import FaultCode, RejectReason
from ebds_bench import FIRMWARE, USD_BILLS, Bench

TWENTY, FIFTY = Bill(2000, "USD"), Bill(5000, "USD")
USD_20, USD_50, EUR_20 = "USD020+00", "USD005+01", "EUR020+00"
RETURN, STACK = "10 7F 5C 14", "10 7F 3C 14"
REJECTED = BillRejected(
    RejectReason.NOT_RECOGNISED, "d1 02 rejected: it could not be validated", from_escrow=False
)
READY = AcceptorReady(USD_BILLS, True, FIRMWARE)
READY_IN_DOUBT = AcceptorReady(USD_BILLS, False, FIRMWARE)


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def ready_bench(bench):
    bench.command(Enable())
    return bench.ready()


@pytest.fixture
def escrowed(ready_bench):
    ready_bench.say("04", USD_20)
    ready_bench.events.clear()
    ready_bench.heard.clear()
    return ready_bench


def test_a_rejected_bill_never_was_in_escrow(ready_bench):
    assert ready_bench.say("02") == [BillAccepting()]
    assert ready_bench.say("01 12 00 00") == [REJECTED]
    assert ready_bench.say("01") == []


def test_a_bill_rejected_out_of_escrow_is_told_when_it_is_out(escrowed):
    assert escrowed.say("20 12 00 00") == []
    (rejected,) = escrowed.say("01 12 00 00")
    assert rejected.from_escrow
    assert escrowed.say("01") == []


def test_a_return_is_told_once_when_the_device_says_so(escrowed):
    escrowed.command(Return())
    escrowed.run(0.2)
    assert RETURN in escrowed.payloads()
    assert escrowed.say("20") == []
    assert escrowed.say("41") == [BillReturned(TWENTY)]
    assert escrowed.say("01") == []


def test_a_return_whose_event_was_missed(escrowed):
    escrowed.say("20")
    assert escrowed.say("01") == [BillReturned(TWENTY)]


def test_a_bill_that_jams_on_its_way_out_is_not_returned(escrowed):
    escrowed.command(Return())
    escrowed.say("20")
    (fault,) = escrowed.say("20 14 00 00")
    assert fault == AcceptorFault(FaultCode.ACCEPTOR_JAM, "d1 04 jammed")
    assert escrowed.say("01") == [AcceptorFaultCleared(FaultCode.ACCEPTOR_JAM), READY_IN_DOUBT]


def test_a_bill_that_jams_on_its_way_out_and_then_is_returned(escrowed):
    escrowed.say("20 14 00 00")
    assert BillReturned(TWENTY) in escrowed.say("41")


def test_a_bill_that_was_to_be_stacked_and_is_gone_without_a_word(escrowed):
    escrowed.command(Stack())
    escrowed.run(0.3)
    assert escrowed.say("01") == [READY_IN_DOUBT]


def test_a_bill_nobody_decided_on_went_back(escrowed):
    """STACK was never sent, so it cannot be in the cashbox."""
    assert escrowed.say("01") == [BillReturned(TWENTY)]


def test_another_bill_while_nobody_listened(escrowed):
    assert escrowed.say("04", USD_50) == [BillReturned(TWENTY), BillEscrowed(FIFTY)]
    assert escrowed.say("02") == [BillReturned(FIFTY), BillAccepting()]


def test_escrow_is_held_by_polls_without_a_decision(escrowed):
    escrowed.run(60.0)
    assert escrowed.events == []
    assert set(escrowed.payloads()) == {"10 7F 1C 14"}
    escrowed.command(Hold())
    escrowed.run(60.0)
    assert set(escrowed.payloads()) == {"10 7F 1C 14"}
    escrowed.command(Stack())
    escrowed.run(0.3)
    assert escrowed.payloads()[-1] == STACK


def test_hold_withdraws_a_decision(escrowed):
    escrowed.command(Return())
    escrowed.command(Hold())
    escrowed.run(0.5)
    assert RETURN not in escrowed.payloads()


def test_disabling_leaves_the_bill_in_escrow_alone(escrowed):
    escrowed.command(Disable())
    escrowed.run(0.5)
    assert set(escrowed.payloads()) == {"10 7F 1C 14"}
    escrowed.say("41")
    escrowed.say("01")
    assert escrowed.payloads()[-1] == "10 00 1C 14"


def test_a_decision_without_a_bill_means_nothing(ready_bench):
    for command in (Stack(), Return(), Hold()):
        ready_bench.command(command)
    ready_bench.run()
    ready_bench.say("04", USD_20)
    assert set(ready_bench.payloads()) == {"10 7F 1C 14"}


@pytest.mark.parametrize("note", [EUR_20, ""])
def test_a_bill_that_is_not_ours_goes_back(ready_bench, note):
    events = ready_bench.say("04", note, 2.0)
    assert [type(event) for event in events] == [BillRejected]
    assert (events[0].reason, events[0].from_escrow) == (RejectReason.NOT_RECOGNISED, False)
    assert ready_bench.payloads()[-1] == "10 7F 5C 14"
    assert ready_bench.say("41") == []
    assert ready_bench.say("01") == []
    assert ready_bench.say("04", USD_20) == [BillEscrowed(TWENTY)]


def test_a_unit_that_names_the_bill_only_once(ready_bench):
    ready_bench.say("04", USD_20, 0.15)
    assert ready_bench.say("04", None, 5.0) == []
    ready_bench.command(Stack())
    assert ready_bench.say("11 10 18 00", None) == [BillStacked(TWENTY)]


def test_a_unit_that_names_the_bill_a_little_late(ready_bench):
    assert ready_bench.say("04", None, 0.5) == []
    assert ready_bench.say("04", USD_20, 0.5) == [BillEscrowed(TWENTY)]


def test_escrow_found_at_connection(bench):
    bench.device.status, bench.device.note = "04 10 00 00", USD_20
    bench.connect()
    assert bench.run() == [BillEscrowed(TWENTY)]
    assert {payload[:2] for payload in bench.payloads()} == {"10"}  # polls, no set-up
    bench.command(Return())
    assert bench.say("41", None, 2.0) == [BillReturned(TWENTY), READY_IN_DOUBT]
    assert bench.say("01") == []


def test_returning_found_at_connection(bench):
    bench.device.status = "20 10 00 00"
    bench.connect()
    bench.run()
    assert bench.say("41", None, 2.0)[0] == BillReturned(None)


def test_escrow_is_offered_again_after_the_link_was_lost(escrowed):
    escrowed.protocol.disconnected()
    escrowed.command(Stack())
    escrowed.connect()
    assert escrowed.run() == [BillEscrowed(TWENTY)]
    assert STACK not in escrowed.payloads()


def test_empty_after_the_link_was_lost(escrowed):
    escrowed.protocol.disconnected()
    escrowed.device.status, escrowed.device.note = "01 10 00 00", None
    escrowed.connect()
    assert escrowed.run(2.0) == [BillReturned(TWENTY), READY]


def test_power_lost_in_escrow_and_the_bill_held(escrowed):
    """Policy B: it is held, and decided anew."""
    assert escrowed.say("04 10 01 00", USD_20) == [PoweredUp("acceptor")]
    assert escrowed.say("04", USD_20) == [BillEscrowed(TWENTY)]
    escrowed.command(Return())
    escrowed.say("20")
    assert escrowed.say("41", None, 2.0) == [BillReturned(TWENTY), READY_IN_DOUBT]


def test_power_lost_in_escrow_and_nothing_found(escrowed):
    escrowed.say("00 10 01 00")
    assert escrowed.say("01", None, 2.0) == [READY_IN_DOUBT]
    assert escrowed.events == [PoweredUp("nowhere"), READY_IN_DOUBT]


def test_a_bill_pulled_back_is_no_credit_and_no_return(escrowed):
    escrowed.command(Stack())
    escrowed.say("08")
    (fault,) = escrowed.say("08 11 00 00")
    assert fault.code == FaultCode.CHEAT_SUSPECTED
    assert escrowed.say("01") == [
        AcceptorFaultCleared(FaultCode.CHEAT_SUSPECTED),
        READY_IN_DOUBT,
    ]


def test_a_bill_pulled_out_of_escrow_is_no_return(escrowed):
    escrowed.say("01 11 00 00")
    assert escrowed.say("01")[-1] == READY_IN_DOUBT
    assert BillReturned(TWENTY) not in escrowed.events


def test_the_cassette_pulled_out_while_a_bill_is_on_its_way(escrowed):
    escrowed.command(Stack())
    escrowed.say("08")
    escrowed.say("00 00 00 00")
    assert escrowed.say("01")[-1] == READY_IN_DOUBT


def test_the_cassette_out_and_in_with_a_bill_in_escrow(escrowed):
    escrowed.say("04 00 00 00", USD_20)
    escrowed.say("04", USD_20)
    assert [type(event).__name__ for event in escrowed.events] == [
        "CashboxRemoved",
        "AcceptorFault",
        "AcceptorFaultCleared",
        "CashboxReplaced",
    ]
    escrowed.command(Return())
    escrowed.run(0.2)
    assert escrowed.payloads()[-1] == RETURN


def test_a_blank_report_at_its_start_says_nothing_of_a_bill_seen_going_out(escrowed):
    """A device owes it at every power-up, and may tell it before it tells that the bill is out."""
    escrowed.command(Stack())
    escrowed.say("08")
    escrowed.say("00 10 01 00")
    escrowed.say("20")
    escrowed.events.clear()
    assert escrowed.say("11", "", 0.15)[0] == BillReturned(TWENTY)
    escrowed.say("41", None, 0.15)
    escrowed.say("01", None, 2.0)
    assert escrowed.events == [BillReturned(TWENTY), READY_IN_DOUBT]


def test_a_new_driver_waits_for_the_bill_it_finds_going_out(bench):
    bench.device.status = "20 10 00 00"
    bench.connect()
    bench.run()
    bench.say("11", "", 0.05)
    bench.say("01", None, 2.0)
    bench.say("41")
    assert bench.events == [BillReturned(None), READY_IN_DOUBT]


def test_a_rejected_bill_found_going_out_never_was_in_escrow(bench):
    bench.device.status = "20 10 00 00"
    bench.connect()
    bench.run()
    (rejected, ready) = bench.say("01 12 00 00", None, 2.0)
    assert (rejected.from_escrow, ready) == (False, READY_IN_DOUBT)
