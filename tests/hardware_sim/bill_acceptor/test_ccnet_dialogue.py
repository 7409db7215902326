"""Whole dialogues with the simulated CCNET validator, in bytes written from the protocol's facts.

Frames marked "log" are those of the logs of RT-circuits/ccnet-poc (a CCNET device before a real host).
"""

import pytest

ACK = "02 03 06 00 C2 82"
NAK = "02 03 06 FF BA 8D"
POLL = "02 03 06 33 DA 81"


def test_start_up_as_in_the_logs(make_ccnet):
    bench = make_ccnet(currency="EUR")
    assert bench.raw(POLL) == "02 03 06 10 43 92"  # log: power up
    assert bench.raw(ACK) == ""  # nobody answers an ACK
    assert bench.raw("02 03 06 30 41 B3") == ACK  # log: ACK to reset
    bench.poll_until("19")
    assert bench.raw("02 03 06 31 C8 A2") == "02 03 0B 00 00 00 00 00 00 A8 67"  # log: status
    bench.raw(ACK)
    assert bench.raw("02 03 06 37 FE C7") == (  # log: identification
        "02 03 27 49 44 30 30 33 20 20 20 20 20 20 20 20 20 20 "
        "32 33 31 30 30 30 37 36 30 34 34 33 00 00 00 00 00 00 00 A4 8B"
    )
    bench.raw(ACK)
    assert bench.raw("02 03 06 41 4F D1") == (  # log: bill table
        "02 03 7D 05 45 55 52 00 01 45 55 52 01 02 45 55 52 01 05 45 55 52 01 "
        "01 45 55 52 02 02 45 55 52 02 05 45 55 52 02 " + "00 " * 85 + "88 C2"
    )
    bench.raw(ACK)
    assert bench.raw("02 03 0C 34 FF FF FF 00 00 00 B5 C1") == ACK
    assert bench.poll() == "14"


def test_identification_as_a_public_validator_answers_it(ccnet):
    assert ccnet.raw("02 03 06 37 FE C7") == (
        "02 03 27 56 55 2D 55 41 31 38 33 37 41 46 20 20 20 20 30 30 4B 35 30 35 30 32 31 38 31 31 "
        "41 10 00 00 00 C9 FF BB 46"
    )


def test_bill_table_of_a_dollar_device(ccnet):
    table = bytes.fromhex(ccnet.ask("41"))
    assert len(table) == 24 * 5
    records = [table[at : at + 5] for at in range(0, len(table), 5)]
    known = {at: each[0] * 10 ** each[4] for at, each in enumerate(records) if each[0]}
    assert known == {0: 1, 2: 5, 3: 10, 4: 20, 5: 50, 6: 100}
    assert {each[1:4] for each in records if each[0]} == {b"USA"}  # country letters, not ISO 4217


def test_accept_and_stack(ccnet):
    ccnet.start()
    ccnet.hands.insert(20)
    assert ccnet.poll() == "15"
    ccnet.idle_for(1.1)
    assert ccnet.poll() == ccnet.poll() == "80 04"
    assert ccnet.raw("02 03 06 35 EC E4") == ACK  # log: stack, ACK
    assert ccnet.poll() == "17"
    ccnet.idle_for(1.1)
    assert ccnet.look() == "81 04"
    assert ccnet.named("credit_reported") == [20]
    assert ccnet.named("credit_acknowledged") == []
    assert ccnet.raw(ACK) == ""
    assert ccnet.poll() == "14"
    assert ccnet.cashbox == {20: 1}
    for event in ("inserted", "accepting", "escrowed", "stacking", "stacked"):
        assert ccnet.named(event) == [20]
    assert ccnet.named("credit_acknowledged") == [20]


def test_return(ccnet):
    ccnet.start()
    assert ccnet.escrow(5) == "80 02"
    assert ccnet.raw("02 03 06 36 77 D6") == ACK  # log: return
    assert ccnet.poll_for(3) == ["18", "82 02", "14"]
    assert ccnet.named("returned") == [5]


def test_unanswered_escrow_goes_back_after_ten_seconds(ccnet):
    ccnet.start()
    ccnet.escrow(5)
    assert ccnet.poll_for(9.5) == ["80 02"]
    assert ccnet.poll_for(4) == ["80 02", "18", "82 02", "14"]


