"""What the simulated SSP validator tells its host when something goes wrong inside it."""

import pytest

from ssp_host import SspHost, packet


@pytest.fixture
def host():
    return SspHost()


def sent_down(host: SspHost, seconds: float = 0.8) -> None:
    """0.6 s after the poll that accepts it, a bill passes the lever; after 1 s it is stored."""
    host.start()
    host.escrow(20)
    assert host.poll() == "CC"
    host.idle_for(seconds)


def started_anew(host: SspHost) -> str:
    """The first poll after a power cycle that had the time to sort out what lay inside."""
    host.power_cycle()
    host.idle_for(4)
    host.sync()
    return host.poll()


# Power.


def test_without_power_it_says_nothing(host):
    host.start()
    host.hands.power_off()
    assert host.ask("07") == ""


def test_power_up_forgets_settings(host):
    host.start("06 07")
    assert started_anew(host) == "F1 E8"
    assert host.poll() == "E8"
    assert host.ask("0D").endswith("05")
    host.ask("0A")
    host.hands.insert(20)
    assert host.poll_for(3)[1] == "ED"
    assert host.ask("17") == "F0 0C"  # all channels are inhibited again


def test_while_it_starts_only_a_poll_with_ack_is_told(host):
    host.start()
    host.power_cycle()
    host.sync()
    assert host.ask("07") == "F0"
    assert host.ask("56") == "F0 B6"
    host.idle_for(2)
    assert host.ask("56") == "F0 F1 E8"


@pytest.mark.parametrize(
    ("moment", "channel"),
    [("accepting", "00"), ("escrow", "05"), ("before the lever", "05"), ("rejecting", "05")],
)
def test_a_bill_before_the_lever_goes_out_of_the_front(host, moment, channel):
    if moment == "before the lever":
        sent_down(host, 0.4)
    elif moment == "accepting":
        host.start()
        host.hands.insert(20)
        host.idle_for(0.5)
    else:
        host.start()
        host.escrow(20)
    if moment == "rejecting":
        host.ask("08")
        host.idle_for(0.4)
    assert started_anew(host) == f"F1 E1 {channel} E8"
    assert host.named("returned") == [20]
    assert not host.cashbox


def test_an_unknown_bill_on_its_way_out_has_no_channel(host):
    host.start()
    host.hands.insert(7)
    host.idle_for(1.2)
    assert started_anew(host) == "F1 E1 00 E8"


def test_a_bill_past_the_lever_goes_to_the_cashbox_and_is_told(host):
    sent_down(host)
    assert started_anew(host) == "F1 E2 05 E8"
    assert host.named("credit_reported") == [20]
    assert host.poll() == "E8"
    assert host.named("credit_acknowledged") == [20]
    assert host.cashbox == {20: 1}


def test_a_recovered_credit_repeats_to_a_poll_with_ack(host):
    sent_down(host)
    host.power_cycle()
    host.idle_for(4)
    host.sync()
    assert host.ask("56") == host.ask("56") == "F0 F1 E2 05 E8"
    assert host.ask("57") == "F0"
    assert host.named("credit_acknowledged") == [20]
    assert host.ask("56") == "F0 E8"


def test_a_credit_that_was_acknowledged_may_be_told_again_as_e2(host):
    sent_down(host)
    assert host.poll() == "CC EE 05"
    assert host.poll() == "CC"
    assert host.named("credit_acknowledged") == [20]
    assert started_anew(host) == "F1 E2 05 E8"
    host.poll()
    assert host.named("credit_acknowledged") == [20]


def test_a_stored_bill_whose_credit_was_not_told_is_not_told_after_power_up(host):
    sent_down(host, 1.5)
    assert host.cashbox == {20: 1}
    assert started_anew(host) == "F1 E8"
    assert host.named("credit_reported") == []
    host.ask("02 FF FF")
    host.ask("0A")
    host.escrow(5)


def test_reset_by_the_host(host):
    host.start()
    host.escrow(20)
    assert host.ask("01") == "F0"
    host.idle_for(4)
    host.sync()
    assert host.poll() == "F1 E1 05 E8"
    assert host.named("returned") == [20]


# Jams, cheats, failures.


