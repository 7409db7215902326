"""What the simulated CCNET validator tells its host when something goes wrong inside it."""

import pytest

from hardware_sim.bill_acceptor.hands import Impossible
from hardware_sim.bill_acceptor.parts import Part


def stacking(bench):
    bench.start()
    bench.escrow(20)
    assert bench.ask("35") == "00"


# Power loss, at every place a bill can be.


def test_power_loss_without_a_bill(ccnet):
    ccnet.start()
    ccnet.hands.power_off()
    assert ccnet.look() == ""
    ccnet.hands.power_on()
    assert ccnet.poll() == "10"


@pytest.mark.parametrize("moment", ["accepting", "escrow", "stacking", "returning"])
def test_a_bill_before_the_lever_comes_back_after_reset(ccnet, moment):
    ccnet.start()
    if moment == "accepting":
        ccnet.hands.insert(20)
        ccnet.idle_for(0.5)
    else:
        ccnet.escrow(20)
    if moment in ("stacking", "returning"):
        ccnet.ask("35" if moment == "stacking" else "36")
        ccnet.idle_for(0.4)
    ccnet.power_cycle()
    assert ccnet.poll_for(5) == ["11"]
    assert ccnet.ask("30") == "00"
    assert ccnet.poll_for(5) == ["13", "18", "82 04", "19"]
    assert ccnet.named("returned") == [20]
    assert not ccnet.cashbox
    assert ccnet.named("credit_reported") == []


def test_a_bill_past_the_lever_is_credited_after_reset(ccnet):
    stacking(ccnet)
    ccnet.idle_for(0.8)
    ccnet.power_cycle()
    assert ccnet.poll_for(5) == ["12"]
    assert not ccnet.cashbox
    assert ccnet.ask("30") == "00"
    assert ccnet.poll_for(5) == ["13", "17", "81 04", "19"]
    assert ccnet.cashbox == {20: 1}
    assert ccnet.named("credit_acknowledged") == [20]


@pytest.mark.parametrize("was_reported", [True, False])
def test_a_credit_that_was_not_acknowledged_outlives_the_power(ccnet, was_reported):
    stacking(ccnet)
    ccnet.idle_for(1.1)
    if was_reported:
        assert ccnet.look() == "81 04"
    ccnet.power_cycle()
    assert ccnet.poll_for(3) == ["12"]
    ccnet.ask("30")
    assert ccnet.poll_for(5) == ["13", "81 04", "19"]
    assert ccnet.named("stacked") == ccnet.named("credit_acknowledged") == [20]


def test_a_credit_that_was_not_acknowledged_outlives_reset(ccnet):
    stacking(ccnet)
    ccnet.poll_until_unacknowledged("81 04")
    ccnet.ask("30")
    assert ccnet.poll_for(5) == ["13", "81 04", "19"]
    assert ccnet.named("credit_acknowledged") == [20]


def test_an_acknowledged_credit_is_not_told_again_after_power_loss(ccnet):
    stacking(ccnet)
    ccnet.poll_until("81 04")
    ccnet.power_cycle()
    assert ccnet.poll_for(3) == ["10"]
    ccnet.ask("30")
    assert ccnet.poll_for(5) == ["13", "19"]
    assert ccnet.named("credit_acknowledged") == [20]


@pytest.mark.parametrize("moment", ["accepting", "escrow", "stacking"])
def test_reset_gives_a_bill_back(ccnet, moment):
    ccnet.start()
    ccnet.hands.insert(20)
    if moment != "accepting":
        ccnet.idle_for(1.1)
    if moment == "stacking":
        ccnet.ask("35")
    ccnet.ask("30")
    assert ccnet.poll_for(5) == ["13", "18", "82 04", "19"]


# Rejects.


REJECTS = [*range(0x60, 0x6B), 0x6C, 0x6D, *range(0x92, 0x96)]


@pytest.mark.parametrize("code", [f"{code:02X}" for code in REJECTS])
def test_a_reject_carries_its_reason(ccnet, code):
    ccnet.start()
    ccnet.hands.refuse_next(code)
    ccnet.hands.insert(20)
    assert ccnet.poll_for(3) == ["15", f"1C {code}", "14"]
    assert ccnet.named("returned") == [20]