def test_hold_gives_ten_seconds_more(ccnet):
    ccnet.start()
    ccnet.escrow(5)
    for _ in range(3):
        ccnet.idle_for(8)
        assert ccnet.ask("38") == "00"
        assert ccnet.poll() == "1A"
    assert ccnet.poll_for(9.5) == ["1A"]
    assert ccnet.poll_for(3) == ["1A", "18", "82 02", "14"]


def test_a_held_bill_can_be_stacked(ccnet):
    ccnet.start()
    ccnet.escrow(5)
    ccnet.ask("38")
    assert ccnet.ask("35") == "00"
    ccnet.poll_until("81 02")


def test_a_type_without_escrow_is_stacked_at_once(ccnet):
    ccnet.start("34 00 00 7F 00 00 10")  # only type 4, twenty dollars, waits in escrow
    ccnet.hands.insert(5)
    assert ccnet.poll_for(3) == ["15", "17", "81 02", "14"]
    assert ccnet.escrow(20) == "80 04"


def test_escrow_is_kept_when_the_host_disables_meanwhile(ccnet):
    ccnet.start()
    ccnet.escrow(5)
    assert ccnet.ask("34 00 00 00 00 00 00") == "00"
    assert ccnet.poll_for(3) == ["80 02"]
    ccnet.ask("35")
    assert ccnet.poll_for(3) == ["17", "81 02", "19"]


@pytest.mark.parametrize(
    ("enable", "taken"), [("34 00 00 10 00 00 10", True), ("34 00 00 6F 00 00 6F", False)]
)
def test_types_are_enabled_one_by_one(ccnet, enable, taken):
    ccnet.start(enable)
    ccnet.hands.insert(20)
    ccnet.idle_for(1.1)
    assert ccnet.poll() == ("80 04" if taken else "1C 68")


def test_all_types_are_disabled_after_reset(ccnet):
    ccnet.start()
    ccnet.ask("32 00 00 01")
    assert ccnet.ask("31") == "FF FF FF 00 00 01"
    ccnet.ask("30")
    ccnet.poll_until("19")
    assert ccnet.ask("31") == "00 00 00 00 00 00"
    ccnet.hands.insert(20)
    assert ccnet.named("not_taken") == [20]


# Acknowledgement.


def test_what_is_not_acknowledged_is_repeated(ccnet):
    ccnet.start()
    assert ccnet.look() == "14"
    ccnet.hands.insert(5)
    for _ in range(20):  # accepting, then escrow: but the host has not said that it heard "idling"
        assert ccnet.look() == "14"
        ccnet.idle_for(0.1)
    assert ccnet.poll() == "14"
    assert ccnet.poll() == "80 02"


def test_nak_brings_the_same_again_at_once(ccnet):
    ccnet.start()
    ccnet.escrow(5)
    assert ccnet.look() == "80 02"
    assert ccnet.ask("FF") == ccnet.ask("FF") == "80 02"
    assert ccnet.raw(ACK) == ""
    assert ccnet.raw(NAK) == ""  # nothing is left to repeat


def test_a_credit_is_repeated_until_it_is_acknowledged(ccnet):
    ccnet.start()
    ccnet.escrow(5)
    ccnet.ask("35")
    ccnet.poll_until_unacknowledged("81 02")
    for _ in range(100):
        assert ccnet.look() == "81 02"
        ccnet.idle_for(0.6)
    assert ccnet.named("credit_reported") == [5]
    ccnet.hands.insert(20)
    assert ccnet.named("not_taken") == [20]
    assert ccnet.poll() == "81 02"
    assert ccnet.poll() == "14"
    assert ccnet.named("credit_acknowledged") == [5]


def test_a_late_acknowledgement_is_not_heard(ccnet):
    ccnet.start()
    ccnet.escrow(5)
    ccnet.ask("35")
    ccnet.poll_until_unacknowledged("81 02")
    ccnet.idle_for(0.6)
    ccnet.raw(ACK)
    assert ccnet.look() == "81 02"
    assert ccnet.named("credit_acknowledged") == []


