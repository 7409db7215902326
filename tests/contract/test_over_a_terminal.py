"""Every protocol once over a real pseudo-terminal, the simulator in a process of its own."""

import pytest

from acceptor_bench import PROTOCOLS, driver_of
from drivers.bill_acceptor.commands import Enable, Stack
from drivers.bill_acceptor.events import (
    AcceptorLost,
    AcceptorReady,
    Bill,
    BillAccepting,
    BillEscrowed,
    BillStacked,
    BillStacking,
    CreditSettled,
    PoweredUp,
)

TWENTY = Bill(2_000, "USD")


OTHER_FORMS = {"ssp-basic", "cctalk-crc16"}  # of a protocol that is tried here anyway


@pytest.mark.timeout(90)
@pytest.mark.parametrize(
    "protocol",
    [pytest.param(p, marks=pytest.mark.slow) if p in OTHER_FORMS else p for p in PROTOCOLS],
)
def test_a_bill_is_credited_and_the_plug_pulled_and_put_back(new_simulator, new_driver, protocol):
    simulator = new_simulator(protocol)
    simulator.hear("ready")
    driver = new_driver(simulator, driver_of(protocol))
    driver.expect(AcceptorReady, after=(PoweredUp,))
    driver.acceptor.send(Enable())
    for _ in range(2):
        simulator.insert(20)
        assert driver.expect(BillEscrowed, after=(BillAccepting,)).bill == TWENTY
        driver.acceptor.send(Stack())
        assert driver.expect(BillStacked, after=(BillStacking,)).bill == TWENTY
        driver.expect(CreditSettled)
        simulator.hear("stacked")
        simulator.say("unplug")
        driver.expect(AcceptorLost)
        simulator.say("plug")
        driver.expect(AcceptorReady)
