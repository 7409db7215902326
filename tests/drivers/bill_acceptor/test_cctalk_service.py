"""Finding the device, set-up, settings, faults, silence, and a line that lies."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctalk_bench import (
    BILL_ID,
    EVENTS,
    FIFTY,
    FIVE,
    HUNDRED,
    MASK,
    MASTER,
    MODE,
    ONE,
    OPEN,
    ROUTE,
    SELF_CHECK,
    TEN,
    TWENTY,
    TWENTY_TYPE,
    CcTalkBench,
    framed,
)
from drivers.bill_acceptor.cctalk.protocol import CcTalk
from drivers.bill_acceptor.commands import Disable, Enable, Stack
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorFaultCleared,
    AcceptorReady,
    BillEscrowed,
    BillReturned,
    BillStacked,
    CashboxRemoved,
    CashboxReplaced,
    PoweredUp,
)
from drivers.faults import FaultCode

USD_BILLS = (ONE, FIVE, TEN, TWENTY, FIFTY, HUNDRED)
FIRMWARE = "MCI Ardac6 AEN-F1-V4.44"
ENABLED, DISABLED = (MASTER, b"\x01"), (MASTER, b"\x00")
POLL = (EVENTS, b"")


@pytest.fixture
def bench():
    return CcTalkBench()


@pytest.fixture
def ready():
    return CcTalkBench().ready()


@pytest.fixture
def enabled(ready):
    ready.command(Enable())
    ready.run()
    ready.sent.clear()
    return ready


# -- who is there ----------------------------------------------------------------------------------


@pytest.mark.parametrize("echoes", [True, False])
@pytest.mark.parametrize("crc", [True, False])
@pytest.mark.parametrize("address", [40, 43])
def test_found_by_what_answers(bench, echoes, crc, address):
    bench.echoes, bench.crc, bench.address = echoes, crc, address
    bench.connect()
    bench.run(4.0)
    assert bench.events == [PoweredUp("nowhere"), AcceptorReady(USD_BILLS, False, FIRMWARE)]


def test_an_echo_alone_is_nobody(bench):
    bench.connect()
    wire = framed(40, 1, 254, b"")
    decision = bench.protocol.received(wire, bench.now_s)
    assert not decision.heard
    assert bench.protocol.received(framed(1, 40, 0, b""), bench.now_s).heard


def test_who_answered_last_time_is_asked_first(ready):
    ready.crc = True  # another device on the same port
    ready.protocol.disconnected()
    ready.connect()
    assert ready.protocol.ticked(ready.now_s + 0.2).send == framed(40, 1, 254, b"")
    ready.run(4.0)
    assert isinstance(ready.events[-1], AcceptorReady)


def test_the_whole_round_fits_before_the_port_is_opened_anew(bench):
    bench.address = 47
    bench.crc = True
    bench.connect()
    bench.run(4.9)
    assert isinstance(bench.events[-1], AcceptorReady)


def test_a_spoilt_echo_hides_no_answer(ready):
    request = framed(40, 1, EVENTS, b"")
    answer = ready.reply(0, bytes([1, 0, 2, *bytes(8)]))
    ready.run(0.05)
    while ready._decision.send != request:
        ready._turn(ready.now_s + 1)
    ready.hear(b"\x28\x00\x00" + request[3:] + answer)
    assert [type(event).__name__ for event in ready.events] == ["BillRejected"]


# -- set-up ----------------------------------------------------------------------------------------


def test_start_up(bench):
    bench.connect()
    bench.run(3.0)
    asked = [header for header, _ in bench.sent if header != EVENTS]
    assert asked[:6] == [254, 246, 244, 241, 230, SELF_CHECK]
    assert [data[0] for header, data in bench.sent if header == BILL_ID] == list(range(1, 17))
    assert (156, b"US") in bench.sent
    assert bench.orders() == [(MODE, b"\x03"), OPEN, DISABLED]


def test_the_power_up_is_on_record_before_anything_is_changed(bench):
    bench.connect()
    while not bench.events:
        bench.run(0.01)
    told_s = bench.now_s
    bench.run(3.0)
    first = next(at for at, each in enumerate(bench.sent) if each in bench.orders())
    assert bench.sent_at[first] - told_s >= 0.3


def test_a_device_with_sixty_four_bill_types(bench):
    bench.mask = bytes(8)
    bench.table[64] = b"US0002A"
    bench.connect()
    bench.run(5.0)
    assert bench.mask == b"\x3f" + bytes(6) + b"\x80"


def test_set_up_survives_lost_answers(bench):
    bench.connect()
    for _ in range(6):
        bench.lost = 1
        bench.run(0.6)
    bench.run(3.0)
    assert bench.events[-1].denominations == USD_BILLS


def test_a_device_without_names_or_self_check(bench):
    bench.answers = dict.fromkeys([246, 244, 241, SELF_CHECK])
    bench.connect()
    bench.run(20.0)
    assert bench.events[-1] == AcceptorReady(USD_BILLS, False, "")


def test_a_device_that_does_not_tell_its_scaling(bench):
    bench.answers[156] = None
    bench.connect()
    bench.run(10.0)
    assert [fault.code for fault in bench.said(AcceptorFault)] == [FaultCode.ACCEPTOR_PROTOCOL]
    assert bench.said(AcceptorReady) == []
    del bench.answers[156]
    cleared, ready = bench.run(3.0)
    assert cleared == AcceptorFaultCleared(FaultCode.ACCEPTOR_PROTOCOL)
    assert ready.denominations == USD_BILLS


def test_types_beyond_the_last_are_met_with_silence(bench):
    """Not the dots of the specification: then a type is not programmed, unless the line is bad."""
    own = bench._answer
    bench._answer = lambda header, data: (
        None if header == BILL_ID and data[0] > 6 else own(header, data)
    )
    bench.connect()
    bench.run(40.0)
    assert bench.said(AcceptorReady)[0].denominations == USD_BILLS


def test_silence_on_a_line_that_is_bad_says_nothing_of_a_bill_type(bench):
    bench.answers = dict.fromkeys([BILL_ID, EVENTS])
    bench.connect()
    bench.run(60.0)
    bench.answers.clear()
    bench.run(5.0)
    assert bench.said(AcceptorReady)[0].denominations == USD_BILLS


def test_a_busy_device_is_waited_for(bench):
    bench.answers[246] = (6, b"")
    bench.connect()
    bench.run(10.0)
    assert [header for header, _ in bench.sent].count(246) < 110
    assert bench.said(AcceptorReady) == []
    del bench.answers[246]
    bench.run(3.0)
    assert bench.said(AcceptorReady)[0].firmware == FIRMWARE


@pytest.mark.parametrize(
    ("table", "takes"),
    [
        ({1: b"EU0005A", 2: b"EU0010A"}, "EUR"),
        ({1: b"XX0005A"}, "no currency we know"),
        ({}, "no currency we know"),
    ],
)
def test_another_currency_stays_inhibited(bench, table, takes):
    bench.table = table
    bench.scalings[b"EU"] = b"\x64\x00\x02"
    bench.command(Enable())
    bench.connect()
    bench.run(4.0)
    _, fault, ready = bench.events
    assert fault == AcceptorFault(
        FaultCode.ACCEPTOR_CURRENCY, f"the device takes {takes}, the kiosk USD"
    )
    assert ready.denominations == ()
    assert bench.orders() == [(MODE, b"\x03"), DISABLED]


def test_of_two_currencies_only_ours_is_taken(bench):
    bench.table = {1: b"EU0005A", 2: b"US0005A"}
    bench.scalings[b"EU"] = b"\x64\x00\x02"
    bench.connect()
    bench.run(4.0)
    assert bench.events[-1].denominations == (FIVE,)
    assert bench.mask == b"\x02\x00"


def test_the_same_device_is_not_asked_for_its_bills_again(enabled):
    enabled.protocol.disconnected()
    enabled.connect()
    (ready,) = enabled.run()
    assert ready == AcceptorReady(USD_BILLS, True, FIRMWARE)
    assert BILL_ID not in [header for header, _ in enabled.sent]


def test_another_device_on_the_same_port_is(enabled):
    enabled.say((0, 2))
    enabled.protocol.disconnected()
    enabled.restart()
    enabled.table = {1: b"US0005A"}
    enabled.happen((0, 12))
    enabled.connect()
    enabled.run(3.0)
    assert enabled.said(PoweredUp, AcceptorReady) == [
        PoweredUp("nowhere"),
        AcceptorReady((FIVE,), False, FIRMWARE),
    ]


# -- settings --------------------------------------------------------------------------------------


def test_enable_and_disable(ready):
    ready.command(Enable())
    ready.run()
    ready.command(Disable())
    ready.run()
    assert ready.orders() == [ENABLED, DISABLED]


def test_enabling_before_the_device_is_there(bench):
    bench.command(Enable())
    bench.connect()
    bench.run(3.0)
    assert bench.master == b"\x01"


def test_the_device_that_was_not_polled_is_enabled_again(enabled):
    """The specification's session: event 0 0, and the host sends 228 = 1."""
    enabled.master = b"\x00"
    enabled.say((0, 0))
    assert enabled.orders() == [ENABLED]


