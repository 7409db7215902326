"""Set-up, keys, enable and disable, faults, silence, and a line that lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bill_acceptor.commands import Disable, Enable
from drivers.bill_acceptor.dialect import Dialect
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
from drivers.bill_acceptor.protocols import PROTOCOLS
from drivers.bill_acceptor.ssp.dataset import read_dataset
from drivers.bill_acceptor.ssp.faults import FAULTS, REJECTS, reject_of
from drivers.bill_acceptor.ssp.protocol import Ssp
from drivers.faults import FaultCode, RejectReason
from drivers.port import Line
from ssp_bench import (
    DISABLE,
    ENABLE,
    GENERATOR,
    HOLD,
    HOST_VERSION,
    INHIBITS,
    KEY_EXCHANGE,
    MODULUS,
    POLL,
    POLL_WITH_ACK,
    SETUP,
    SYNC,
    UNFIT,
    SspBench,
    dataset,
    packet,
)

USD_BILLS = tuple(Bill(value * 100, "USD") for value in (1, 5, 10, 20, 50, 100))
KEYS = [GENERATOR, MODULUS, KEY_EXCHANGE]
SETTINGS = [HOST_VERSION, SETUP, INHIBITS]


@pytest.fixture
def bench():
    return SspBench()


@pytest.fixture
def ready_bench():
    return SspBench().ready()


def test_start_up(bench):
    bench.connect()
    (ready,) = bench.run(2.0)
    assert ready == AcceptorReady(USD_BILLS, vouches=False, firmware="0414")
    assert bench.codes() == [SYNC, *KEYS, HOLD, *SETTINGS]
    assert bench.sent[5:8] == [b"\x06\x06", b"\x05", b"\x02\x7d\x00"]  # channel 2 is unused


def test_what_follows_the_key_exchange_is_encrypted(bench):
    bench.connect()
    bench.run()
    clear = [each for each in bench.packets if each[3] != 0x7E]
    assert len(clear) == 4
    assert {each[3] for each in bench.packets[4:]} == {0x7E}


@pytest.mark.parametrize("refusal", ["F2", "F3", "F4", "F5", "F8"])
def test_a_device_that_agrees_on_no_key_is_spoken_to_plainly(bench, refusal):
    bench.refused[GENERATOR] = bytes.fromhex(refusal)
    bench.connect()
    assert isinstance(bench.run()[0], AcceptorReady)
    assert bench.codes()[:3] == [SYNC, GENERATOR, HOLD]
    assert {each[3] for each in bench.packets} >= {POLL_WITH_ACK, SETUP}


def test_sequence_bits_alternate_and_the_first_after_sync_is_0(bench):
    bench.connect()
    bench.run(2.0)
    bits = [each[1] >> 7 for each in bench.packets]
    assert bits == [(index + 1) % 2 for index in range(len(bits))]


def test_polls_keep_their_pace(ready_bench):
    ready_bench.run(10.0)
    assert ready_bench.polls() == pytest.approx(50, abs=2)


def test_a_device_without_poll_with_ack():
    bench = SspBench(acks=False)
    bench.connect()
    (ready,) = bench.run(8.0)
    assert isinstance(ready, AcceptorReady)
    assert [data[0] for data in bench.sent].count(POLL_WITH_ACK) == 1
    assert [data[0] for data in bench.sent].count(POLL) > 20


def test_a_key_that_the_device_lost_is_negotiated_again(ready_bench):
    """skokov3812/encrypted-smiley-secure-protocol, thread 39: FA after a power cycle."""
    ready_bench.power_cycle()
    events = ready_bench.run(8.0)
    assert [type(event) for event in events] == [PoweredUp, AcceptorReady]
    assert events[0] == PoweredUp("nowhere")
    assert not events[1].vouches
    assert ready_bench.codes()[:6] == [SYNC, *KEYS, HOLD, HOST_VERSION]
    assert ready_bench.codes()[-1] == ENABLE


def test_a_power_cycle_of_a_plain_device_sets_it_up_anew():
    bench = SspBench(encrypts=False).ready()
    bench.power_cycle()
    assert [type(event) for event in bench.run(8.0)] == [PoweredUp, AcceptorReady]
    assert bench.codes()[:5] == [*SETTINGS, 0x57, ENABLE]


def test_a_reset_reply_without_ok_is_an_event_too():
    """The manual prints F1 alone as the reply."""
    bench = SspBench(encrypts=False).ready()
    bench.refused[POLL_WITH_ACK] = b"\xf1"
    assert bench.run(0.3) == [PoweredUp("nowhere")]


def test_one_power_up_is_told_once_however_often_the_device_repeats_it(ready_bench):
    ready_bench.power_cycle("")
    ready_bench.lasting = "F1 E8"
    assert ready_bench.run(10.0).count(PoweredUp("nowhere")) == 1


@pytest.mark.parametrize("step", [SETUP, INHIBITS])
def test_a_device_that_refuses_what_is_needed(bench, step):
    bench.refused[step] = UNFIT
    bench.connect()
    (fault,) = bench.run(10.0)
    assert fault.code is FaultCode.ACCEPTOR_PROTOCOL
    assert fault.detail.endswith(f"({step:02X}) with F5 CANNOT_BE_PROCESSED")
    bench.refused.clear()
    cleared, ready = bench.run(5.0)
    assert cleared == AcceptorFaultCleared(FaultCode.ACCEPTOR_PROTOCOL)
    assert isinstance(ready, AcceptorReady)


def test_a_setup_reply_cut_short_is_no_table(bench):
    bench.dataset = bench.dataset[:-1]
    bench.connect()
    (fault,) = bench.run()
    assert fault.code is FaultCode.ACCEPTOR_PROTOCOL


def test_values_before_protocol_version_6():
    table = read_dataset(dataset("EUR", version=5))
    assert table is not None
    assert table.bills[5] == Bill(2000, "EUR")
    assert 2 not in table.bills
    assert table.bills == read_dataset(dataset("EUR")).bills


@given(st.binary(max_size=90))
def test_no_reply_to_setup_request_raises(data):
    table = read_dataset(data)
    assert table is None or table.firmware is not None


def test_another_currency_stays_disabled(bench):
    bench.dataset = dataset("EUR")
    bench.command(Enable())
    bench.connect()
    fault, ready = bench.run(3.0)
    assert fault == AcceptorFault(
        FaultCode.ACCEPTOR_CURRENCY, "the device takes EUR, the kiosk USD"
    )
    assert ready.denominations == ()
    assert ENABLE not in bench.codes()
    assert b"\x02\x00\x00" in bench.sent


def test_of_two_currencies_only_ours_is_taken(bench):
    bench.dataset = bench.dataset.replace(b"USDUSD", b"EURUSD", 1)
    bench.connect()
    (ready,) = bench.run()
    assert ready.denominations == USD_BILLS[1:]
    assert b"\x02\x7c\x00" in bench.sent


def test_enable_and_disable(ready_bench):
    ready_bench.command(Disable())
    ready_bench.run()
    ready_bench.command(Enable())
    ready_bench.run()
    assert ready_bench.codes() == [DISABLE, ENABLE]


def test_enabling_before_the_device_is_there(bench):
    bench.command(Enable())
    bench.connect()
    bench.run()
    assert bench.codes()[-1] == ENABLE


def test_a_device_that_disabled_itself_is_enabled_again(ready_bench):
    """It does so when no command came for 10 s."""
    ready_bench.lasting = "E8"
    ready_bench.run()
    assert ready_bench.codes() == [ENABLE]


def test_a_device_that_stays_disabled_is_asked_once_a_second(ready_bench):
    ready_bench.on[ENABLE] = lambda: None
    ready_bench.refused[ENABLE] = UNFIT
    ready_bench.lasting = "E8"
    ready_bench.run(10.0)
    assert ready_bench.codes().count(ENABLE) == pytest.approx(10, abs=1)


def test_channels_that_are_all_inhibited_are_opened_again(ready_bench):
    ready_bench.lasting = "B5"
    ready_bench.run(5.0)
    assert ready_bench.sent.count(b"\x02\x7d\x00") == pytest.approx(5, abs=1)


def test_a_device_that_initialises_is_waited_for(bench):
    bench.power_cycle()
    bench.lasting = "B6"
    bench.connect()
    assert bench.run(20.0) == [PoweredUp("nowhere")]
    bench.lasting = "E8"
    assert isinstance(bench.run(4.0)[-1], AcceptorReady)


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ("E9", FaultCode.ACCEPTOR_JAM),
        ("EA", FaultCode.STACKER_JAM),
        ("E7", FaultCode.CASHBOX_FULL),
        ("E6 00", FaultCode.CHEAT_SUSPECTED),
        ("E0", FaultCode.ACCEPTOR_FAILURE),
        ("83 03", FaultCode.ACCEPTOR_FAILURE),
        ("A5", FaultCode.ACCEPTOR_PROTOCOL),
    ],
)
def test_a_fault_is_said_once_and_cleared_once(ready_bench, events, code):
    ready_bench.lasting = events
    (fault,) = ready_bench.run(5.0)
    assert isinstance(fault, AcceptorFault)
    assert fault.code is code
    assert fault.detail.startswith(events[:2])
    ready_bench.lasting = ""
    assert ready_bench.run(5.0) == [AcceptorFaultCleared(code)]


@pytest.mark.parametrize(
    ("event", "limit_s", "code"),
    [
        ("CC", 30.0, FaultCode.STACKER_JAM),
        ("B6", 60.0, FaultCode.ACCEPTOR_FAILURE),
        ("B0", 60.0, FaultCode.ACCEPTOR_JAM),
    ],
)
def test_what_does_not_end_is_a_fault(ready_bench, event, limit_s, code):
    ready_bench.lasting = event
    assert ready_bench.run(limit_s - 1.0) == []
    (fault,) = ready_bench.run(2.0)
    assert fault.code is code


def test_cashbox_out_and_in(ready_bench):
    removed, fault = ready_bench.happen("E3", 5.0)
    assert removed == CashboxRemoved()
    assert fault.code is FaultCode.CASHBOX_REMOVED
    assert ready_bench.happen("E4") == [
        AcceptorFaultCleared(FaultCode.CASHBOX_REMOVED),
        CashboxReplaced(),
    ]


@pytest.mark.parametrize("event", ["E9", "EA", "E6 05", "E0"])
def test_behind_a_jam_nobody_vouches_for_the_bill(ready_bench, event):
    ready_bench.escrow()
    ready_bench.in_escrow = False
    ready_bench.run(5.5)  # HOLD finds nothing there
    ready_bench.lasting = event
    ready_bench.run()
    ready_bench.lasting = ""
    ready = ready_bench.run(6.0)[-1]
    assert isinstance(ready, AcceptorReady)
    assert ready.vouches is False


def test_events_that_are_not_ours_mean_nothing(ready_bench):
    told = (
        "DB,C9,C9 D0070000555344,CE,C6,C7,C8,C2,C3,B3 01 D0070000555344,D1,E5,CF,DF D0070000555344"
    )
    for event in told.split(","):
        assert ready_bench.happen(event, 0.5) == []


def test_an_event_marked_for_acknowledgement_is_acknowledged(ready_bench):
    ready_bench.happen("E6 05", 3.0)
    assert ready_bench.codes().count(0x57) == 1


def test_an_event_that_repeats_itself_is_acknowledged(ready_bench):
    """Which events wait for EVENT ACK differs by model."""
    ready_bench.happen("EF 00,ED,EC")
    ready_bench.lasting = "EC"
    ready_bench.run()
    assert 0x57 in ready_bench.codes()


@pytest.mark.parametrize("code", range(0x1E))
def test_reject_reasons(code):
    reason, vendor_code = reject_of(bytes([code]))
    assert vendor_code == f"{code:02X} {REJECTS[code][0]}"
    assert reason is REJECTS[code][1]


def test_reject_reasons_that_customers_can_act_on():
    assert reject_of(b"\x02")[0] is RejectReason.NOT_RECOGNISED
    assert reject_of(b"\x07")[0] is RejectReason.INSERTED_BADLY
    assert reject_of(b"\x13")[0] is RejectReason.NOT_TAKEN_NOW
    assert reject_of(b"\x1d")[0] is RejectReason.MACHINE
    assert reject_of(b"\x77") == (RejectReason.OTHER, "77 not in the tables")
    assert len(FAULTS) == 6


def test_a_lost_reply_is_asked_for_with_the_same_bytes(ready_bench):
    ready_bench.lost = 3
    ready_bench.run(3.5)
    repeated = [a == b for a, b in zip(ready_bench.packets, ready_bench.packets[1:], strict=False)]
    assert repeated.count(True) == 3
    assert SYNC not in ready_bench.codes()


def test_a_device_that_does_not_answer_is_synchronised_again(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(4.5)
    ready_bench.is_mute = False
    (ready,) = ready_bench.run(3.0)
    assert ready_bench.codes()[:5] == [SYNC, *KEYS, HOLD]
    assert ready.vouches is False  # what the lost reply told is lost


def test_a_short_silence_and_a_cable_that_was_out_shake_nothing(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(2.5)
    ready_bench.is_mute = False
    ready_bench.reconnect()
    (ready,) = ready_bench.run(3.0)
    assert ready.vouches is True


def test_a_plain_reply_to_an_encrypted_command_is_nobodys(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(0.3)
    for sequence in (0, 1):
        ready_bench.hear(packet(bytes.fromhex("F0 EE 05"), sequence))
    assert ready_bench.events == []


def test_a_block_with_another_count_is_nobodys(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(0.3)
    for count in (0, ready_bench._count, ready_bench._count + 2):
        for sequence in (0, 1):
            block = ready_bench.sealed(bytes.fromhex("F0 EE 05"), count)
            ready_bench.hear(packet(block, sequence))
    assert ready_bench.events == []
    ready_bench.is_mute = False
    assert ready_bench.happen("EF 00", 3.0) == [BillAccepting()]


def test_late_replies_of_the_poll_before_are_nobodys():
    bench = SspBench(encrypts=False).ready()
    bench.is_mute = True
    bench.run(0.3)
    late = 1 - (bench.packets[-1][1] >> 7)
    bench.hear(packet(bytes.fromhex("F0 EE 05"), late))
    bench.hear(b"\x7f\x90" + packet(bytes.fromhex("F0 EE 05"), 1 - late)[2:])  # a hopper's
    assert bench.events == []


def test_the_beginning_of_a_long_packet_does_not_swallow_the_next_replies(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(0.3)
    ready_bench.hear(bytes([0x7F, 0x80, 0xF0]))
    ready_bench.is_mute = False
    assert ready_bench.happen("EF 00", 3.0) == [BillAccepting()]


def test_farewell_disables_unless_a_bill_is_inside(ready_bench):
    ready_bench._take(ready_bench.protocol.ticked(ready_bench.now_s))
    ready_bench._reply(ready_bench.protocol.farewell())
    assert ready_bench.codes() == [DISABLE]
    ready_bench.run()
    ready_bench.escrow()
    assert ready_bench.protocol.farewell() == b""
    ready_bench.protocol.disconnected()
    assert ready_bench.protocol.farewell() == b""


def test_the_line_and_the_dialect():
    kind = PROTOCOLS["ssp"]
    assert kind.line == Line(baud=9600, stop_bits=2)
    assert isinstance(kind.dialect, Dialect)
    assert kind.dialect.hellos == (bytes.fromhex("7f8001116582"),)  # the manual's SYNC


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_noise_never_raises_nor_credits(chunks):
    protocol = Ssp("USD")
    now_s = 0.0
    events = list(protocol.connected(now_s).events)
    for chunk in chunks:
        now_s += 0.05
        events += protocol.received(chunk, now_s).events
        events += protocol.ticked(now_s + 1.1).events
    assert events == []


EVENTS = (
    "EF 00,EF 05,EF 06,EF 02,ED,EC,CC,EB,E8,E9,EA,F1,A5,E7,E6 05,E3,E4,E1 05,B5,B6,CD,DB,E0,F2"
)
POLLED = st.lists(st.sampled_from(EVENTS.split(",")), min_size=1, max_size=4).map(" ".join)


@given(replies=st.lists(POLLED, max_size=12), acks=st.booleans())
def test_nothing_but_a_credit_credits_and_no_bill_ends_twice(replies, acks):
    bench = SspBench(acks=acks, encrypts=False).ready()
    for reply in replies:
        bench.happen(reply, 0.4)
    kinds = [type(event).__name__ for event in bench.events]
    assert not any(isinstance(event, BillStacked) for event in bench.events)
    escrows = sum(isinstance(event, BillEscrowed) for event in bench.events)
    rejects = sum(getattr(event, "from_escrow", False) for event in bench.events)
    assert rejects <= escrows
    assert kinds.count("AcceptorFault") >= kinds.count("AcceptorFaultCleared")
