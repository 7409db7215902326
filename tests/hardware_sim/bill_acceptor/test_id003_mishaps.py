"""What the simulated ID-003 acceptor tells its host when something goes wrong inside it."""

import pytest

from hardware_sim.bill_acceptor.hands import Impossible

RECOVERY = "C5 02 00"
ACK = bytes.fromhex("FC 05 50 AA 05")


def escrowed(bench, *settings):
    bench.start(*settings)
    bench.escrow(20)


# Power loss, at every place a bill can be.


def test_power_loss_without_a_bill(bench):
    bench.start()
    bench.power_cycle()
    assert bench.poll() == "40"


def test_without_power_it_says_nothing(bench):
    bench.start()
    bench.hands.power_off()
    assert bench.poll() == ""
    bench.hands.insert(20)
    assert bench.named("not_taken") == [20]
    bench.hands.power_on()
    assert bench.poll() == "40"


@pytest.mark.parametrize("moment", ["accepting", "escrow", "stacking", "returning"])
def test_a_bill_before_the_lever_comes_back_after_reset(bench, moment):
    bench.start(RECOVERY)
    if moment == "accepting":
        bench.hands.insert(20)
        bench.idle_for(0.5)
    else:
        bench.escrow(20)
    if moment in ("stacking", "returning"):
        bench.ask("41" if moment == "stacking" else "43")
        bench.idle_for(0.4)
    bench.power_cycle()
    assert bench.poll_for(5) == ["41"]
    assert bench.ask("40") == "50"
    assert bench.poll_for(5) == ["1B", "18", "1A"]
    assert bench.named("returned") == [20]
    assert not bench.cashbox
    assert bench.named("credit_reported") == []


@pytest.mark.parametrize("stack", ["41", "42"])
def test_a_bill_past_the_lever_is_stacked_and_reported_with_power_recovery(bench, stack):
    escrowed(bench, RECOVERY)
    bench.ask(stack)
    bench.idle_for(0.8)
    bench.power_cycle()
    assert bench.poll_for(5) == ["42"]
    assert not bench.cashbox
    assert bench.ask("40") == "50"
    bench.poll_until("15")
    assert bench.poll_for(5) == ["15"]
    bench.send(ACK)
    assert bench.poll_for(2) == ["16", "1A"]
    assert bench.cashbox == {20: 1}
    assert bench.named("credit_acknowledged") == [20]


@pytest.mark.parametrize("stack", ["41", "42"])
def test_a_bill_past_the_lever_is_stacked_in_silence_without_power_recovery(bench, stack):
    escrowed(bench)
    bench.ask(stack)
    bench.idle_for(0.8)
    bench.power_cycle()
    assert bench.poll_for(5) == ["42"]
    bench.ask("40")
    assert bench.poll_for(5) == ["1B", "14", "1A"]
    assert bench.cashbox == {20: 1}
    assert bench.named("credit_reported") == []


@pytest.mark.parametrize(("setting", "reported"), [(RECOVERY, [20, 20]), ("C5 00 00", [20])])
def test_an_unacknowledged_credit_is_shown_again_only_with_power_recovery(
    bench, setting, reported
):
    escrowed(bench, setting)
    bench.ask("42")
    bench.poll_until("15")
    bench.power_cycle()
    assert bench.poll() == "40"
    bench.ask("40")
    bench.poll_for(5)
    assert bench.named("credit_reported") == reported
    assert bench.cashbox == {20: 1}


def test_an_acknowledged_credit_is_not_shown_again(bench):
    escrowed(bench, RECOVERY)
    bench.ask("41")
    bench.poll_until("15")  # at the lever
    bench.send(ACK)
    bench.power_cycle()
    assert bench.poll() == "42"
    bench.ask("40")
    assert "15" not in bench.poll_for(5)
    assert bench.cashbox == {20: 1}


@pytest.mark.parametrize(("setting", "reported"), [(RECOVERY, [20, 20]), ("C5 00 00", [20])])
def test_reset_instead_of_the_acknowledgement(bench, setting, reported):
    escrowed(bench, setting)
    bench.ask("42")
    bench.poll_until("15")
    bench.ask("40")
    bench.poll_for(5)
    assert bench.named("credit_reported") == reported