def test_an_acknowledgement_settles_only_what_was_said_last(ccnet):
    ccnet.start()
    ccnet.escrow(5)
    ccnet.ask("35")
    ccnet.poll_until_unacknowledged("81 02")
    assert ccnet.ask("31") == "FF FF FF 00 00 00"
    ccnet.raw(ACK)
    assert ccnet.named("credit_acknowledged") == []
    assert ccnet.poll() == "81 02"


def test_after_a_long_silence_the_present_is_told(ccnet):
    ccnet.start()
    ccnet.hands.insert(5)
    assert ccnet.look() == "15"
    ccnet.idle_for(5.1)
    assert ccnet.look() == "80 02"


def test_a_return_is_told_until_it_is_acknowledged(ccnet):
    ccnet.start()
    ccnet.escrow(5)
    ccnet.ask("36")
    ccnet.idle_for(60)
    assert ccnet.look() == ccnet.look() == "82 02"
    ccnet.raw(ACK)
    assert ccnet.poll() == "14"


# What is not allowed.


@pytest.mark.parametrize("decision", ["35", "36", "38"])
def test_decisions_outside_escrow_are_illegal(ccnet, decision):
    assert ccnet.ask(decision) == "30"
    ccnet.start()
    assert ccnet.ask(decision) == "30"
    ccnet.hands.insert(5)
    assert ccnet.ask(decision) == "30"
    ccnet.poll_until("80 02")
    ccnet.ask("35")
    assert ccnet.ask(decision) == "30"
    ccnet.poll_until("14")
    assert ccnet.ask(decision) == "30"


@pytest.mark.parametrize("question", ["37", "41"])
def test_identity_and_table_are_told_only_while_nothing_can_be_taken(ccnet, question):
    assert len(ccnet.ask(question)) > 100  # power up
    ccnet.ask("30")
    assert len(ccnet.ask(question)) > 100  # initialize
    ccnet.poll_until("19")
    assert len(ccnet.ask(question)) > 100  # disabled
    ccnet.ask("34 FF FF FF FF FF FF")
    assert ccnet.ask(question) == "30"  # idling
    ccnet.escrow(5)
    assert ccnet.ask(question) == "30"
    ccnet.hands.remove_cashbox()
    assert len(ccnet.ask(question)) > 100  # one of the failures


@pytest.mark.parametrize("request_", ["34 FF FF FF FF FF FF", "32 00 00 00"])
def test_nothing_is_set_before_the_first_reset(ccnet, request_):
    assert ccnet.ask(request_) == "30"
    ccnet.ask("30")
    ccnet.poll_until("19")
    assert ccnet.ask(request_) == "00"


@pytest.mark.parametrize(
    "request_", ["34 FF FF FF", "32", "30 00", "31 00", "41 01", "50", "60", "F0", "3B", "99"]
)
def test_what_it_does_not_know_is_illegal(ccnet, request_):
    ccnet.ask("30")
    ccnet.poll_until("19")
    assert ccnet.ask(request_) == "30"


def test_a_long_request_is_understood(ccnet):
    long_poll = bytes.fromhex("02 03 00 33 00 08")
    reply = ccnet.send(long_poll + ccnet.check(long_poll))
    assert reply == bytes.fromhex("02 03 06 10 43 92")


@pytest.mark.parametrize("address", ["01", "02", "04", "00"])
def test_other_addresses_are_not_its_business(ccnet, address):
    body = bytes.fromhex(f"02 {address} 06 33")
    assert ccnet.send(body + ccnet.check(body)) == b""


def test_a_damaged_request_is_nakked(ccnet):
    assert ccnet.raw("02 03 06 33 DA 80") == NAK
    assert ccnet.poll() == "10"


def test_a_damaged_acknowledgement_is_silence(ccnet):
    """It may have been the ACK to what was just said: nothing is answered, and it is said again."""
    assert ccnet.look() == "10"
    assert ccnet.raw("02 03 06 00 C2 83") == ""
    assert ccnet.look() == "10"


def test_two_requests_in_one_read_have_two_replies(ccnet):
    assert ccnet.raw("02 03 06 30 41 B3 02 03 06 33 DA 81") == f"{ACK} 02 03 06 13 D8 A0"
