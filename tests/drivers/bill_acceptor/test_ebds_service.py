"""Set-up, enabling, faults, silence, and a line that lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bill_acceptor.commands import Disable, Enable, Stack
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorFaultCleared,
    AcceptorReady,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillStacked,
    CashboxRemoved,
    CashboxReplaced,
    PoweredUp,
)
from drivers.faults import FaultCode
from ebds_bench import FIRMWARE, USD, USD_BILLS, Bench, frame

TWENTY = Bill(2000, "USD")
USD_20 = "USD020+00"
RESET = "60 7F 7F 7F"
SET_UP = [
    "60 00 00 04",
    "60 00 00 07",
    *(f"70 02 00 1C 14 {index:02X}" for index in range(1, 8)),
    "70 04 00 1C 14 7F 7F",
    "70 03 00 1C 14 3F" + " 00" * 18,
]
READY = AcceptorReady(USD_BILLS, True, FIRMWARE)
READY_IN_DOUBT = AcceptorReady(USD_BILLS, False, FIRMWARE)


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def ready_bench(bench):
    return bench.ready()


def polls(bench):
    return [payload for payload in bench.payloads() if payload.startswith("10")]


def test_start_up(bench):
    bench.connect()
    assert bench.run(2.0) == [READY_IN_DOUBT]
    assert bench.payloads()[: len(SET_UP) + 1] == ["10 00 1C 14", *SET_UP]
    assert set(polls(bench)) == {"10 00 1C 14"}


def test_the_bit_alternates(bench):
    bench.connect()
    bench.run(2.0)
    assert bench.bits() == [index & 1 ^ 1 for index in range(len(bench.heard))]


def test_the_set_up_does_not_wait_for_the_poll(bench):
    bench.connect()
    bench.run(0.15)
    assert bench.events == [READY_IN_DOUBT]


def test_enable_and_disable(ready_bench):
    ready_bench.command(Enable())
    ready_bench.run(0.3)
    assert ready_bench.payloads()[-1] == "10 7F 1C 14"
    ready_bench.command(Disable())
    ready_bench.run(0.3)
    assert ready_bench.payloads()[-1] == "10 00 1C 14"


def test_enabling_before_the_device_is_there(bench):
    bench.command(Enable())
    bench.connect()
    bench.run(2.0)
    assert bench.payloads()[: len(SET_UP) + 1] == ["10 00 1C 14", *SET_UP]
    assert bench.payloads()[-1] == "10 7F 1C 14"


def test_what_is_answered_by_nothing_is_skipped_without_flipping(bench):
    bench.device.unknown = {0x04, 0x07, 0x03}
    bench.connect()
    assert bench.run(8.0) == [AcceptorReady(USD_BILLS, False, "")]
    tries = [payload for payload in bench.payloads() if payload == "60 00 00 07"]
    assert len(tries) == 3
    unanswered = [sent for sent in bench.heard if sent[2] & 0x7E == 0x60]
    assert len({sent[2] & 1 for sent in unanswered[:3]}) == 1


@pytest.mark.parametrize("refused", [{0x04}, {0x07}, {0x04, 0x07, 0x03}])
def test_what_is_refused_and_not_needed_is_skipped(bench, refused):
    bench.device.refused = refused
    bench.connect()
    (ready,) = bench.run(3.0)
    assert ready.denominations == USD_BILLS


def test_the_short_inhibits_where_the_long_ones_are_refused(bench):
    bench.device.refused = {0x03}
    bench.connect()
    bench.run(2.0)
    assert "70 03 00 1C 14 3F" + " 00" * 7 in bench.payloads()


def test_only_our_bills_are_let_in(bench):
    bench.device.table = ("EUR005+00", "USD005+00", "EUR010+00", "USD020+00")
    bench.connect()
    (ready,) = bench.run(2.0)
    assert ready.denominations == (Bill(500, "USD"), TWENTY)
    assert "70 03 00 1C 14 0A" + " 00" * 18 in bench.payloads()


def test_a_device_for_another_currency_stays_disabled(bench):
    bench.device.table = ("EUR005+00", "CHF010+00")
    bench.command(Enable())
    bench.connect()
    events = bench.run(2.0)
    assert events[0] == AcceptorFault(
        FaultCode.ACCEPTOR_CURRENCY, "the device takes CHF, EUR, the kiosk USD"
    )
    assert polls(bench)[-1] == "10 00 1C 14"
    bench.device.table = USD
    bench.say("00 10 01 00")
    assert AcceptorFaultCleared(FaultCode.ACCEPTOR_CURRENCY) in bench.say("01", None, 2.0)


@pytest.fixture
def older(bench):
    """It has the table of seven values alone, and names bills by their index."""
    bench.device.refused = {0x02}
    lines = ["USD001+00", "", "USD005+00", "USD010+00", "USD020+00", "EUR050+00", ""]
    bench.device.values = b"".join(
        bytes([index]) + (line.encode() or bytes(9)) for index, line in enumerate(lines, 1)
    )
    bench.command(Enable())
    return bench.ready()


def test_a_device_without_extended_notes(older):
    assert set(polls(older)) == set()
    older.run(0.3)
    assert polls(older)[-1] == "10 1D 1C 04"  # indexes 1, 3, 4, 5; policy B
    assert older.say("04 10 28 00") == [BillEscrowed(TWENTY)]
    older.command(Stack())
    assert older.say("11 10 28 00") == [BillStacked(TWENTY)]


def test_a_device_without_extended_notes_takes_nothing_that_has_no_value(older):
    (rejected,) = older.say("04 10 30 00")
    assert rejected.vendor_code == "d0 04 escrowed, index 6"
    assert polls(older)[-1] == "10 1D 5C 04"


def test_a_device_that_names_no_bills(bench):
    bench.device.refused = {0x02, 0x06}
    bench.command(Enable())
    bench.connect()
    (fault,) = bench.run(15.0)
    assert fault.code == FaultCode.ACCEPTOR_PROTOCOL
    assert set(polls(bench)) <= {"10 00 1C 14", "10 00 1C 04"}
    bench.device.refused = set()
    events = bench.run(15.0)
    assert events == [AcceptorFaultCleared(FaultCode.ACCEPTOR_PROTOCOL), READY_IN_DOUBT]


def test_the_power_up_is_told_well_before_the_next_message(ready_bench):
    ready_bench.device.status = "00 10 01 00"
    ready_bench.run(0.11)
    assert ready_bench.events == [PoweredUp("nowhere")]
    ready_bench.heard.clear()
    ready_bench.run(0.25)
    assert len(set(ready_bench.heard)) == 1  # the same again: the device stays at its answer
    ready_bench.run(0.3)
    assert len(set(ready_bench.heard)) > 1


def test_after_a_power_up_it_is_set_up_anew(ready_bench):
    ready_bench.say("00 10 01 00", None, 6.0)
    ready_bench.heard.clear()
    assert ready_bench.say("01", None, 2.0) == [READY_IN_DOUBT]
    assert SET_UP[0] in ready_bench.payloads()
    assert SET_UP[-1] in ready_bench.payloads()


@pytest.mark.parametrize(
    ("status", "code", "detail", "vouches"),
    [
        ("01 14 00 00", FaultCode.ACCEPTOR_JAM, "d1 04 jammed", False),
        ("01 18 00 00", FaultCode.CASHBOX_FULL, "d1 08 cassette full", True),
        ("01 11 00 00", FaultCode.CHEAT_SUSPECTED, "d1 01 cheated", False),
        ("01 50 00 00", FaultCode.ACCEPTOR_FAILURE, "d1 40 waits for a calibration sheet", False),
        ("00 10 04 00", FaultCode.ACCEPTOR_FAILURE, "d2 04 failure", False),
        ("01 10 40 00", FaultCode.ACCEPTOR_FAILURE, "d2 40 the path of the bills is open", False),
        ("01 10 00 01", FaultCode.ACCEPTOR_JAM, "d3 01 stalled", False),
        ("01 10 00 02", FaultCode.ACCEPTOR_FAILURE, "d3 02 waits for a firmware download", False),
    ],
)
def test_what_is_a_fault_at_once(ready_bench, status, code, detail, vouches):
    assert ready_bench.say(status, None, 3.0) == [AcceptorFault(code, detail)]
    cleared = AcceptorFaultCleared(code)
    assert ready_bench.say("01") == [cleared, AcceptorReady(USD_BILLS, vouches, FIRMWARE)]


@pytest.mark.parametrize(
    ("status", "after_s", "code"),
    [
        ("01 30 00 00", 10, FaultCode.ACCEPTOR_JAM),
        ("08 10 00 00", 30, FaultCode.STACKER_JAM),
        ("00 10 00 00", 10, FaultCode.ACCEPTOR_FAILURE),
        ("00 10 01 00", 30, FaultCode.ACCEPTOR_FAILURE),
        ("01 10 02 00", 10, FaultCode.ACCEPTOR_PROTOCOL),
    ],
)
def test_what_is_a_fault_when_it_does_not_end(ready_bench, status, after_s, code):
    early = ready_bench.say(status, None, after_s - 1.0)
    assert [event for event in early if isinstance(event, AcceptorFault)] == []
    late = ready_bench.run(2.0)
    assert [event.code for event in late] == [code]
    assert AcceptorFaultCleared(code) in ready_bench.say("01", None, 2.0)


def test_the_vectors_of_the_cassette(ready_bench):
    """kybarg/ebds and PTI: the bit goes, whatever the state says."""
    removed = ready_bench.say("01 00 00 00", None, 5.0)
    assert removed == [
        CashboxRemoved(),
        AcceptorFault(FaultCode.CASHBOX_REMOVED, "d1 10 cassette not attached"),
    ]
    assert ready_bench.say("01") == [
        AcceptorFaultCleared(FaultCode.CASHBOX_REMOVED),
        CashboxReplaced(),
        READY,
    ]


def test_on_its_way_up_a_device_says_nothing_of_its_cassette(ready_bench):
    assert ready_bench.say("00 00 01 00") == [PoweredUp("nowhere")]


def test_a_device_that_idles_on_its_way_up_is_not_ready_yet(ready_bench):
    """PTI's frame of a power-up says idling too."""
    assert ready_bench.say("01 10 01 00", None, 5.0) == [PoweredUp("nowhere")]
    assert set(polls(ready_bench)) == set(ready_bench.payloads())