def test_reset_with_a_bill_in_escrow_returns_it(bench):
    escrowed(bench)
    assert bench.ask("40") == "50"
    assert bench.poll_for(4) == ["1B", "18", "1A"]
    assert bench.named("returned") == [20]


def test_two_power_losses_in_a_row_still_credit_once(bench):
    escrowed(bench, RECOVERY)
    bench.ask("42")
    bench.idle_for(0.8)
    bench.power_cycle()
    bench.ask("40")
    bench.idle_for(0.5)
    bench.power_cycle()
    assert bench.poll() == "42"
    bench.ask("40")
    bench.poll_until("15")
    bench.send(ACK)
    bench.poll_until("1A")
    assert bench.named("credit_acknowledged") == [20]
    assert bench.cashbox == {20: 1}


# Jams, cheats, failures.


def test_a_jam_in_the_acceptor_and_a_person_who_takes_the_bill_out(bench):
    bench.start()
    bench.hands.jam(None)
    bench.hands.insert(20)
    assert bench.poll_for(2) == ["12", "45"]
    bench.ask("40")
    assert bench.poll_for(3) == ["1B", "45"]  # a reset frees no bill
    bench.hands.clear(into_cashbox=False)
    assert bench.poll_for(3) == ["1B", "1A"]
    assert bench.simulator.acceptor.tally.taken_out == {20: 1}


@pytest.mark.parametrize("into_cashbox", [True, False])
def test_a_jam_in_the_stacker_credits_nothing(bench, into_cashbox):
    bench.start()
    bench.hands.jam("stacker")
    bench.escrow(20)
    bench.ask("41")
    assert bench.poll_for(2) == ["14", "46"]
    bench.hands.clear(into_cashbox=into_cashbox)
    assert bench.poll_for(3) == ["1B", "11"]
    assert bench.cashbox == ({20: 1} if into_cashbox else {})
    assert bench.named("credit_reported") == []


def test_jam_now_sticks_the_bill_that_moves(bench):
    escrowed(bench)
    bench.ask("41")
    bench.hands.jam(None)
    assert bench.poll() == "45"
    assert bench.named("jammed") == [20]


def test_a_jam_after_a_due_credit_waits_for_the_acknowledgement(bench):
    escrowed(bench)
    bench.ask("41")
    bench.poll_until("15")
    bench.hands.jam(None)
    assert bench.poll() == "15"
    bench.send(ACK)
    assert bench.poll() == "46"


def test_a_jam_outlives_power(bench):
    bench.start()
    bench.hands.jam("acceptor")
    bench.hands.insert(20)
    bench.idle_for(1)
    bench.power_cycle()
    assert bench.poll() == "41"
    bench.ask("40")
    assert bench.poll_for(3) == ["1B", "45"]


@pytest.mark.parametrize("ahead", [True, False])
def test_a_cheat_is_never_credited(bench, ahead):
    escrowed(bench)
    if ahead:
        bench.hands.cheat()
    bench.ask("41")
    if not ahead:
        bench.hands.cheat()
    assert bench.poll_for(4)[-2:] == ["48", "11"]
    assert bench.named("cheated") == [20]
    assert bench.named("credit_reported") == []
    assert not bench.cashbox


def test_nobody_can_pull_back_a_bill_past_the_lever(bench):
    escrowed(bench)
    bench.ask("42")
    bench.idle_for(0.8)
    bench.hands.cheat()
    bench.poll_until("15")
    assert bench.cashbox == {20: 1}


def test_a_failure_until_it_is_mended(bench):
    escrowed(bench)
    bench.hands.fail(0xA2)
    assert bench.poll() == "49 A2"
    assert bench.ask("41") == "4B"
    bench.ask("40")
    assert bench.poll_for(3) == ["1B", "49 A2"]
    bench.hands.clear(into_cashbox=False)
    assert bench.poll_for(4) == ["1B", "18", "1A"]
    assert bench.named("returned") == [20]


# Cashbox.


def test_a_full_cashbox_takes_no_more(bench):
    bench.start()
    bench.hands.fill_cashbox()
    assert bench.poll() == "43"
    bench.hands.insert(20)
    assert bench.named("not_taken") == [20]
    bench.hands.remove_cashbox()
    assert bench.poll() == "44"
    bench.hands.replace_cashbox()
    assert bench.poll_for(2) == ["1B", "11"]


