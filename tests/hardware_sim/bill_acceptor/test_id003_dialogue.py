"""Whole dialogues with the simulated ID-003 acceptor, in bytes written from the protocol's facts.

Frames marked "log" were sent by a real device: RT-circuits/ccnet-poc, Session-logs.
"""

import re

import pytest

from hardware_sim.link import LineFaults

POLL = "FC 05 11 27 56"
ACK = "FC 05 50 AA 05"


def test_start_up_as_a_real_device_does(make_bench):
    bench = make_bench(currency="EUR")
    assert bench.raw(POLL) == "FC 05 40 2B 15"  # log: power up
    assert bench.raw("FC 05 83 BC E1") == "FC 06 83 01 EB 81"  # log: inhibited
    assert bench.raw("FC 07 C0 FF 00 ED 4A") == "FC 05 4B F8 AB"  # log: refused before reset
    assert bench.raw("FC 05 40 2B 15") == "FC 05 50 AA 05"  # log: ACK to reset
    assert bench.raw(POLL) == "FC 05 1B 7D F9"  # log: initialize
    bench.idle_for(1.6)
    assert bench.raw(POLL) == "FC 05 1A F4 E8"  # log: inhibited
    assert bench.raw("FC 07 C0 FF 00 ED 4A") == "FC 07 C0 FF 00 ED 4A"  # log: echo
    assert bench.raw("FC 07 C0 00 00 2D B5") == "FC 07 C0 00 00 2D B5"  # log: echo
    assert bench.raw("FC 06 C3 00 04 D6") == "FC 06 C3 00 04 D6"  # log: echo
    assert bench.raw(POLL) == "FC 05 11 27 56"  # log: idle


def test_currency_table_of_a_real_euro_device(make_bench):
    assert make_bench(currency="EUR").raw("FC 05 8A 7D 7C") == (
        "FC 25 8A 61 00 00 00 62 E0 05 00 63 E0 0A 00 64 E0 14 00 65 E0 32 00 "
        "66 E0 0A 01 67 E0 14 01 68 E0 32 01 05 C1"  # log
    )


def test_currency_table_of_a_dollar_device(bench):
    table = bytes.fromhex(bench.ask("8A"))[1:]
    records = [table[at : at + 4] for at in range(0, len(table), 4)]
    assert {code: digits * 10**power for code, country, digits, power in records if country} == {
        0x61: 1,
        0x63: 5,
        0x64: 10,
        0x65: 20,
        0x66: 50,
        0x67: 100,
    }
    assert {record[1] for record in records if record[2]} == {0x01}


def test_accept_and_stack_as_in_a_real_session(make_bench):
    bench = make_bench(currency="EUR")
    bench.start()
    bench.hands.insert(10)
    assert bench.raw(POLL) == "FC 05 12 BC 64"  # log: accepting
    bench.idle_for(1.1)
    assert bench.raw(POLL) == "FC 06 13 63 A2 D8"  # log: escrow, 10 EUR
    assert bench.raw(POLL) == "FC 06 13 63 A2 D8"  # and on every poll
    assert bench.raw("FC 05 41 A2 04") == "FC 05 50 AA 05"  # log: stack-1, ACK
    assert bench.poll() == "14"
    bench.idle_for(0.7)
    assert bench.raw(POLL) == "FC 05 15 03 10"  # log: vend valid
    assert bench.raw(POLL) == "FC 05 15 03 10"
    assert bench.raw(ACK) == ""  # nobody answers an ACK
    assert bench.poll() == "16"
    bench.idle_for(0.8)
    assert bench.raw(POLL) == "FC 05 11 27 56"
    assert bench.cashbox == {10: 1}
    for event in ("inserted", "accepting", "escrowed", "stacking", "stacked"):
        assert bench.named(event) == [10]
    assert bench.named("credit_reported") == bench.named("credit_acknowledged") == [10]


def test_return_as_in_a_real_session(make_bench):
    bench = make_bench(currency="EUR")
    bench.start()
    bench.hands.insert(20)
    bench.idle_for(1.1)
    assert bench.raw(POLL) == "FC 06 13 64 1D AC"  # log: escrow, 20 EUR
    assert bench.raw("FC 05 43 B0 27") == "FC 05 50 AA 05"  # log: return, ACK
    assert bench.raw("FC 05 43 B0 27") == "FC 05 4B F8 AB"  # log: a second return is refused
    assert bench.poll_for(2) == ["18", "11"]
    assert bench.named("returned") == [20]
    assert not bench.cashbox


