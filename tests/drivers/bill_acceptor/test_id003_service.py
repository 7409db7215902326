"""Set-up, inhibit, faults, silence, and a line that lies."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.bill_acceptor.commands import Disable, Enable
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorFaultCleared,
    AcceptorReady,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillReturned,
    CashboxRemoved,
    CashboxReplaced,
    PoweredUp,
)
from drivers.bill_acceptor.id003.protocol import Id003
from drivers.faults import FaultCode

USD_BILLS = tuple(Bill(value * 100, "USD") for value in (1, 5, 10, 20, 50, 100))
RESET = 0x40
TWENTY = Bill(2000, "USD")
SET_UP = ["88", "8A", "C08200", "C10000", "C200", "C400", "C50200", "C60112", "C7FF"]


def payloads(bench):
    return [payload.hex().upper() for payload in bench.sent if payload != b"\x11"]


def test_start_up_from_power_up(bench):
    bench.status = "40"
    bench.on[RESET] = "1B"
    bench.connect()
    bench.run()
    assert bench.events == [PoweredUp("nowhere")]
    events = bench.say("1A")
    assert events == [AcceptorReady(USD_BILLS, False, "U(USA)-10-SS ID003-05V128-45 01JAN24 1A2B")]
    assert payloads(bench) == ["40", *SET_UP, "C301"]


def test_the_power_up_is_told_well_before_the_device_is_reset(bench):
    """RESET makes the device forget that it had lost its power; by then the core has it on record."""
    bench.status = "40"
    bench.connect()
    assert bench.run(0.2) == [PoweredUp("nowhere")]
    assert payloads(bench) == []
    bench.run(0.4)
    assert payloads(bench)[0] == "40"


@pytest.mark.parametrize("status", ["45", "46", "49 A2", "48"])
def test_a_new_driver_that_meets_a_device_in_disorder_does_not_vouch(bench, status):
    """Hands may have taken out a bill that the last process had in escrow."""
    bench.status = status
    bench.connect()
    bench.run()
    bench.say("1B")
    ready = bench.say("1A", 2.0)[-1]
    assert ready.vouches is False


@pytest.mark.parametrize("status", ["11", "1A"])
def test_a_running_device_is_set_up_without_reset(bench, status):
    bench.status = status
    bench.connect()
    (ready,) = bench.run()
    assert ready.vouches is True
    assert payloads(bench)[:10] == [*SET_UP, "C301"]


def test_enabling_before_the_device_is_there(bench):
    bench.command(Enable())
    bench.connect()
    bench.run()
    assert payloads(bench)[9] == "C300"


def test_enable_and_disable(ready_bench):
    bench = ready_bench
    bench.on[0xC3] = "11"
    bench.command(Enable())
    bench.run()
    assert payloads(bench) == ["C300"]
    bench.on[0xC3] = "1A"
    bench.command(Disable())
    bench.run()
    assert payloads(bench) == ["C300", "C301"]


def test_an_inhibit_that_does_not_take_is_repeated(ready_bench):
    ready_bench.command(Enable())
    ready_bench.run(1.9)
    assert payloads(ready_bench) == ["C300"] * 4  # every half second


def test_a_refused_set_up_of_a_running_device_ends_in_one_reset(bench):
    bench.refused = {0xC0}
    bench.on[RESET] = bench.refused.clear
    bench.connect()
    (ready,) = bench.run(2.0)
    assert ready.denominations == USD_BILLS
    assert payloads(bench).count("40") == 1


def test_what_a_model_does_not_have_is_skipped(bench):
    bench.refused = {0xC6, 0xC7}
    bench.status = "40"
    bench.on[RESET] = "1A"
    bench.connect()
    (_, ready) = bench.run(2.0)
    assert ready.denominations == USD_BILLS


def test_a_device_that_refuses_what_is_needed(bench):
    bench.refused = {0xC0}
    bench.connect()
    (fault,) = bench.run(15.0)
    assert fault == AcceptorFault(FaultCode.ACCEPTOR_PROTOCOL, "it refuses SET_DENOMINATIONS (C0)")
    bench.refused = set()
    cleared, ready = bench.run(15.0)
    assert cleared == AcceptorFaultCleared(FaultCode.ACCEPTOR_PROTOCOL)
    assert isinstance(ready, AcceptorReady)


def test_set_up_survives_lost_answers(bench):
    def lose_two():
        bench.lost = 2
        del bench.on[0xC4]

    bench.on[0xC4] = lose_two
    bench.connect()
    (ready,) = bench.run(3.0)
    assert isinstance(ready, AcceptorReady)
    assert RESET not in bench.codes()


@pytest.mark.parametrize(
    ("table", "takes"),
    [
        ("62E00500 63E00A00", "EUR"),
        ("61000000", "no currency we know"),
        ("", "no currency we know"),
    ],
)
def test_another_currency_stays_inhibited(bench, table, takes):
    bench.table = bytes.fromhex(table)
    bench.command(Enable())
    bench.connect()
    fault, ready = bench.run(3.0)
    assert fault == AcceptorFault(
        FaultCode.ACCEPTOR_CURRENCY, f"the device takes {takes}, the kiosk USD"
    )
    assert ready.denominations == ()
    assert "C300" not in payloads(bench)
    assert "C0FF00" in payloads(bench)


def test_of_two_currencies_only_ours_is_taken(bench):
    bench.table = bytes.fromhex("61010500 62E00500")
    bench.connect()
    (ready,) = bench.run()
    assert ready.denominations == (Bill(500, "USD"),)
    assert "C0FE00" in payloads(bench)


def test_the_device_starts_over_by_itself(ready_bench):
    ready_bench.say("1B")
    (ready,) = ready_bench.say("1A", 2.0)
    assert ready.vouches is True
    assert payloads(ready_bench) == [*SET_UP, "C301"]


def test_a_power_cycle_between_two_polls(ready_bench):
    ready_bench.on[RESET] = "1B"
    ready_bench.say("40")
    (ready,) = ready_bench.say("1A", 2.0)
    assert ready.vouches is False
    ready_bench.say("1B")
    (again,) = ready_bench.say("1A", 2.0)
    assert again.vouches is True


def test_cashbox_out_and_in(ready_bench):
    removed, fault = ready_bench.say("44")
    assert removed == CashboxRemoved()
    assert fault.code is FaultCode.CASHBOX_REMOVED
    assert ready_bench.say("1B") == []
    cleared, replaced, ready = ready_bench.say("1A", 2.0)
    assert (cleared, replaced) == (
        AcceptorFaultCleared(FaultCode.CASHBOX_REMOVED),
        CashboxReplaced(),
    )
    assert isinstance(ready, AcceptorReady)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("43", FaultCode.CASHBOX_FULL),
        ("45", FaultCode.ACCEPTOR_JAM),
        ("46", FaultCode.STACKER_JAM),
        ("48", FaultCode.CHEAT_SUSPECTED),
        ("49 A6", FaultCode.ACCEPTOR_FAILURE),
        ("99", FaultCode.ACCEPTOR_PROTOCOL),
    ],
)
def test_a_fault_is_said_once_and_cleared_once(ready_bench, status, code):
    (fault,) = ready_bench.say(status, 3.0)
    assert fault.code is code
    assert ready_bench.say("1A") == [AcceptorFaultCleared(code)]


@pytest.mark.parametrize("status", ["45", "46", "49 A2"])
def test_a_jam_is_reset_slowly_until_it_is_gone(ready_bench, status):
    ready_bench.say(status, 35.0)
    assert payloads(ready_bench) == ["40"] * 3  # at 10, 20 and 30 s
    ready_bench.on[RESET] = "1B"
    ready_bench.run(10.0)
    cleared, ready = ready_bench.say("1A", 2.0)
    assert isinstance(cleared, AcceptorFaultCleared)
    assert isinstance(ready, AcceptorReady)


@pytest.mark.parametrize("status", ["43", "44", "47"])
def test_what_a_person_ends_is_not_reset(ready_bench, status):
    ready_bench.say(status, 60.0)
    assert payloads(ready_bench) == []


def test_a_jam_with_a_bill_in_escrow_leaves_the_bill_to_the_journal(ready_bench):
    ready_bench.say("13 65")
    ready_bench.say("45")
    cleared, ready = ready_bench.say("1A")
    assert isinstance(cleared, AcceptorFaultCleared)
    assert isinstance(ready, AcceptorReady)
    assert BillReturned(TWENTY) not in ready_bench.events


def test_a_jam_the_device_works_itself_out_of(ready_bench):
    ready_bench.say("13 65")
    ready_bench.say("45")
    ready_bench.say("18")
    assert BillReturned(TWENTY) in ready_bench.say("1A")


def test_a_pause_is_a_fault_only_when_it_lasts(ready_bench):
    assert ready_bench.say("47", 9.0) == []
    (fault,) = ready_bench.run(2.0)
    assert fault.code is FaultCode.ACCEPTOR_JAM


def test_silence_is_answered_with_one_reset(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(4.9)
    assert payloads(ready_bench) == ["40"]
    ready_bench.is_mute = False
    (ready,) = ready_bench.run(2.0)
    assert ready.vouches is False  # whatever it held, it may have forgotten


def test_a_short_silence_is_only_polled(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(2.0)
    ready_bench.is_mute = False
    assert ready_bench.run() == []
    assert payloads(ready_bench) == []


def test_polls_keep_their_pace(ready_bench):
    ready_bench.run(1.0)
    assert len(ready_bench.sent) == pytest.approx(10, abs=1)


def test_the_beginning_of_a_long_frame_does_not_swallow_the_next_answers(ready_bench):
    ready_bench.is_mute = True
    ready_bench.run(0.15)
    ready_bench.hear(bytes([0xFC, 0xF0]))  # 238 bytes more, it says
    ready_bench.is_mute = False
    assert ready_bench.say("12") == [BillAccepting()]


def test_a_new_connection_begins_by_asking_not_on_an_old_status(ready_bench):
    ready_bench.protocol.disconnected()
    ready_bench.connect()
    assert ready_bench.sent == [b"\x11"]


def test_a_late_answer_is_still_a_status(ready_bench, framed):
    ready_bench.hear(framed("12"))
    assert ready_bench.events == [BillAccepting()]


def test_late_answers_to_nothing_are_no_news(ready_bench, framed):
    for late in ("50", "4B", "C3 00", "8A", "05", "F0 20 92 01"):
        ready_bench.hear(framed(late))
    assert ready_bench.events == []


def test_farewell_takes_no_more_bills(ready_bench, framed):
    assert ready_bench.protocol.farewell() == framed("C3 01")
    ready_bench.protocol.disconnected()
    assert ready_bench.protocol.farewell() == b""


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_noise_never_raises_nor_credits(chunks):
    protocol = Id003("USD")
    now_s = 0.0
    events = list(protocol.connected(now_s).events)
    for chunk in chunks:
        now_s += 0.05
        events += protocol.received(chunk, now_s).events
        events += protocol.ticked(now_s + 0.4).events
    assert events == []


PAYLOADS = st.one_of(
    st.sampled_from(["11", "12", "14", "16", "1A", "1B", "18", "19", "40", "41", "42", "43"]),
    st.sampled_from(["44", "45", "46", "47", "48", "49 A2", "4A", "4B", "50", "99", "05"]),
    st.sampled_from(["13 65", "13 62", "13", "17 71", "17", "8A", "88", "C3 00", "F0 20 92"]),
)


@given(statuses=st.lists(PAYLOADS, max_size=20))
@example(statuses=["41", "45", "17 71"])
def test_nothing_but_vend_valid_credits_and_no_bill_ends_twice(new_bench, statuses):
    bench = new_bench("USD").ready()
    for status in statuses:
        bench.say(status, 0.4)
    kinds = [type(event).__name__ for event in bench.events]
    assert "BillStacked" not in kinds
    ends = sum(event == BillReturned(TWENTY) for event in bench.events)
    ends += sum(getattr(event, "from_escrow", False) for event in bench.events)
    assert ends <= bench.events.count(BillEscrowed(TWENTY))