def test_an_inhibit_while_disabled_is_as_it_should_be(ready):
    ready.say((0, 0))
    assert ready.orders() == []


def test_a_silent_inhibit_is_read_back(enabled):
    enabled.master = b"\x00"
    enabled.run(3.0)
    assert enabled.master == b"\x01"
    assert enabled.said(PoweredUp) == []


def test_a_restart_before_the_first_event_is_read_back(enabled):
    """The counter was 0, and is."""
    enabled.restart()
    power_up, ready = enabled.run(5.0)
    assert power_up == PoweredUp("nowhere")
    assert ready.vouches is False
    assert (enabled.mask, enabled.mode, enabled.master) == (OPEN[1], b"\x03", b"\x01")


def test_after_a_silence_the_slot_opens_only_behind_the_other_settings(ready):
    """It may have lost its power, and escrow with it, while its counter was 0: it would stack what comes."""
    ready.answers = dict.fromkeys(range(256))
    ready.run(1.0)
    ready.restart()
    ready.answers.clear()
    ready.sent.clear()
    ready.command(Enable())
    ready.run(0.5)
    assert [header for header, _ in ready.orders()] == [MODE, MASK, MASTER]


def test_lost_settings_behind_a_moved_counter_are_no_restart(enabled):
    enabled.say((0, 2))
    enabled.mask, enabled.mode = b"\x00\x00", b"\x00"
    enabled.run(4.0)
    assert (enabled.mask, enabled.mode) == (OPEN[1], b"\x03")
    assert enabled.said(PoweredUp) == []


