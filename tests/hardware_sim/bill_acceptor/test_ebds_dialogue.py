"""Whole dialogues with the simulated EBDS acceptor, in bytes written from the protocol's facts.

Frames marked "kybarg" are in kybarg/ebds (test.js), those marked "PTI" in
PyramidTechnologies/PTI.Rs232Validator (Rs232Payloads.cs); all of them carry acknowledge bit 1.
"""

import pytest


def test_a_dollar_device_from_slot_to_cassette(ebds):
    ebds.start()
    ebds.hands.insert(5)
    ebds.idle_for(1.1)
    ebds.next_bit_is(1)
    assert ebds.poll_frame() == "02 0B 21 04 10 18 00 01 0A 03 2D"  # kybarg: escrowed, index 3
    ebds.poll(ebds.STACK)
    assert ebds.poll_frame() == "02 0B 21 08 10 18 00 01 0A 03 21"  # kybarg: stacking
    ebds.poll()
    ebds.idle_for(1.1)
    assert ebds.poll_frame() == "02 0B 21 11 10 18 00 01 0A 03 38"  # kybarg: stacked + idling
    assert ebds.named("credit_reported") == [5]
    assert ebds.named("credit_acknowledged") == []
    assert ebds.poll() == "01 10 18 00"  # the host went on; the index stays in sight
    assert ebds.named("credit_acknowledged") == [5]
    ebds.hands.remove_cashbox()
    assert ebds.poll_frame() == "02 0B 21 01 00 18 00 01 0A 03 38"  # kybarg: cassette removed
    assert ebds.named("stacked") == [5]


@pytest.mark.parametrize(
    ("value", "frame"),
    [
        (200, "02 0B 21 04 10 30 00 01 02 03 0D"),  # PTI: index 6
        (50, "02 0B 21 04 10 20 00 01 02 03 1D"),  # PTI: index 4
    ],
)
def test_escrow_of_a_euro_device(make_ebds, value, frame):
    bench = make_ebds(currency="EUR")
    bench.start()
    bench.escrow(value)
    bench.next_bit_is(1)
    assert bench.poll_frame() == frame


@pytest.mark.parametrize(
    ("value", "frame"),
    [
        (50, "02 0B 21 11 10 20 00 01 02 03 08"),  # PTI: index 4
        (100, "02 0B 21 11 10 28 00 01 02 03 00"),  # PTI: index 5
        (10, "02 0B 21 11 10 10 00 01 02 03 38"),  # PTI: index 2
    ],
)
def test_stacked_of_a_euro_device(make_ebds, value, frame):
    bench = make_ebds(currency="EUR")
    bench.start()
    bench.escrow(value)
    bench.next_bit_is(0)
    bench.poll(bench.STACK)
    bench.idle_for(1.1)
    assert bench.poll_frame() == frame


def test_the_conditions_of_a_euro_device(make_ebds):
    bench = make_ebds(currency="EUR")
    assert bench.poll_frame() == "02 0B 21 01 10 01 00 01 02 03 39"  # PTI: power up
    bench.start()
    bench.hands.cheat()
    bench.hands.insert(5)
    bench.next_bit_is(1)
    assert bench.poll_frame() == "02 0B 21 02 10 00 00 01 02 03 3B"  # PTI: accepting
    bench.idle_for(1.1)
    bench.poll(bench.STACK)
    bench.idle_for(5)
    assert bench.poll_frame() == "02 0B 21 01 11 00 00 01 02 03 39"  # PTI: cheated
    bench.poll()
    bench.hands.insert(7)
    bench.idle_for(5)
    assert bench.poll_frame() == "02 0B 21 01 12 00 00 01 02 03 3A"  # PTI: rejected
    bench.poll()
    bench.hands.remove_cashbox()
    assert bench.poll_frame() == "02 0B 21 01 00 00 00 01 02 03 28"  # PTI: no cashbox


def test_return(ebds):
    ebds.start()
    assert ebds.escrow(20) == "04 10 28 00"
    assert ebds.poll(ebds.RETURN) == "20 10 28 00"
    assert ebds.poll_for(3) == ["20 10 28 00", "41 10 00 00", "01 10 00 00"]
    assert ebds.named("returned") == [20]


# The acknowledge bit.


def test_the_same_bit_brings_the_same_reply_and_does_nothing(ebds):
    ebds.start()
    ebds.escrow(20)
    assert ebds.repeat(1, ebds.STACK) == "2: 04 10 28 00 01 0A"
    assert ebds.repeat(6, "00 00 05") == "2: 04 10 28 00 01 0A"
    ebds.idle_for(3)
    assert ebds.repeat(1, ebds.STACK) == "2: 04 10 28 00 01 0A"
    assert ebds.named("stacking") == []
    assert ebds.poll(ebds.STACK) == "08 10 28 00"


def test_a_stacked_report_is_repeated_until_the_host_goes_on(ebds):
    ebds.start()
    ebds.escrow(20)
    ebds.poll(ebds.STACK)
    ebds.poll_until("11 10 28 00")
    for _ in range(100):
        assert ebds.repeat(1, ebds.ENABLE) == "2: 11 10 28 00 01 0A"
        ebds.idle_for(1)
    ebds.hands.insert(5)
    assert ebds.named("not_taken") == [5]
    assert ebds.named("credit_acknowledged") == []
    assert ebds.poll() == "01 10 28 00"
    assert ebds.named("credit_reported") == ebds.named("credit_acknowledged") == [20]


def test_any_new_request_acknowledges(ebds):
    ebds.start()
    ebds.escrow(20)
    ebds.poll(ebds.STACK)
    ebds.poll_until("11 10 28 00")
    ebds.ask(6, "00 00 05")
    assert ebds.named("credit_acknowledged") == [20]