def test_late_poll_misses_stacked(bench):
    bench.start()
    bench.escrow(5)
    bench.ask("42")
    bench.poll_until("15")
    bench.send(bytes.fromhex(ACK))
    bench.idle_for(1)
    assert bench.poll() == "11"


def test_stack_2_credits_only_what_is_stored(bench):
    bench.start()
    bench.escrow(20)
    bench.ask("42")
    bench.idle_for(0.9)
    assert bench.poll() == "14"
    assert not bench.cashbox
    bench.idle_for(0.15)
    assert bench.poll() == "15"
    assert bench.cashbox == {20: 1}


def test_nothing_progresses_before_the_acknowledgement(bench):
    bench.start()
    bench.escrow(20)
    bench.ask("41")
    bench.poll_until("15")
    assert bench.poll_for(50) == ["15"]
    bench.hands.insert(10)
    assert bench.named("not_taken") == [10]
    assert bench.ask("41") == bench.ask("42") == bench.ask("43") == "4B"
    assert bench.named("credit_reported") == [20]
    bench.send(bytes.fromhex(ACK))
    assert bench.poll_for(1) == ["16", "11"]


def test_an_acknowledgement_a_minute_late_does_not_help_but_reset_does(bench):
    bench.start()
    bench.escrow(20)
    bench.ask("41")
    bench.poll_until("15")
    bench.idle_for(61)
    bench.send(bytes.fromhex(ACK))
    assert bench.poll_for(1) == ["15"]
    bench.start()
    assert bench.named("credit_acknowledged") == []


def test_unanswered_escrow_is_rejected_after_ten_seconds(bench):
    bench.start()
    bench.escrow(50)
    seen = bench.poll_for(9.5)
    assert seen == ["13 66"]
    assert bench.poll_for(3) == ["13 66", "17 79", "11"]
    assert bench.named("returned") == [50]


def test_speed_hurries_the_motors_and_not_the_patience(make_bench):
    bench = make_bench(speed=10)
    bench.start()
    bench.hands.insert(50)
    bench.idle_for(0.15)
    assert bench.poll() == "13 66"
    assert bench.poll_for(9.5) == ["13 66"]


def test_hold_extends_escrow(bench):
    bench.start()
    bench.escrow(50)
    bench.poll_for(8)
    assert bench.ask("44 05") == "50"
    assert bench.poll_for(4.5) == ["19"]
    assert bench.poll_for(9) == ["19", "13 66"]
    assert bench.ask("41") == "50"


def test_wait_starts_the_time_in_escrow_again(bench):
    bench.start()
    bench.escrow(50)
    bench.poll_for(8)
    assert bench.ask("45") == "50"
    assert bench.poll_for(9) == ["13 66"]


@pytest.mark.parametrize("decision", ["41", "42", "43"])
def test_a_held_bill_can_be_decided(bench, decision):
    bench.start()
    bench.escrow(50)
    bench.ask("44 0A")
    assert bench.ask(decision) == "50"
    assert bench.poll() == ("18" if decision == "43" else "14")


@pytest.mark.parametrize("silent_from_s", [0.3, 1.5])
def test_a_silent_host_gets_no_bill(bench, silent_from_s):
    bench.start()
    bench.hands.insert(20)
    bench.poll_for(silent_from_s)
    bench.idle_for(2.8)
    assert bench.named("returning") == []
    bench.idle_for(1.0)
    assert bench.named("returning") == [20]
    bench.idle_for(1.5)
    assert bench.named("returned") == [20]
    assert bench.poll() == "11"


def test_disabled_denomination_is_rejected(bench):
    bench.start("C0 10 00")  # bit 4: code 65, 20 USD
    bench.hands.insert(20)
    assert bench.poll_for(3) == ["12", "17 79", "11"]
    assert bench.named("returned") == [20]
    bench.escrow(10)


@pytest.mark.parametrize(
    ("value", "code"),
    [(1, "61"), (5, "63"), (10, "64"), (20, "65"), (50, "66"), (100, "67")],
)
def test_escrow_codes_of_dollars(bench, value, code):
    bench.start()
    bench.escrow(value)
    assert bench.poll() == f"13 {code}"


def test_an_unknown_bill_is_not_recognised(bench):
    bench.start()
    bench.hands.insert(2)
    assert bench.poll_for(3) == ["12", "17 76", "11"]