def test_a_bill_refused_as_inhibited_makes_all_settings_be_said_again(enabled):
    enabled.say((0, 4))
    assert [header for header, _ in enabled.orders()] == [MODE, MASK, MASTER]


@pytest.mark.parametrize("header", [MODE, MASK, MASTER])
@pytest.mark.parametrize("answer", [None, (5, b"")])
def test_a_setting_that_is_refused_is_a_fault_until_it_is_taken(bench, header, answer):
    bench.answers[header] = answer
    bench.connect()
    bench.run(9.0)
    (fault,) = bench.said(AcceptorFault)
    assert fault.code is FaultCode.ACCEPTOR_PROTOCOL
    assert bench.said(AcceptorReady) == []
    del bench.answers[header]
    cleared, ready = bench.run(3.0)
    assert cleared == AcceptorFaultCleared(FaultCode.ACCEPTOR_PROTOCOL)
    assert isinstance(ready, AcceptorReady)


# -- faults ----------------------------------------------------------------------------------------


def test_the_session_of_a_full_stacker(enabled):
    """The specification's: 14, 0; then 11, 12, and the host sends 228 = 1."""
    enabled.fault = 45
    enabled.master = b"\x00"
    events = enabled.say((0, 14), (0, 0))
    assert [event.code for event in events] == [FaultCode.CASHBOX_FULL]
    assert ENABLED not in enabled.orders()
    enabled.fault = 44
    removed, fault, full = enabled.say((0, 11), seconds=4.0)
    assert {type(removed), type(fault), type(full)} == {
        CashboxRemoved,
        AcceptorFault,
        AcceptorFaultCleared,
    }
    enabled.fault = 0
    events = enabled.say((0, 12), seconds=4.0)
    assert events == [AcceptorFaultCleared(FaultCode.CASHBOX_REMOVED), CashboxReplaced()]
    assert enabled.master == b"\x01"


def test_a_cashbox_that_the_self_check_does_not_know(enabled):
    enabled.say((0, 11), seconds=20.0)
    assert enabled.said(AcceptorFaultCleared) == []
    enabled.say((0, 12))
    assert enabled.said(CashboxReplaced) == [CashboxReplaced()]


@pytest.mark.parametrize("code", [36, 37, 38, 39, 41, 44, 45, 99])
def test_a_fault_found_at_start_stands_until_the_self_check_is_well(bench, code):
    bench.fault = code
    bench.connect()
    bench.run(10.0)
    assert len(bench.said(AcceptorFault)) == 1
    assert bench.said(AcceptorReady) == []
    bench.fault = 0
    bench.run(5.0)
    assert len(bench.said(AcceptorFaultCleared)) == 1
    assert bench.said(AcceptorReady)[0].vouches is False


@pytest.mark.parametrize("b", [6, 7, 8, 9, 13, 15, 16, 17, 18, 19, 21, 99])
def test_a_break_stands_until_the_self_check_is_well(enabled, b):
    enabled.answers[SELF_CHECK] = None
    enabled.say((0, b), seconds=10.0)
    assert len(enabled.said(AcceptorFault)) == 1
    assert enabled.master == b"\x00"
    del enabled.answers[SELF_CHECK]
    enabled.run(5.0)
    assert len(enabled.said(AcceptorFaultCleared)) == 1
    assert enabled.master == b"\x01"


def test_a_part_that_breaks_without_an_event_but_its_own_inhibit(enabled):
    enabled.fault = 37
    enabled.master = b"\x00"
    (fault,) = enabled.say((0, 0))
    assert fault == AcceptorFault(
        FaultCode.ACCEPTOR_FAILURE, "self-check 37: bill transport motor"
    )