def test_half_an_answer_does_not_swallow_the_next(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(0.2)
    ready_bench.hear(b"\x02\x7f\x20")  # 127 bytes are to come
    ready_bench.run(0.2)
    ready_bench.is_mute = False
    assert ready_bench.say("02", None, 0.3) == [BillAccepting()]


def test_a_poll_answered_by_what_is_no_status(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(0.2)
    bit = ready_bench.bits()[-1]
    ready_bench.hear(frame(0x30 | bit, b"\x01"))
    ready_bench.is_mute = False
    ready_bench.run(0.5)
    detail = f"it answers a poll with BOOKMARK 01, bit {bit}"
    assert ready_bench.events == [
        AcceptorFault(FaultCode.ACCEPTOR_PROTOCOL, detail),
        AcceptorFaultCleared(FaultCode.ACCEPTOR_PROTOCOL),
    ]


def test_a_stuck_device_is_reset_after_a_while_and_left_alone_while_it_starts(ready_bench):
    ready_bench.say("00 14 00 00", None, 29.0)
    assert RESET not in ready_bench.payloads()
    ready_bench.run(1.5)
    assert ready_bench.payloads().count(RESET) == 1
    ready_bench.heard.clear()
    ready_bench.is_mute = True
    ready_bench.run(0.4)
    assert ready_bench.heard == []
    ready_bench.run(6.0)
    ready_bench.is_mute = False
    ready_bench.device.bit = None
    ready_bench.say("00 10 01 00")
    events = ready_bench.say("01", None, 3.0)
    assert PoweredUp("nowhere") in ready_bench.events
    assert events[-1] == READY_IN_DOUBT
    assert RESET not in ready_bench.payloads()


def test_a_full_cassette_is_not_reset_away(ready_bench):
    ready_bench.say("00 18 00 00", None, 120.0)
    assert RESET not in ready_bench.payloads()


def test_silence_repeats_the_same_bytes(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(5.0)
    assert len(set(ready_bench.heard[1:])) == 1
    assert 14 <= len(ready_bench.heard) <= 18  # each 0.3 s


def test_a_device_that_takes_our_first_message_for_a_repetition(bench):
    """It has nothing to repeat, and says nothing: after a while the bit is flipped, and nobody vouches."""
    bench.device.bit, bench.device.said = 1, b""
    bench.connect()
    bench.run(17.0)
    assert bench.events == []
    assert bench.run(5.0) == [READY_IN_DOUBT]


def test_a_slip_of_the_bit_ends_all_vouching(ready_bench):
    """The device heard STACK, and its answer may have been the one that was never heard."""
    ready_bench.say("04", USD_20)
    ready_bench.lost = 60
    ready_bench.command(Stack())
    ready_bench.run(1.0)
    ready_bench.events.clear()
    assert ready_bench.say("01", None, 15.0) == []
    assert ready_bench.run(5.0) == [READY_IN_DOUBT]


def test_farewell_takes_no_more_bills(ready_bench):
    ready_bench.command(Enable())
    ready_bench.run(0.5)
    bit = ready_bench.bits()[-1]
    assert ready_bench.protocol.farewell() == frame(0x10 | bit ^ 1, b"\x00\x1c\x14")


def test_farewell_does_not_let_go_of_a_credit_nor_touch_a_bill(ready_bench):
    ready_bench.say("04", USD_20)
    assert ready_bench.protocol.farewell() == b""
    ready_bench.command(Stack())
    ready_bench.say("11", USD_20)
    assert ready_bench.protocol.farewell() == b""


def test_farewell_to_nobody():
    assert Bench().protocol.farewell() == b""


def test_the_protocol_never_speaks_while_disconnected(ready_bench):
    ready_bench.protocol.disconnected()
    ready_bench.heard.clear()
    ready_bench.command(Enable())
    ready_bench.run(5.0)
    assert ready_bench.heard == []


@given(noise=st.lists(st.binary(max_size=40), max_size=10))
def test_noise_neither_raises_nor_credits(noise):
    bench = Bench().ready()
    bench.say("04", USD_20, 0.3)
    for data in noise:
        bench.hear(data)
        bench.run(0.1)
    assert [event for event in bench.events if isinstance(event, BillStacked)] == []
    bench.command(Stack())
    bench.run(1.0)
    assert bench.say("11", USD_20, 2.0)[-1] == BillStacked(TWENTY)
