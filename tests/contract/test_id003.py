"""ID-003: the simulator and the driver, two readings of one document, over a real pseudo-terminal."""

import pytest

from drivers.bill_acceptor.commands import AcknowledgeCredit, Disable, Enable, Hold, Return, Stack
from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorFaultCleared,
    AcceptorLost,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillRejected,
    BillReturned,
    BillStacked,
    BillStacking,
    CashboxRemoved,
    CashboxReplaced,
    CreditSettled,
    PoweredUp,
)
from drivers.faults import FaultCode, RejectReason

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.slow,
]  # over a minute in all; in memory the same in seconds

TWENTY = Bill(2000, "USD")


class Machine:
    """Both ends, enabled and idle."""

    def __init__(self, simulator, driver, restart):
        self.simulator, self.driver, self._restart = simulator, driver, restart

    def escrow(self, value=20):
        self.simulator.insert(value)
        return self.driver.expect(BillEscrowed, after=(BillAccepting,)).bill

    def send(self, command):
        self.driver.acceptor.send(command)

    def expect_stacked(self, bill):
        assert self.driver.expect(BillStacked, after=(BillStacking,)) == BillStacked(bill)

    def restart_driver(self):
        self.driver.acceptor.stop()
        self.driver = self._restart()


@pytest.fixture
def machine(new_simulator, new_driver, expect_ready):
    simulator = new_simulator("id003")
    simulator.hear("ready")
    machine = Machine(
        simulator, new_driver(simulator, "id003"), lambda: new_driver(simulator, "id003")
    )
    machine.driver.expect(PoweredUp)
    ready = expect_ready(machine.driver, vouches=False)
    assert [bill.value_minor for bill in ready.denominations] == [
        100,
        500,
        1000,
        2000,
        5000,
        10000,
    ]
    assert ready.firmware
    machine.send(Enable())
    return machine


def test_a_bill_is_stacked_credited_once_and_settled(machine):
    assert machine.escrow() == TWENTY
    machine.send(Stack())
    machine.expect_stacked(TWENTY)
    machine.driver.expect(CreditSettled)
    machine.simulator.hear("credit_acknowledged")
    machine.driver.expect_nothing_more()


def test_the_credit_waits_for_the_core(machine):
    machine.driver.commits = False
    machine.escrow()
    machine.send(Stack())
    machine.expect_stacked(TWENTY)
    machine.driver.expect_nothing_more()
    machine.send(AcknowledgeCredit())
    machine.driver.expect(CreditSettled)


def test_a_bill_is_returned(machine):
    machine.escrow()
    machine.send(Return())
    assert machine.driver.expect(BillReturned) == BillReturned(TWENTY)
    machine.simulator.hear("returned")


def test_a_bill_is_held_and_then_stacked(machine):
    machine.escrow()
    machine.send(Hold())
    machine.driver.expect_nothing_more()
    machine.send(Stack())
    machine.expect_stacked(TWENTY)


def test_a_bill_is_rejected(machine):
    machine.simulator.say("reject 72")
    machine.simulator.insert(20)
    rejected = machine.driver.expect(BillRejected, after=(BillAccepting,))
    assert (rejected.reason, rejected.from_escrow) == (RejectReason.NOT_RECOGNISED, False)
    assert rejected.vendor_code.startswith("17 72")


def test_disabled_it_takes_nothing(machine):
    machine.escrow()  # so that Enable has surely arrived
    machine.send(Return())
    machine.driver.expect(BillReturned)
    machine.send(Disable())
    machine.driver.expect_nothing_more()
    machine.simulator.say("insert 20")
    machine.simulator.hear("not_taken")
    machine.driver.expect_nothing_more()


def test_a_jam_and_its_clearing(machine, expect_ready):
    machine.simulator.say("jam")
    machine.simulator.insert(20)
    fault = machine.driver.expect(AcceptorFault, after=(BillAccepting,))
    assert fault.code is FaultCode.ACCEPTOR_JAM
    machine.simulator.say("clear")
    assert machine.driver.expect(AcceptorFaultCleared).code is FaultCode.ACCEPTOR_JAM
    expect_ready(machine.driver, vouches=False)
    machine.escrow()


def test_a_cheat_is_no_credit(machine, expect_ready):
    machine.simulator.say("cheat")
    machine.escrow()
    machine.send(Stack())
    machine.simulator.hear("cheated")
    fault = machine.driver.expect(AcceptorFault, after=(BillStacking,))
    assert fault.code is FaultCode.CHEAT_SUSPECTED
    assert machine.driver.expect(AcceptorFaultCleared).code is FaultCode.CHEAT_SUSPECTED
    expect_ready(machine.driver, vouches=False)  # it holds no bill, and vouches for none
    machine.driver.expect_nothing_more()


def test_the_cashbox_out_and_in(machine, expect_ready):
    machine.simulator.say("remove-cashbox")
    machine.driver.expect(CashboxRemoved)
    assert machine.driver.expect(AcceptorFault).code is FaultCode.CASHBOX_REMOVED
    machine.simulator.say("replace-cashbox")
    assert machine.driver.expect(AcceptorFaultCleared).code is FaultCode.CASHBOX_REMOVED
    machine.driver.expect(CashboxReplaced)
    expect_ready(machine.driver, vouches=True)
    machine.escrow()