def test_removing_the_cashbox_returns_the_bill_in_escrow(bench):
    escrowed(bench)
    bench.hands.remove_cashbox()
    assert bench.poll_for(2) == ["44"]
    assert bench.named("returned") == [20]


def test_removing_the_cashbox_past_the_lever_keeps_the_bill_for_the_next_one(bench):
    escrowed(bench)
    bench.ask("42")
    bench.idle_for(0.8)
    bench.hands.remove_cashbox()
    assert bench.poll_for(2) == ["44"]
    assert bench.simulator.acceptor.bill.value == 20
    bench.hands.replace_cashbox()
    bench.poll_for(3)
    assert bench.cashbox == {20: 1}


def test_what_was_in_the_cashbox_leaves_with_it(bench):
    escrowed(bench)
    bench.ask("42")
    bench.poll_until("15")
    bench.send(ACK)
    bench.hands.remove_cashbox()
    bench.hands.replace_cashbox()
    assert not bench.cashbox
    assert bench.simulator.acceptor.tally.collected == {20: 1}


def test_a_bill_in_the_stacker_waits_for_a_cashbox_over_a_power_loss(bench):
    escrowed(bench, RECOVERY)
    bench.ask("42")
    bench.idle_for(0.8)
    bench.hands.remove_cashbox()
    bench.power_cycle()
    assert bench.poll() == "42"
    bench.ask("40")
    assert bench.poll_for(3) == ["1B", "44"]
    bench.hands.replace_cashbox()
    bench.poll_until("15")
    assert bench.cashbox == {20: 1}


def test_a_jammed_bill_cannot_be_pushed_into_a_cashbox_that_is_not_there(bench):
    bench.start()
    bench.hands.jam(None)
    bench.hands.insert(20)
    bench.idle_for(1)
    bench.hands.remove_cashbox()
    with pytest.raises(Impossible, match="cashbox"):
        bench.hands.clear(into_cashbox=True)
    bench.hands.clear(into_cashbox=False)
    assert bench.simulator.acceptor.tally.taken_out == {20: 1}


def test_what_is_broken_without_power_is_shown_with_power(bench):
    bench.start()
    bench.hands.power_off()
    bench.hands.fail(0xAF)
    bench.hands.remove_cashbox()
    bench.hands.power_on()
    bench.ask("40")
    assert bench.poll_for(2) == ["1B", "49 AF"]
    bench.hands.clear(into_cashbox=False)
    assert bench.poll_for(2) == ["1B", "44"]


@pytest.mark.parametrize("twice", ["power_off", "remove_cashbox"])
def test_nothing_is_taken_away_twice(bench, twice):
    getattr(bench.hands, twice)()
    with pytest.raises(Impossible):
        getattr(bench.hands, twice)()


# A second bill.


@pytest.mark.parametrize("moment", ["accepting", "escrow", "stacking"])
def test_a_second_bill_pauses_and_comes_back(bench, moment):
    bench.start()
    if moment == "accepting":
        bench.hands.insert(20)
    else:
        bench.escrow(20)
    if moment == "stacking":
        bench.ask("41")
    before = bench.poll()
    bench.hands.insert(50)
    assert bench.poll_for(1.9) == ["47"]
    bench.idle_for(0.2)
    assert bench.poll() == before
    assert bench.named("paused") == bench.named("returned") == [50]
    bench.poll_until("15" if moment == "stacking" else "13 65")


# The reply line.


def test_mute_hears_and_acts_but_no_reply_gets_through(bench):
    escrowed(bench)
    bench.simulator.faults.muted_until_s = bench.now_s + 2
    assert bench.ask("42") == ""
    bench.idle_for(2.1)
    assert bench.poll() == "15"


def test_corrupt_damages_one_byte_of_the_next_replies(bench):
    bench.start()
    bench.simulator.faults.replies_to_corrupt = 3
    good = bytes.fromhex("FC 05 11 27 56")
    damaged = [bench.send(good) for _ in range(3)]
    for reply in damaged:
        assert sum(got != sent for got, sent in zip(reply, good, strict=True)) == 1
    assert bench.send(good) == good