def test_reject_shows_the_asked_reason_once(bench):
    bench.start()
    bench.hands.refuse_next("71")
    bench.hands.insert(20)
    assert bench.poll_for(3) == ["12", "17 71", "11"]
    bench.escrow(20)


def test_inhibit_closes_the_slot_but_keeps_the_bill_in_escrow(bench):
    bench.start()
    bench.escrow(20)
    assert bench.ask("C3 01") == "C3 01"
    assert bench.poll() == "13 65"
    bench.ask("41")
    bench.poll_until("15")
    bench.send(bytes.fromhex(ACK))
    bench.poll_until("1A")
    bench.hands.insert(20)
    assert bench.named("not_taken") == [20]


@pytest.mark.parametrize("command", ["41", "42", "43", "44 05", "45"])
def test_escrow_commands_are_invalid_without_a_bill_in_escrow(bench, command):
    assert bench.ask(command) == "4B"
    bench.start()
    assert bench.ask(command) == "4B"
    bench.hands.insert(20)
    assert bench.ask(command) == "4B"


def test_a_repeated_stack_is_invalid_and_stacks_once(bench):
    bench.start()
    bench.escrow(20)
    assert bench.ask("41") == "50"
    assert bench.ask("41") == "4B"
    bench.poll_until("15")
    assert bench.named("stacking") == [20]


@pytest.mark.parametrize(
    "command",
    ["F0 20 90", "F0 20 4D", "99", "8D", "C2 01", "C2 02", "C3", "C3 00 00", "C0 00", "00"],
)
def test_what_it_does_not_know_is_invalid(bench, command):
    bench.start()
    assert bench.ask(command) == "4B"


SETTINGS = [
    ("80", "C0 82 00"),
    ("81", "C1 FF 00"),
    ("82", "C2 00"),
    ("83", "C3 00"),
    ("84", "C4 03"),
    ("85", "C5 02 00"),
    ("86", "C6 01 12"),
    ("87", "C7 01"),
]


@pytest.mark.parametrize(("get", "setting"), SETTINGS)
def test_settings_are_echoed_kept_and_refused_in_power_up(bench, get, setting):
    assert bench.ask(setting) == "4B"
    bench.ask("40")
    assert bench.ask(setting) == setting  # also while it initialises
    assert bench.ask(get) == f"{get} {setting[3:]}"


def test_reset_brings_the_defaults_back_but_keeps_optional_functions(bench):
    bench.start(*(setting for _, setting in SETTINGS))
    bench.ask("40")
    assert bench.ask("80") == "80 00 00"
    assert bench.ask("83") == "83 01"
    assert bench.ask("85") == "85 02 00"


def test_power_loss_brings_the_defaults_back(bench):
    bench.start("C0 82 00", "CD 01")
    bench.power_cycle()
    assert bench.ask("80") == "80 00 00"
    assert bench.ask("83") == "83 01"


@pytest.mark.parametrize(
    ("get", "text"),
    [("88", rb"i\(USA1\)100.* ID003-.*"), ("89", rb"B\d+"), ("91", rb"\d{12}")],
)
def test_texts_about_itself(bench, get, text):
    answer = bytes.fromhex(bench.ask(get))
    assert answer[:1].hex() == get
    assert re.fullmatch(text, answer[1:])


@pytest.mark.parametrize("seed", range(10))
def test_a_bad_line_neither_doubles_nor_loses_a_credit(make_bench, seed):
    bench = make_bench(faults=LineFaults(lose=0.2, corrupt=0.2, split=0.2, gap_s=0.02), seed=seed)

    def insist(request, *wanted):
        for _ in range(200):
            reply = bench.ask(request)
            bench.idle_for(0.2)
            if reply in wanted:
                return
        raise AssertionError(f"{request} never got {wanted}: {bench.events}")

    insist("40", "50")
    insist("11", "1A")
    insist("C3 00", "C3 00")
    bench.hands.insert(20)
    insist("11", "13 65")
    insist("42", "50", "4B")  # 4B: an earlier one was heard, and its reply lost
    while not bench.named("credit_acknowledged"):
        insist("11", "15")
        bench.ask("50")
        bench.idle_for(0.1)  # its second half may still be under way
    insist("11", "11")
    assert bench.cashbox == {20: 1}
    assert bench.named("credit_reported") == bench.named("credit_acknowledged") == [20]
