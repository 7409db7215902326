"""What the simulated ccTalk bill validator tells its host when something goes wrong inside it."""

import pytest

from cctalk_host import POLL, CcTalkHost, frame


@pytest.fixture
def host():
    return CcTalkHost("EUR")


def sent_down(host: CcTalkHost, seconds: float = 0.8) -> None:
    """0.6 s after it was routed, a bill passes the lever; after 1 s it is stored."""
    host.start()
    host.escrow(20)
    assert host.ask("9A 01") == "00"
    host.idle_for(seconds)


# Power.


def test_without_power_there_is_only_the_echo(host):
    host.start()
    host.hands.power_off()
    assert host.exchange(POLL) == b""


def test_power_up_forgets_events_and_settings(host):
    host.start()
    host.escrow(20)
    host.ask("9A 01")
    host.fresh(2)
    host.power_cycle()
    host.idle_for(2)
    assert host.read() == (0, [])
    assert host.ask("E3") == "00 00"
    assert host.ask("E6") == "00 00 00"
    assert host.ask("98") == "00 01"


@pytest.mark.parametrize("moment", ["accepting", "escrow", "before the lever", "returning"])
def test_a_bill_before_the_lever_comes_back_without_a_word(host, moment):
    if moment == "before the lever":
        sent_down(host, 0.4)
    else:
        host.start()
        host.hands.insert(20)
        host.idle_for(0.5 if moment == "accepting" else 1.2)
    if moment == "returning":
        host.ask("9A 00")
        host.idle_for(0.4)
    host.power_cycle()
    assert host.fresh(4) == []
    assert host.read() == (0, [])
    assert host.named("returned") == [20]
    assert not host.cashbox


def test_a_bill_past_the_lever_is_stacked_without_a_credit(host):
    sent_down(host)
    host.power_cycle()
    assert host.fresh(4) == []
    assert host.cashbox == {20: 1}
    assert host.named("credit_reported") == []


def test_a_credit_that_nobody_read_is_lost_with_the_power(host):
    sent_down(host)
    host.idle_for(0.5)
    assert host.cashbox == {20: 1}
    host.power_cycle()
    assert host.fresh(4) == []
    host.start()
    host.escrow(10)


def test_the_reset_of_a_host_starts_it_anew(host):
    host.start()
    host.escrow(20)
    assert host.ask("01") == "00"
    assert host.fresh(4) == []
    assert host.read() == (0, [])
    assert host.named("returned") == [20]
    assert host.ask("E3") == "00 00"


# Jams, cheats, failures.


def test_a_jam_in_the_transport(host):
    host.start()
    host.hands.jam(None)
    host.hands.insert(20)
    assert host.fresh(2) == [(0, 6)]
    assert host.ask("E8") == "00 27"
    host.hands.clear(into_cashbox=False)
    host.idle_for(2)
    assert host.ask("E8") == "00 00"


@pytest.mark.parametrize("into_cashbox", [True, False])
def test_a_jam_in_the_stacker_credits_nothing(host, into_cashbox):
    host.start()
    host.hands.jam("stacker")
    host.escrow(20)
    host.ask("9A 01")
    assert host.fresh(2) == [(0, 7)]
    host.hands.clear(into_cashbox=into_cashbox)
    assert host.fresh(3) == []
    assert host.cashbox == ({20: 1} if into_cashbox else {})
    host.escrow(20)


def test_a_jam_outlives_power_and_is_told_again(host):
    host.start()
    host.hands.jam(None)
    host.hands.insert(20)
    host.idle_for(1)
    host.power_cycle()
    assert host.fresh(4) == [(0, 6)]
    assert host.ask("E8") == "00 27"


def test_a_cheat_is_never_credited(host):
    host.start()
    host.hands.cheat()
    host.escrow(20)
    host.ask("9A 01")
    assert host.fresh(4) == [(0, 8)]
    assert host.named("cheated") == [20]
    assert not host.cashbox


@pytest.mark.parametrize(
    ("code", "events"),
    [(0x24, [(0, 0)]), (0x25, [(0, 0)]), (0x26, [(0, 13), (0, 0)]), (0x29, [(0, 19), (0, 0)])],
)
def test_a_failure_closes_it(host, code, events):
    host.start()
    host.hands.fail(code)
    assert host.fresh(1) == events
    assert host.ask("E8") == f"00 {code:02X}"
    assert host.ask("E3") == "00 00"
    host.hands.clear(into_cashbox=False)
    host.idle_for(2)
    assert host.ask("E8") == "00 00"
    host.ask("E4 01")
    host.escrow(20)


def test_a_failure_with_a_bill_past_the_lever_credits_it_once_mended(host):
    sent_down(host)
    host.hands.fail(0x25)
    assert host.fresh(1) == [(0, 0)]
    host.hands.clear(into_cashbox=False)
    assert host.fresh(3) == [(3, 0)]
    assert host.cashbox == {20: 1}


# Stacker.


def test_the_stacker_fills_up_and_is_emptied(host):
    """The order of events is that of the specification's session."""
    host.start()
    host.hands.fill_cashbox()
    assert host.fresh(1) == [(0, 14), (0, 0)]
    assert host.ask("E8") == "00 2D"
    host.hands.remove_cashbox()
    assert host.fresh(1) == [(0, 11)]
    assert host.ask("E8") == "00 2C"
    host.hands.replace_cashbox()
    assert host.fresh(2) == [(0, 12)]
    assert host.read() == (4, [(0, 12), (0, 11), (0, 0), (0, 14)])
    host.ask("E4 01")
    host.escrow(20)


def test_removing_the_stacker_returns_the_bill_in_escrow(host):
    host.start()
    host.escrow(20)
    host.hands.remove_cashbox()
    assert host.fresh(2) == [(0, 11), (0, 0), (0, 1)]
    assert host.named("returned") == [20]


def test_a_bill_past_the_lever_waits_for_the_next_stacker(host):
    sent_down(host)
    host.hands.remove_cashbox()
    assert host.fresh(2) == [(0, 11), (0, 0)]
    host.hands.replace_cashbox()
    assert host.fresh(3) == [(0, 12), (3, 0)]
    assert host.cashbox == {20: 1}


@pytest.mark.parametrize("act", ["fill_cashbox", "remove_cashbox"])
def test_what_is_wrong_with_the_stacker_is_told_after_power_up(host, act):
    host.start()
    host.hands.power_off()
    getattr(host.hands, act)()
    host.hands.power_on()
    assert host.fresh(3) == [(0, 14 if act == "fill_cashbox" else 11)]


# The line.


def test_mute_takes_the_reply_and_leaves_the_echo(host):
    host.start()
    host.escrow(20)
    host.simulator.faults.muted_until_s = host.now_s + 2
    assert host.exchange(frame("9A 01")) == b""
    host.idle_for(2.1)
    assert host.read() == (2, [(3, 0), (3, 1)])


def test_corrupt_damages_the_reply_and_not_the_echo(host):
    host.start()
    host.simulator.faults.replies_to_corrupt = 1
    good = bytes.fromhex("01002800d7")
    damaged = host.exchange(frame("FE"))
    assert sum(got != sent for got, sent in zip(damaged, good, strict=True)) == 1
    assert host.exchange(frame("FE")) == good