def test_a_foreign_bill_is_rejected_for_its_identification(ccnet):
    ccnet.start()
    ccnet.hands.insert(7)
    assert ccnet.poll_for(3) == ["15", "1C 65", "14"]


def test_an_unknown_bill_found_at_power_up_goes_back_without_a_type(ccnet):
    ccnet.start()
    ccnet.hands.insert(7)
    ccnet.power_cycle()
    ccnet.ask("30")
    assert ccnet.poll_for(5) == ["13", "18", "19"]
    assert ccnet.named("returned") == [7]


# Jams, failures, cheats, a second bill.


def test_a_jam_in_the_validator(ccnet):
    ccnet.start()
    ccnet.hands.jam(None)
    ccnet.hands.insert(20)
    assert ccnet.poll_for(3) == ["15", "43"]
    ccnet.ask("30")
    assert ccnet.poll_for(3) == ["13", "43"]  # a reset does not free the bill
    ccnet.hands.clear(into_cashbox=False)
    seen = ccnet.poll_for(3)
    assert seen[0] == "1B 0E"  # busy for 14 tenths of a second more
    assert seen[-2:] == ["1B 01", "19"]


def test_a_jam_at_the_cassette(ccnet):
    ccnet.start()
    ccnet.hands.jam(Part.STACKER)
    ccnet.escrow(20)
    ccnet.ask("35")
    assert ccnet.poll_for(3) == ["17", "44"]
    ccnet.hands.clear(into_cashbox=True)
    ccnet.poll_until("14")
    assert ccnet.named("credit_reported") == []
    assert ccnet.cashbox == {20: 1}


def test_a_broken_part(ccnet):
    ccnet.start()
    ccnet.hands.fail(0x52)
    assert ccnet.poll_for(1) == ["47 52"]
    ccnet.hands.clear(into_cashbox=False)
    ccnet.poll_until("14")


def test_a_cheat_is_no_credit(ccnet):
    ccnet.start()
    ccnet.hands.cheat()
    ccnet.escrow(20)
    ccnet.ask("35")
    assert ccnet.poll_for(5) == ["17", "45", "14"]
    assert ccnet.named("cheated") == [20]
    assert ccnet.named("credit_reported") == []


def test_a_second_bill_makes_it_pause(ccnet):
    ccnet.start()
    ccnet.escrow(20)
    ccnet.hands.insert(5)
    assert ccnet.poll() == "46"
    assert ccnet.ask("35") == "30"
    assert ccnet.poll_for(3) == ["46", "80 04"]
    assert ccnet.named("returned") == [5]


# The cassette.


def test_a_full_cassette(ccnet):
    ccnet.start()
    ccnet.hands.fill_cashbox()
    assert ccnet.poll() == "41"
    ccnet.hands.insert(20)
    assert ccnet.named("not_taken") == [20]


def test_the_cassette_out_and_in(ccnet):
    ccnet.start()
    ccnet.hands.remove_cashbox()
    assert ccnet.poll() == "42"
    ccnet.ask("30")
    assert ccnet.poll_for(3) == ["13", "42"]
    ccnet.hands.replace_cashbox()
    ccnet.poll_until("19")


def test_the_cassette_out_in_escrow_gives_the_bill_back(ccnet):
    ccnet.start()
    ccnet.escrow(20)
    ccnet.hands.remove_cashbox()
    seen = ccnet.poll_for(3)
    assert seen[0] == "42"
    assert seen[-1] == "42"
    assert ccnet.named("returned") == [20]


def test_a_credit_is_told_though_the_cassette_is_out(ccnet):
    stacking(ccnet)
    ccnet.idle_for(1.1)
    ccnet.hands.remove_cashbox()
    assert ccnet.poll() == "81 04"
    assert ccnet.poll() == "42"


def test_hands_cannot_clear_what_is_not_stuck(ccnet):
    with pytest.raises(Impossible):
        ccnet.hands.clear(into_cashbox=False)