def test_an_unsafe_jam(host):
    host.start()
    host.hands.jam(None)
    host.hands.insert(20)
    assert host.poll_for(2) == ["EF 00", "E9"]
    host.hands.clear(into_cashbox=False)
    assert host.poll_for(2) == [""]
    host.escrow(5)


@pytest.mark.parametrize("into_cashbox", [True, False])
def test_a_safe_jam_credits_nothing(host, into_cashbox):
    host.start()
    host.hands.jam("stacker")
    host.escrow(20)
    assert host.poll_for(2) == ["CC", "EA"]
    host.hands.clear(into_cashbox=into_cashbox)
    assert host.poll_for(3) == [""]
    assert host.cashbox == ({20: 1} if into_cashbox else {})
    assert host.named("credit_reported") == []


def test_a_jam_outlives_power(host):
    host.start()
    host.hands.jam(None)
    host.hands.insert(20)
    host.idle_for(1)
    assert started_anew(host) == "F1 E9 E8"


def test_a_fraud_is_told_until_it_is_acknowledged(host):
    host.start()
    host.hands.cheat()
    host.escrow(20)
    assert host.ask("56") == "F0 CC"
    host.idle_for(0.5)
    assert host.ask("56") == host.ask("56") == "F0 E6 05"
    host.idle_for(3)
    host.hands.insert(20)
    assert host.named("not_taken") == [20]
    assert host.ask("57") == "F0"
    assert host.ask("56") == "F0"
    host.escrow(20)
    assert host.named("credit_reported") == []


def test_an_open_note_path(host):
    host.start()
    host.hands.fail(0xE0)
    assert host.poll_for(1) == ["E0"]
    host.hands.insert(20)
    assert host.named("not_taken") == [20]
    host.hands.clear(into_cashbox=False)
    assert host.poll_for(2) == [""]


# Cashbox.


def test_a_full_cashbox_is_told_once_and_again_after_power_up(host):
    host.start()
    host.hands.fill_cashbox()
    assert host.poll_for(1) == ["E7", ""]
    assert started_anew(host) == "F1 E7 E8"


def test_the_cashbox_is_taken_out_and_put_back(host):
    host.start()
    host.hands.remove_cashbox()
    assert host.poll_for(1) == ["E3"]
    host.hands.replace_cashbox()
    assert host.poll_for(3) == ["E4", ""]
    host.escrow(20)


def test_removing_the_cashbox_returns_the_bill_in_escrow(host):
    host.start()
    host.escrow(20)
    host.hands.remove_cashbox()
    assert host.poll_for(2) == ["ED E3", "EC E3", "E3"]
    assert host.named("returned") == [20]


def test_a_bill_past_the_lever_waits_for_the_next_cashbox(host):
    sent_down(host)
    assert host.poll() == "CC EE 05"
    host.hands.remove_cashbox()
    assert host.poll_for(2) == ["E3"]
    host.hands.replace_cashbox()
    assert host.poll_for(3) == ["E4", "", "CC", "EB", ""]
    assert host.cashbox == {20: 1}
    assert host.named("credit_acknowledged") == [20]


# A second bill, and the line.


def test_a_second_bill_keeps_the_first_from_being_accepted(host):
    host.start()
    host.escrow(20)
    host.hands.insert(50)
    assert host.poll_for(1.5) == ["EF 05"]
    assert host.ask("08") == "F5"
    host.idle_for(1)
    assert host.poll() == "CC"
    assert host.named("returned") == [50]


def test_mute_hears_and_acts_and_the_lost_reply_can_be_asked_for_again(host):
    host.start()
    host.escrow(20)
    host.simulator.faults.muted_until_s = host.now_s + 2
    assert host.ask("07") == ""
    host.idle_for(2.1)
    assert host.repeat("07") == "F0 CC"
    assert host.poll() == "EE 05 EB"


def test_corrupt_damages_one_byte_of_a_reply(host):
    host.start()
    host.simulator.faults.replies_to_corrupt = 1
    assert host.ask("0C") == ""
    good = packet("F0 00 1C 96 2C", host.sequence)
    assert host.send(packet("0C", host.sequence)) == good
