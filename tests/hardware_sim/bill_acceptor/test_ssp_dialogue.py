"""Whole dialogues with the simulated SSP validator, in bytes written from the protocol's facts.

Packets marked "manual" are printed in the ITL SSP Protocol Manual GA138.
"""

import pytest

from ssp_host import BasicHost, SspHost

OK, UNKNOWN, CANNOT = "F0", "F2", "F5"


@pytest.fixture
def host():
    return SspHost()


# Sequence.


def test_the_same_sequence_does_nothing_and_repeats_the_reply(host):
    host.start()
    host.escrow(20)
    again = host.repeat("07")
    assert again == "F0 EF 05"
    assert host.repeat("08") == "F0 EF 05"  # whatever it says, it is taken for the lost one
    assert host.simulator.acceptor.bill.place == "escrow"
    assert host.poll() == "CC"


def test_two_syncs_in_a_row(host):
    host.sync()
    host.sync()
    assert host.ask("0C") == "F0 00 1C 96 2C"


@pytest.mark.parametrize("before", [0x00, 0x80])
def test_after_a_sync_sequence_zero_is_new(host, before):
    host.sync()
    host.sequence = before ^ 0x80
    host.ask("0C")
    host.sync()
    assert host.ask("17") == "F0 00"


def test_packets_for_others_and_damaged_ones_get_no_reply(host):
    host.sync()
    assert host.raw("7F 90 01 07 51 83") == ""  # a hopper's poll, of the manual
    assert host.raw("7F 00 01 07 11 89") == ""
    assert host.ask("0C") == "F0 00 1C 96 2C"


# Bills.


def test_a_bill_from_the_slot_to_the_cashbox(host):
    host.start()
    host.hands.insert(20)
    assert host.poll_for(1) == ["EF 00"]
    host.idle_for(0.1)
    assert host.poll() == "EF 05"
    assert host.simulator.acceptor.bill.place == "escrow"
    assert host.poll() == "CC"  # this poll accepts
    host.idle_for(0.65)
    assert host.poll() == "CC EE 05"  # manual: stacking, credit
    assert host.named("credit_reported") == [20]
    assert host.named("credit_acknowledged") == []
    assert host.repeat("07") == "F0 CC EE 05"
    assert host.named("credit_acknowledged") == []
    assert host.poll() == "CC"
    assert host.named("credit_acknowledged") == [20]
    host.idle_for(0.5)
    assert host.poll() == "EB"
    assert host.poll() == ""
    assert host.cashbox == {20: 1}


def test_credit_and_stacked_in_one_reply(host):
    host.start()
    host.escrow(1)
    host.poll()
    if host.sequence:
        host.ask("17")  # so that the next one has the sequence that is printed
    host.idle_for(2)
    assert host.raw("7F 80 01 07 12 02") == "7F 80 04 F0 EE 01 EB B9 48"  # manual


@pytest.mark.parametrize("command", ["18", "17", "0C", "05"])
def test_any_command_but_a_poll_keeps_the_bill(host, command):
    host.start()
    host.escrow(20)
    for _ in range(5):
        host.idle_for(8)
        assert host.ask(command).startswith(OK)
    assert host.simulator.acceptor.bill.place == "escrow"
    assert host.poll() == "CC"


def test_reject_returns_the_bill(host):
    host.start()
    host.escrow(20)
    assert host.ask("08") == OK
    assert host.ask("08") == CANNOT
    assert host.poll_for(2) == ["ED", "EC", ""]
    assert host.ask("17") == "F0 08"  # manual: rejected by the host
    assert host.named("returned") == [20]


def test_no_command_for_ten_seconds(host):
    host.start()
    host.escrow(20)
    host.idle_for(10.2)
    assert host.poll() == "ED E8"
    host.idle_for(1.5)
    assert host.poll() == "EC E8"
    assert host.ask("17") == "F0 13"
    host.hands.insert(20)
    assert host.named("not_taken") == [20]
    assert host.ask("0A") == OK
    assert host.poll() == ""
    host.escrow(20)


def test_a_retransmission_is_a_sign_of_life(host):
    host.start()
    host.escrow(20)
    for _ in range(3):
        host.idle_for(8)
        assert host.repeat("07") == "F0 EF 05"
    assert host.poll() == "CC"


def test_disabled_is_said_until_it_is_enabled(host):
    host.start()
    host.ask("09")
    assert host.poll_for(1) == ["E8"]
    host.ask("0A")
    assert host.poll_for(1) == [""]


def test_an_inhibited_channel(host):
    host.start()
    assert host.ask("02 0F 00") == OK
    host.hands.insert(20)  # channel 5
    assert host.poll_for(3) == ["EF 00", "ED", "EC", ""]
    assert host.ask("17") == "F0 0C"


@pytest.mark.parametrize(("protocol", "events"), [("05", ""), ("07", "B5")])
def test_all_channels_inhibited_is_an_event_of_protocol_7(host, protocol, events):
    host.start(f"06 {protocol}")
    assert host.ask("02 00") == OK
    assert host.poll() == events
    assert host.poll() == ""


@pytest.mark.parametrize(("code", "last"), [("unrecognised", "02"), ("0E", "0E"), ("1C", "1C")])
def test_a_rejected_bill_says_why(host, code, last):
    host.start()
    host.hands.refuse_next(code)
    host.hands.insert(20)
    assert host.poll_for(3) == ["EF 00", "ED", "EC", ""]
    assert host.ask("17") == f"F0 {last}"


def test_counters(host):
    host.start()
    host.escrow(20)
    host.poll_for(3)
    host.hands.refuse_next("02")
    host.hands.insert(5)
    host.poll_for(3)
    assert host.ask("58") == "F0 05 01 00 00 00" + " 00" * 12 + " 01 00 00 00"
    assert host.ask("59") == OK
    assert host.ask("58") == "F0 05" + " 00" * 20


# Poll with acknowledgement.


def credit_with_ack(host) -> None:
    host.start()
    host.hands.insert(20)
    host.idle_for(1.1)
    assert host.ask("56") == "F0 EF 05"
    assert host.ask("56") == "F0 CC"
    host.idle_for(0.65)
    assert host.ask("56") == "F0 CC EE 05"


def test_a_credit_repeats_until_it_is_acknowledged(host):
    credit_with_ack(host)
    host.idle_for(3)
    for command in ("56", "07", "56"):
        assert host.ask(command) == "F0 CC EE 05"
    host.hands.insert(5)
    assert host.named("not_taken") == [5]
    assert host.named("credit_acknowledged") == []
    assert host.ask("57") == OK
    assert host.named("credit_acknowledged") == [20]
    assert host.ask("57") == CANNOT
    assert host.ask("56") == "F0 EB"
    assert host.ask("56") == "F0"


def test_a_host_that_begins_anew_meets_the_credit_again(host):
    credit_with_ack(host)
    host.sync()
    assert host.ask("56") == "F0 CC EE 05"
    assert host.ask("57") == OK
    assert host.named("credit_acknowledged") == [20]


def test_a_host_that_begins_anew_after_a_plain_poll_does_not(host):
    host.start()
    host.escrow(20)
    host.poll()
    host.idle_for(0.65)
    assert host.poll() == "CC EE 05"
    host.sync()
    host.idle_for(1)
    assert host.poll() == "EB"
    assert host.named("credit_lost") == [20]
    assert host.named("credit_acknowledged") == []
    host.escrow(5)


def test_older_firmware_has_plain_polls_alone():
    host = BasicHost()
    host.start()
    assert host.ask("56") == UNKNOWN
    assert host.ask("57") == UNKNOWN
    host.escrow(20)