def test_a_full_cashbox(machine):
    machine.simulator.say("full")
    assert machine.driver.expect(AcceptorFault).code is FaultCode.CASHBOX_FULL


def test_a_broken_part(machine):
    machine.simulator.say("fail A6")
    fault = machine.driver.expect(AcceptorFault)
    assert fault == AcceptorFault(FaultCode.ACCEPTOR_FAILURE, "49 A6 transport motor")


def test_mute_while_the_credit_is_reported(machine):
    machine.escrow()
    machine.send(Stack())
    machine.simulator.hear("stacking")
    machine.simulator.say("mute 2")
    machine.simulator.hear("credit_reported")
    machine.expect_stacked(TWENTY)
    machine.driver.expect(CreditSettled)
    machine.driver.expect_nothing_more()


def test_mute_when_the_decision_comes(machine):
    """Nothing is decided on an old status: STACK leaves when the bill is seen in escrow again."""
    machine.escrow()
    machine.simulator.say("mute 2")
    machine.simulator.hear("muted")
    machine.send(Stack())
    machine.expect_stacked(TWENTY)
    machine.driver.expect(CreditSettled)


def test_corrupt_answers_around_the_credit(machine):
    machine.escrow()
    machine.simulator.say("corrupt 3")
    machine.simulator.hear("corrupting")
    machine.send(Stack())
    machine.expect_stacked(TWENTY)
    machine.driver.expect(CreditSettled)
    machine.driver.expect_nothing_more()


def test_unplugged_and_back_as_a_new_terminal(machine, expect_ready):
    machine.simulator.say("unplug")
    assert machine.driver.expect(AcceptorLost).code is FaultCode.ACCEPTOR_MISSING
    machine.simulator.say("plug")
    expect_ready(machine.driver, vouches=True)
    machine.escrow()  # Enable is still in force


def test_unplugged_with_a_bill_in_escrow(machine):
    """Back before the device's patience of three seconds ends, the bill is offered anew."""
    machine.escrow()
    machine.simulator.say("unplug")
    machine.driver.expect(AcceptorLost)
    machine.simulator.say("plug")
    assert machine.driver.expect(BillEscrowed).bill == TWENTY
    machine.send(Stack())
    machine.expect_stacked(TWENTY)


def test_power_lost_in_escrow(machine, expect_ready):
    machine.escrow()
    machine.simulator.say("power off")
    machine.simulator.hear("power")
    machine.simulator.say("power on")
    assert machine.driver.expect(PoweredUp).found_bill == "acceptor"
    assert machine.driver.expect(BillReturned) == BillReturned(TWENTY)
    expect_ready(machine.driver, vouches=False)


def test_power_lost_before_the_lever_gives_the_bill_back(machine, expect_ready):
    machine.escrow()
    machine.send(Stack())
    machine.simulator.hear("stacking")
    machine.simulator.say("power off")
    machine.simulator.say("power on")
    found = machine.driver.expect(PoweredUp, after=(BillStacking,))
    assert found.found_bill == "acceptor"
    assert machine.driver.expect(BillReturned) == BillReturned(TWENTY)
    expect_ready(machine.driver, vouches=False)


def test_power_lost_past_the_lever_credits_after_it(machine, expect_ready):
    """Mute, so that the driver has not heard of the credit before the power goes."""
    machine.escrow()
    machine.send(Stack())
    machine.simulator.hear("stacking")
    machine.simulator.say("mute 1")
    machine.simulator.hear("credit_reported")
    machine.simulator.say("power off")
    machine.simulator.say("power on")
    found = machine.driver.expect(PoweredUp, after=(BillStacking,))
    assert found.found_bill == "stacker"
    machine.expect_stacked(TWENTY)
    machine.driver.expect(CreditSettled)
    expect_ready(machine.driver, vouches=False)
    machine.driver.expect_nothing_more()


def test_power_lost_between_credit_and_commit(machine, expect_ready):
    machine.driver.commits = False
    machine.escrow()
    machine.send(Stack())
    machine.expect_stacked(TWENTY)
    machine.simulator.say("power off")
    machine.send(AcknowledgeCredit())
    machine.simulator.say("power on")
    events = machine.driver.until_ready()
    assert [event for event in events if isinstance(event, BillStacked)] == []
    assert [event for event in events if isinstance(event, CreditSettled)] == [CreditSettled()]


def test_a_credit_found_by_a_restarted_driver(machine, expect_ready):
    machine.driver.commits = False
    machine.escrow()
    machine.send(Stack())
    machine.expect_stacked(TWENTY)
    machine.restart_driver()
    assert machine.driver.expect(BillStacked) == BillStacked(None)
    machine.driver.expect(CreditSettled)
    expect_ready(machine.driver, vouches=True)
    machine.driver.expect_nothing_more()


def test_a_bill_in_escrow_found_by_a_restarted_driver(machine):
    machine.escrow()
    machine.restart_driver()
    assert machine.driver.expect(BillEscrowed).bill == TWENTY
    machine.send(Stack())
    machine.expect_stacked(TWENTY)
