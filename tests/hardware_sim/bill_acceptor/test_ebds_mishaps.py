"""What the simulated EBDS acceptor tells its host when something goes wrong inside it."""

import pytest

from hardware_sim.bill_acceptor.parts import Part
from hardware_sim.bill_acceptor.protocols import PROTOCOLS
from hardware_sim.bill_acceptor.words import Words

POLICY = {"A": "7F 1C 00", "B": "7F 1C 04", "C": "7F 1C 08"}
STACK = {"A": "7F 3C 00", "B": "7F 3C 04", "C": "7F 3C 08"}


def under(bench, policy):
    bench.settings = POLICY[policy]
    bench.start()


def stacking(bench, policy="B"):
    under(bench, policy)
    bench.escrow(20)
    assert bench.poll(STACK[policy]) == "08 10 28 00"


# Power loss, at every place a bill can be, under each policy.


@pytest.mark.parametrize("policy", "ABC")
def test_power_loss_without_a_bill(ebds, policy):
    under(ebds, policy)
    ebds.hands.power_off()
    assert ebds.poll() == ""
    ebds.hands.power_on()
    assert ebds.poll_for(3) == ["01 10 01 00", "01 10 00 00"]


@pytest.mark.parametrize("policy", "ABC")
@pytest.mark.parametrize("moment", ["accepting", "stacking"])
def test_a_bill_that_moved_before_the_lever_goes_back(ebds, policy, moment):
    under(ebds, policy)
    ebds.hands.insert(20)
    ebds.idle_for(0.5)
    if moment == "stacking":
        ebds.idle_for(0.6)
        assert ebds.poll(STACK[policy])[:2] == "08"
    ebds.power_cycle()
    assert ebds.poll_for(5) == ["00 10 01 00", "20 10 00 00", "41 10 00 00", "01 10 00 00"]
    assert ebds.named("returned") == [20]


def test_a_bill_in_escrow_goes_back_under_policy_a(ebds):
    under(ebds, "A")
    ebds.escrow(20)
    ebds.power_cycle()
    assert ebds.poll_for(5) == ["00 10 01 00", "20 10 00 00", "41 10 00 00", "01 10 00 00"]


@pytest.mark.parametrize("policy", "BC")
def test_a_bill_in_escrow_is_held_under_policies_b_and_c(ebds, policy):
    under(ebds, policy)
    ebds.escrow(20)
    ebds.power_cycle()
    assert ebds.poll_for(60) == ["00 10 01 00", "04 10 28 00"]
    ebds.poll(STACK[policy])
    assert ebds.poll_for(3)[-2:] == ["11 10 28 00", "01 10 28 00"]
    assert ebds.named("credit_acknowledged") == [20]


@pytest.mark.parametrize(("policy", "reported"), [("A", False), ("B", True), ("C", False)])
def test_a_bill_past_the_lever_is_stacked_and_reported_under_policy_b_alone(
    ebds, policy, reported
):
    stacking(ebds, policy)
    ebds.idle_for(0.8)
    ebds.power_cycle()
    seen = ebds.poll_for(5)
    assert seen[:2] == ["00 10 01 00", "08 10 00 04"]
    assert seen[2:] == (["11 10 28 00", "01 10 28 00"] if reported else ["01 10 00 00"])
    assert ebds.cashbox == {20: 1}
    assert ebds.named("credit_acknowledged") == ([20] if reported else [])


@pytest.mark.parametrize(("policy", "again"), [("A", []), ("B", [20]), ("C", [])])
def test_a_credit_that_was_told_but_not_acknowledged(ebds, policy, again):
    stacking(ebds, policy)
    ebds.poll_until("11 10 28 00")
    ebds.power_cycle()
    ebds.toggle = 0
    ebds.poll_for(5)
    assert ebds.named("credit_acknowledged") == again
    assert ebds.cashbox == {20: 1}


def test_the_bit_is_forgotten_without_power(ebds):
    under(ebds, "B")
    ebds.power_cycle()
    assert ebds.repeat(1, POLICY["B"]) == "2: 01 10 01 00 01 0A"


def test_it_starts_with_the_first_poll_and_no_sooner(ebds):
    assert ebds.ask(6, "00 00 05").startswith("6:")
    ebds.idle_for(60)
    assert ebds.ask(7, "04 00 00 00 00 00") == "7: 04 01 10 01 00 01 0A"
    assert ebds.poll_for(3) == ["01 10 01 00", "01 10 00 00"]


# Soft reset.


def test_soft_reset_is_silent_and_then_a_power_up(ebds):
    under(ebds, "B")
    assert ebds.ask(6, "7F 7F 7F") == ""
    assert ebds.poll_for(5.5) == [""]
    ebds.idle_for(1)
    assert ebds.poll_for(3) == ["01 10 01 00", "01 10 00 00"]


def test_soft_reset_in_escrow_holds_the_bill_under_policy_b(ebds):
    under(ebds, "B")
    ebds.escrow(20)
    ebds.ask(6, "7F 7F 7F")
    ebds.idle_for(7)
    assert ebds.poll_for(5) == ["00 10 01 00", "04 10 28 00"]