def test_an_event_is_not_told_in_answer_to_other_questions(ebds):
    ebds.start()
    ebds.escrow(20)
    ebds.poll(ebds.STACK)
    ebds.idle_for(1.1)
    assert ebds.ask(7, "04 00 00 00 00 00") == "7: 04 01 10 28 00 01 0A"
    assert ebds.named("credit_reported") == []
    assert ebds.poll() == "11 10 28 00"


def test_a_damaged_request_has_no_reply(ebds):
    ebds.start()
    assert ebds.raw("02 08 10 7F 1C 04 03 7E") == ""
    assert (
        ebds.raw("02 08 10 FF 1C 04 03 FF") == ""
    )  # a byte that a line of seven bits cannot carry


def test_two_requests_in_one_read_have_two_replies(ebds):
    ebds.start()
    ebds.next_bit_is(1)
    assert ebds.raw("02 08 11 7F 1C 04 03 7E 02 08 10 7F 1C 04 03 7F") == (
        "02 0B 21 01 10 00 00 01 0A 03 30 02 0B 20 01 10 00 00 01 0A 03 31"
    )


def test_a_poll_may_be_missed_while_a_bill_is_read(ebds):
    ebds.start()
    ebds.hands.insert(20)
    assert ebds.ask(1, ebds.ENABLE) == ""
    assert ebds.repeat(1, ebds.ENABLE) == "2: 02 10 00 00 01 0A"
    assert ebds.ask(1, ebds.ENABLE) == "2: 02 10 00 00 01 0A"


# What the host sets.


def test_enabled_one_by_one(ebds):
    ebds.settings = "10 1C 04"  # only index 5, twenty dollars
    ebds.start()
    ebds.escrow(20)
    ebds.poll("10 5C 04")
    ebds.poll_until("01 10 00 00")
    ebds.hands.insert(10)
    assert ebds.poll_for(4) == ["02 10 00 00", "20 10 00 00", "01 12 00 00", "01 10 00 00"]


def test_disabled_it_idles_and_takes_nothing(ebds):
    ebds.settings = "00 1C 04"
    ebds.start()
    ebds.hands.insert(20)
    assert ebds.named("not_taken") == [20]
    assert ebds.poll() == "01 10 00 00"


def test_without_escrow_a_bill_is_stacked_at_once(ebds):
    ebds.settings = "7F 0C 04"
    ebds.start()
    ebds.hands.insert(20)
    assert ebds.poll_for(3) == [
        "02 10 00 00",
        "08 10 28 00",
        "08 10 28 04",  # past the lever
        "11 10 28 00",
        "01 10 28 00",
    ]


@pytest.mark.parametrize(
    ("mode", "taken"), [("10", [True, False, False, False]), ("14", [True, False, True, False])]
)
def test_orientation(ebds, mode, taken):
    """People turn their bills about: each of four comes another way round."""
    ebds.settings = f"7F {mode} 04"
    ebds.start()
    seen = []
    for _ in range(4):
        ebds.hands.insert(5)
        ebds.idle_for(1.1)
        seen.append(ebds.poll().startswith("04"))
        ebds.poll("7F 50 04")
        ebds.idle_for(3)
        ebds.poll_for(0.5)
    assert seen == taken


def test_escrow_waits_for_ever_unless_told_otherwise(ebds):
    ebds.start()
    ebds.escrow(20)
    ebds.idle_for(600)
    assert ebds.poll() == "04 10 28 00"
    assert ebds.ask(7, "04 00 00 00 0A 00").startswith("7: 04 04 10")
    assert ebds.poll_for(1.3) == ["20 10 28 00", "41 10 00 00"]


def test_escrow_timeout(ebds):
    ebds.start()
    ebds.ask(7, "04 00 00 00 0A 00")
    ebds.escrow(20)
    assert ebds.poll_for(9.5) == ["04 10 28 00"]
    assert ebds.poll_for(3) == ["04 10 28 00", "20 10 28 00", "41 10 00 00", "01 10 00 00"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (1, "7F 7C 04"),  # stack and return at once
        (1, "7F 1C"),
        (3, "00 00 00"),  # bookmark
        (5, "00 00 00"),  # flash download
        (6, "00 00 0D"),  # capabilities: the device does not say that it has this
        (6, "00 00 44"),
        (7, "02 00 00 00"),
        (7, "02 00 00 00 00"),
        (7, "03 00 00 00 7F"),
        (7, "04 00 00 00 0A"),
        (7, "0B 00 00 00 02"),
        (7, "1D 00 00 00"),
        (7, "01"),
        (7, ""),
    ],
)
def test_what_it_does_not_know_is_an_invalid_command(ebds, kind, words):
    ebds.start()
    assert ebds.ask(kind, words) == "2: 01 10 02 00 01 0A"
    assert ebds.poll() == "01 10 00 00"


def test_stack_and_return_at_once_do_neither(ebds):
    ebds.start()
    ebds.escrow(20)
    assert ebds.ask(1, "7F 7C 04") == "2: 04 10 2A 00 01 0A"
    assert ebds.poll() == "04 10 28 00"


def test_calibration_lasts_until_a_reset(ebds):
    ebds.start()
    assert ebds.ask(4, "00 00 00") == "4: 00 50 00 00 01 0A"
    assert ebds.poll_for(5) == ["00 50 00 00"]
    ebds.hands.insert(20)
    assert ebds.named("not_taken") == [20]
    ebds.ask(6, "7F 7F 7F")
    ebds.idle_for(7)
    ebds.start()
    ebds.escrow(20)
