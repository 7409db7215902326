"""Set-up, enabling, faults, silence, pace, and a line that lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccnet_bench import (
    ACK,
    BILL_TABLE,
    ENABLE,
    IDENTIFICATION,
    NAK,
    NAMED,
    POLL,
    RESET,
    CcnetBench,
    frame,
)
from drivers.bill_acceptor.commands import Disable, Enable
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorFaultCleared,
    AcceptorReady,
    Bill,
    BillEscrowed,
    BillReturned,
    CashboxRemoved,
    CashboxReplaced,
    PoweredUp,
)
from drivers.faults import FaultCode

USD_BILLS = tuple(Bill(value * 100, "USD") for value in (1, 5, 10, 20, 50, 100))
OURS = bytes([ENABLE]) + bytes.fromhex("00007D 00007D")  # types 0 and 2 to 6, by way of escrow
NONE = bytes([ENABLE]) + bytes(6)
TWENTY = Bill(2000, "USD")


@pytest.fixture
def new_bench():
    return CcnetBench()


@pytest.fixture
def bench():
    return CcnetBench().ready()


def commands(bench):
    return [payload for payload in bench.sent if payload[0] not in {ACK, NAK, POLL}]


def test_start_up_from_power_up(new_bench):
    new_bench.status = "10"
    new_bench.on[RESET] = "13"
    new_bench.connect()
    new_bench.run()
    assert new_bench.events == [PoweredUp("nowhere")]
    assert new_bench.say("19", 1.0) == [AcceptorReady(USD_BILLS, False, NAMED)]
    assert new_bench.codes() == [RESET, IDENTIFICATION, BILL_TABLE]


def test_the_power_up_is_told_well_before_the_device_is_reset(new_bench):
    """RESET makes the device forget that it had lost its power; by then the core has it on record."""
    new_bench.status = "12"
    new_bench.connect()
    told_s = None
    while RESET not in new_bench.codes():
        if new_bench.run(0.01) == [PoweredUp("stacker")]:
            told_s = new_bench.now_s
    assert told_s is not None
    assert 0.29 <= new_bench.now_s - told_s <= 0.8


def test_a_disabled_device_is_set_up_without_reset(new_bench):
    new_bench.connect()
    assert new_bench.run() == [AcceptorReady(USD_BILLS, True, NAMED)]
    assert new_bench.codes() == [IDENTIFICATION, BILL_TABLE]


def test_a_running_device_is_disabled_before_it_is_asked(new_bench):
    """It tells its table in no other state, and how it was enabled nobody knows."""
    new_bench.status = "14"
    new_bench.on[ENABLE] = "19"
    new_bench.command(Enable())
    new_bench.connect()
    while not new_bench.events:
        new_bench.run(0.01)
    assert new_bench.events == [AcceptorReady(USD_BILLS, True, NAMED)]
    new_bench.on[ENABLE] = "14"
    new_bench.run()
    sent = commands(new_bench)
    assert sent == [NONE, bytes([IDENTIFICATION]), bytes([BILL_TABLE]), OURS]


@pytest.mark.parametrize("status", ["43", "44", "47 50", "45"])
def test_a_new_driver_that_meets_a_device_in_disorder_does_not_vouch(new_bench, status):
    """Hands may have taken out a bill that the last process had in escrow."""
    new_bench.status = status
    new_bench.connect()
    new_bench.run()
    new_bench.say("13")
    ready = new_bench.say("19", 2.0)[-1]
    assert ready.vouches is False


def test_a_new_driver_that_meets_a_device_just_reset_does_not_vouch(new_bench):
    """Whoever reset it may have done so because it was silent, and what it held is forgotten."""
    new_bench.status = "13"
    new_bench.connect()
    new_bench.run()
    (ready,) = new_bench.say("19", 2.0)
    assert ready.vouches is False


def test_enable_and_disable(bench):
    bench.on[ENABLE] = "14"
    bench.command(Enable())
    bench.run()
    assert commands(bench) == [OURS]
    bench.on[ENABLE] = "19"
    bench.command(Disable())
    bench.run()
    assert commands(bench) == [OURS, NONE]


def test_an_enabling_that_does_not_take_is_repeated(bench):
    bench.command(Enable())
    bench.run(2.9)
    assert 4 <= commands(bench).count(OURS) <= 6  # every half second, at the next poll


def test_a_device_without_a_name_is_taken_all_the_same(new_bench):
    new_bench.refused = {IDENTIFICATION}
    new_bench.connect()
    assert new_bench.run(2.0) == [AcceptorReady(USD_BILLS, True, "")]
    assert RESET not in new_bench.codes()


def test_a_device_that_refuses_its_table(new_bench):
    new_bench.refused = {BILL_TABLE}
    new_bench.connect()
    (fault,) = new_bench.run(15.0)
    assert fault == AcceptorFault(FaultCode.ACCEPTOR_PROTOCOL, "it refuses GET_BILL_TABLE (41)")
    new_bench.refused = set()
    cleared, ready = new_bench.run(15.0)
    assert cleared == AcceptorFaultCleared(FaultCode.ACCEPTOR_PROTOCOL)
    assert ready.denominations == USD_BILLS


def test_a_refused_table_that_reset_helps(new_bench):
    new_bench.refused = {BILL_TABLE}
    new_bench.on[RESET] = new_bench.refused.clear
    new_bench.connect()
    (ready,) = new_bench.run(3.0)
    assert ready.denominations == USD_BILLS
    assert new_bench.codes().count(RESET) == 1


@pytest.mark.parametrize("request_code", [IDENTIFICATION, BILL_TABLE])
def test_set_up_survives_lost_answers(new_bench, request_code):
    def lose_two():
        new_bench.lost = 2
        del new_bench.on[request_code]

    new_bench.on[request_code] = lose_two
    new_bench.connect()
    assert new_bench.run(3.0) == [AcceptorReady(USD_BILLS, True, NAMED)]
    assert RESET not in new_bench.codes()


@pytest.mark.parametrize(
    ("table", "takes"),
    [
        ("05 455552 00 01 455552 01", "EUR"),
        ("05 525553 01 05 455552 00", "EUR, RUB"),
        ("00" * 120, "no currency we know"),
    ],
)
def test_another_currency_stays_disabled(new_bench, table, takes):
    new_bench.table = bytes.fromhex(table)
    new_bench.command(Enable())
    new_bench.connect()
    fault, ready = new_bench.run(3.0)
    detail = f"the device takes {takes}, the kiosk USD"
    assert fault == AcceptorFault(FaultCode.ACCEPTOR_CURRENCY, detail)
    assert ready.denominations == ()
    assert ENABLE not in new_bench.codes()


def test_of_two_currencies_only_ours_is_taken(new_bench):
    new_bench.table = bytes.fromhex("05 555341 00 05 455552 00")
    new_bench.command(Enable())
    new_bench.connect()
    (ready,) = new_bench.run()
    assert ready.denominations == (Bill(500, "USD"),)
    assert bytes.fromhex("34 000001 000001") in new_bench.sent


def test_the_device_starts_over_by_itself(bench):
    bench.say("13")
    assert bench.say("19", 2.0) == [AcceptorReady(USD_BILLS, True, NAMED)]
    assert bench.codes() == [IDENTIFICATION, BILL_TABLE]


def test_a_power_cycle_is_doubted_once(bench):
    bench.on[RESET] = "13"
    assert bench.say("10", 1.0) == [PoweredUp("nowhere")]
    (ready,) = bench.say("19", 2.0)
    assert ready.vouches is False
    bench.say("13")
    (again,) = bench.say("19", 2.0)
    assert again.vouches is True


def test_cashbox_out_and_in(bench):
    removed, fault = bench.say("42")
    assert removed == CashboxRemoved()
    assert fault.code is FaultCode.CASHBOX_REMOVED
    assert bench.say("13") == []
    cleared, replaced, ready = bench.say("19", 2.0)
    assert cleared == AcceptorFaultCleared(FaultCode.CASHBOX_REMOVED)
    assert replaced == CashboxReplaced()
    assert ready.vouches is True


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("41", FaultCode.CASHBOX_FULL),
        ("43", FaultCode.ACCEPTOR_JAM),
        ("44", FaultCode.STACKER_JAM),
        ("45", FaultCode.CHEAT_SUSPECTED),
        ("47 52", FaultCode.ACCEPTOR_FAILURE),
        ("99", FaultCode.ACCEPTOR_PROTOCOL),
        ("84 04", FaultCode.ACCEPTOR_PROTOCOL),
    ],
)
def test_a_fault_is_said_once_and_cleared_once(bench, status, code):
    (fault,) = bench.say(status, 3.0)
    assert fault.code is code
    assert bench.say("19") == [AcceptorFaultCleared(code)]


@pytest.mark.parametrize("status", ["43", "44", "47 50"])
def test_a_jam_is_reset_slowly_until_it_is_gone(bench, status):
    bench.say(status, 35.0)
    assert bench.codes() == [RESET] * 3  # at 10, 20 and 30 s
    bench.on[RESET] = "13"
    bench.run(10.0)
    cleared, ready = bench.say("19", 2.0)
    assert isinstance(cleared, AcceptorFaultCleared)
    assert isinstance(ready, AcceptorReady)


@pytest.mark.parametrize("status", ["41", "42", "46", "1B 64"])
def test_what_a_person_or_the_device_ends_is_not_reset(bench, status):
    bench.say(status, 60.0)
    assert bench.codes() == []


def test_farewell_takes_no_more_bills(bench):
    assert bench.protocol.farewell() == frame("34 000000 000000")
    bench.protocol.disconnected()
    assert bench.protocol.farewell() == b""


WORDS = st.one_of(
    st.sampled_from(["10", "11", "12", "13", "14", "15", "17", "18", "19", "1A", "1B 05", "30"]),
    st.sampled_from(["41", "42", "43", "44", "45", "46", "47 50", "47", "00", "FF", "99"]),
    st.sampled_from(["80 04", "80 07", "80", "82 04", "82", "1C 60", "1C", "84 04"]),
)


@given(words=st.lists(WORDS, max_size=20))
def test_nothing_but_81_credits_and_no_bill_ends_twice(words):
    bench = CcnetBench().ready()
    for word in words:
        bench.say(word, 0.5)
    kinds = [type(event).__name__ for event in bench.events]
    assert "BillStacked" not in kinds
    ends = sum(event == BillReturned(TWENTY) for event in bench.events)
    ends += sum(getattr(event, "from_escrow", False) for event in bench.events)
    assert ends <= bench.events.count(BillEscrowed(TWENTY))