def test_a_part_that_breaks_in_silence(enabled):
    enabled.fault = 36
    enabled.run(65.0)
    assert len(enabled.said(AcceptorFault)) == 1


def test_no_self_check_moves_a_bill_in_escrow(enabled):
    enabled.escrow_full = True
    enabled.say((TWENTY_TYPE, 1))
    enabled.sent.clear()
    enabled.say((0, 0), seconds=70.0)
    assert SELF_CHECK not in [header for header, _ in enabled.sent]


def test_unplugged_after_a_break_it_is_no_longer_vouched_for(enabled):
    enabled.escrow_full = True
    enabled.say((TWENTY_TYPE, 1))
    enabled.say((0, 8))
    enabled.escrow_full = False
    enabled.protocol.disconnected()
    enabled.connect()
    enabled.run(10.0)
    assert enabled.said(AcceptorReady)[-1].vouches is False


# -- the line --------------------------------------------------------------------------------------


def test_polls_keep_their_pace_whatever_else_is_asked(bench):
    bench.answers[BILL_ID] = None  # a set-up that drags on
    bench.connect()
    bench.run(20.0)
    polls = [at for at, each in zip(bench.sent_at, bench.sent, strict=True) if each == POLL]
    gaps = [later - earlier for earlier, later in pairwise(polls)]
    assert max(gaps) < 1.0  # the device gives up on us after five seconds
    assert min(gaps) > 0.19


def test_an_answer_of_another_form_is_no_answer(ready):
    ready.run(0.05)
    while ready._decision.send != framed(40, 1, EVENTS, b""):
        ready._turn(ready.now_s + 1)
    for late in (b"", b"\x01", b"US0020A", bytes(10), bytes(12)):
        ready.hear(ready.reply(0, late))
    assert ready.events == []
    ready.hear(ready.reply(0, bytes([1, 0, 2, *bytes(8)])))
    assert len(ready.events) == 1


def test_after_a_time_out_the_line_is_left_alone_for_late_answers(ready):
    ready.lost = 1
    while ready.lost:
        ready._turn(ready.now_s + 1)
    ready._turn(ready.now_s + 1)
    late_s = ready.now_s
    assert ready._decision.send == b""
    ready.hear(ready.reply(0, bytes([9, TWENTY_TYPE, 0, *bytes(8)])))
    assert ready.events == []
    assert ready._decision.wake_at_s >= late_s + 0.1


def test_a_wrong_check_credits_nothing(ready):
    poll = ready.reply(0, bytes([2, TWENTY_TYPE, 0, TWENTY_TYPE, 1, *bytes(6)]))
    for at in range(len(poll)):
        spoilt = bytearray(poll)
        spoilt[at] ^= 0x04
        ready.hear(bytes(spoilt))
        ready.run(0.6)
    assert ready.said(BillStacked, BillEscrowed) == []


def test_farewell_takes_no_more_bills_and_leaves_the_mask(enabled):
    assert enabled.protocol.farewell() == framed(40, 1, MASTER, b"\x00")
    enabled.protocol.disconnected()
    assert enabled.protocol.farewell() == b""
    assert CcTalk("USD").farewell() == b""


def test_the_device_is_never_reset(enabled):
    for b in (6, 7, 8, 13, 99):
        enabled.fault = 38
        enabled.say((0, b), seconds=30.0)
    assert (1, b"") not in enabled.sent


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_noise_never_raises_nor_credits(chunks):
    protocol = CcTalk("USD")
    now_s = 0.0
    events = list(protocol.connected(now_s).events)
    for chunk in chunks:
        now_s += 0.05
        events += protocol.received(chunk, now_s).events
        events += protocol.ticked(now_s + 0.4).events
    assert [event for event in events if not isinstance(event, PoweredUp)] == []


HAPPENINGS = st.one_of(
    st.tuples(st.just(0), st.integers(0, 30)),
    st.tuples(st.integers(1, 255), st.integers(1, 3)),
)


@given(bursts=st.lists(st.lists(HAPPENINGS, max_size=7), max_size=12), empty=st.booleans())
def test_nothing_but_a_credit_event_credits_and_no_bill_ends_twice(bursts, empty):
    bench = CcTalkBench().ready()
    bench.command(Enable())
    bench.escrow_full = not empty
    for burst in bursts:
        bench.say(*burst, seconds=0.7)
        bench.command(Stack())
    assert bench.said(BillStacked) == []
    assert len(bench.said(BillReturned)) <= len(bench.said(BillEscrowed))


def test_routes_are_never_sent_without_a_bill(enabled):
    enabled.command(Stack())
    enabled.run(5.0)
    assert ROUTE not in [header for header, _ in enabled.sent]