def test_soft_reset_forgets_what_was_set(ebds):
    under(ebds, "B")
    ebds.ask(7, "04 00 00 00 0A 00")
    ebds.ask(7, "0B 00 00 00 01")
    ebds.ask(6, "7F 7F 7F")
    ebds.idle_for(7)
    ebds.start()
    ebds.escrow(20)
    assert ebds.poll_for(15) == ["04 10 28 00"]
    ebds.poll(ebds.RETURN)
    assert ebds.poll_for(3) == ["20 10 28 00", "41 10 00 00", "01 10 00 00"]


# Rejects, jams, failures, cheats, a second bill.


def test_a_foreign_bill_is_rejected(ebds):
    under(ebds, "B")
    ebds.hands.insert(7)
    assert ebds.poll_for(4) == ["02 10 00 00", "20 10 00 00", "01 12 00 00", "01 10 00 00"]


def test_a_jam_and_its_clearing(ebds):
    under(ebds, "B")
    ebds.hands.jam(None)
    ebds.hands.insert(20)
    assert ebds.poll_for(3) == ["02 10 00 00", "00 14 00 00"]
    ebds.hands.clear(into_cashbox=False)
    assert ebds.poll_for(3) == ["00 10 40 00", "01 10 00 00"]  # the path was opened for it
    ebds.escrow(20)


def test_a_jam_at_the_cassette_is_no_credit(ebds):
    under(ebds, "B")
    ebds.hands.jam(Part.STACKER)
    ebds.escrow(20)
    ebds.poll(ebds.STACK)
    assert ebds.poll_for(3) == ["08 10 28 00", "00 14 28 00"]
    ebds.hands.clear(into_cashbox=True)
    ebds.poll_until("01 10 28 00")
    assert ebds.named("credit_reported") == []


def test_a_failure(ebds):
    under(ebds, "B")
    ebds.hands.fail(0)
    assert ebds.poll_for(1) == ["00 10 04 00"]
    ebds.hands.clear(into_cashbox=False)
    ebds.poll_until("01 10 00 00")


def test_a_cheat_is_told_once_and_is_no_credit(ebds):
    under(ebds, "B")
    ebds.hands.cheat()
    ebds.escrow(20)
    ebds.poll(ebds.STACK)
    assert ebds.poll_for(4) == ["08 10 28 00", "01 11 00 00", "01 10 00 00"]
    assert ebds.named("cheated") == [20]
    assert ebds.named("credit_reported") == []


def test_a_second_bill_makes_it_pause(ebds):
    under(ebds, "B")
    ebds.escrow(20)
    ebds.hands.insert(5)
    assert ebds.poll() == "04 30 28 00"
    assert ebds.poll(ebds.STACK) == "04 30 28 00"
    assert ebds.poll_for(3) == ["04 30 28 00", "04 10 28 00"]


# The cassette.


def test_a_full_cassette_is_out_of_service(ebds):
    under(ebds, "B")
    ebds.hands.fill_cashbox()
    assert ebds.poll() == "00 18 00 00"


def test_the_cassette_out_and_in(ebds):
    under(ebds, "B")
    ebds.hands.remove_cashbox()
    assert ebds.poll() == "01 00 00 00"  # idling, but without a cassette
    ebds.hands.replace_cashbox()
    assert ebds.poll_for(3) == ["00 10 00 00", "01 10 00 00"]


def test_a_power_up_makes_a_blank_stacked_report(ebds):
    ebds.settings = ebds.EXTENDED
    blank = "11 10 00 00" + " 00" * 18
    assert ebds.poll_for(3) == ["01 10 01 00", blank, "01 10 00 00"]
    ebds.escrow(20)
    ebds.poll("7F 3C 14")
    ebds.idle_for(0.8)
    ebds.power_cycle()
    *_, credit, idle, after_it, idle_again = ebds.poll_for(5)
    assert credit.startswith("11 10 00 00 00 55 53 44 30 30 32 2B 30 31")  # twenty dollars
    assert (idle, after_it, idle_again) == ("01 10 00 00", blank, "01 10 00 00")
    assert ebds.named("credit_acknowledged") == [20]


def test_a_cassette_put_in_makes_a_blank_stacked_report(ebds):
    """Devices do that in extended mode: a host must not take it for a bill."""
    ebds.settings = ebds.EXTENDED
    ebds.start()
    ebds.hands.remove_cashbox()
    ebds.hands.replace_cashbox()
    assert ebds.poll_for(3) == ["00 10 00 00", "11 10 00 00" + " 00" * 18, "01 10 00 00"]
    assert ebds.named("credit_reported") == []


def test_a_bill_past_the_lever_stalls_without_its_cassette(ebds):
    stacking(ebds)
    ebds.idle_for(0.8)
    ebds.hands.remove_cashbox()
    assert ebds.poll() == "00 00 28 01"
    ebds.hands.replace_cashbox()
    assert ebds.poll_for(4)[-2:] == ["11 10 28 00", "01 10 28 00"]
    assert ebds.named("credit_acknowledged") == [20]


# The words without a code.


def test_it_has_no_codes_to_say(ebds):
    under(ebds, "B")
    words = Words(
        ebds.simulator, PROTOCOLS["ebds"], ebds.line, ebds.simulator.acceptor.report, lambda: 0
    )
    words.obey("fail 12")
    words.obey("reject 61")
    assert [event for event, _ in ebds.events] == ["refused", "refused"]
    words.obey("reject")
    words.obey("fail")
    assert ebds.poll() == "00 10 04 00"
