"""The core, the driver and the device together, for every protocol: an open intent is met exactly once.

Core, journal and driver are the product's; device, wire, clock and power are in the test's hand.
"""

import pytest

from acceptor_bench import PROTOCOLS, AcceptorBench
from drivers.bill_acceptor import events
from kiosk.screen_link import intents
from kiosk.session.events import Event
from kiosk_bench import Bench


class Kiosk(AcceptorBench):
    """An acceptor bench whose events the real core decides; the books are the journal's."""

    def __init__(self, protocol: str, core: Bench) -> None:
        self.core = core
        super().__init__(protocol)

    def step(self) -> list[Event]:
        self.core.clock.seconds = self.clock.now_s
        happened = super().step()
        for event in happened:
            self.core.send(event)
        self.pass_on()
        self.core.core.tick()
        self.pass_on()
        return happened

    def send(self, command) -> None:
        """The bench's own wishes are not asked for: the core commands."""

    def pass_on(self) -> None:
        commands, self.core.ports.acceptor = self.core.ports.acceptor, []
        for command in commands:
            self.driver.send(command)

    def touch(self, *wishes: intents.Intent) -> None:
        self.core.send(*wishes)
        self.pass_on()

    def come_to_the_slot(self) -> None:
        self.core.prepare()
        self.pass_on()

    def cut_core(self) -> None:
        self.core.restart(ready=False)
        self.connect()
        self.pass_on()

    def settle(self) -> None:
        """Until the journal has an end for every bill and the machine is empty."""
        give_up_s = self.clock.now_s + 200
        while self.clock.now_s < give_up_s:
            self.step()
            is_open = self.core.core.memory.transit is not None
            if not is_open and self.simulator.acceptor.bill is None:
                break
        self.find(2.0)

    def check(self):
        """The journal against the truth."""
        self.settle()
        self.tell("status")
        in_box_minor = self.reported[-1]["cashbox"]["total"] * 100
        journal = self.core.store.cash_equation()
        sure_minor = journal.credited_minor + journal.unattributed_minor
        assert journal.holds
        assert journal.in_transit_minor == 0, (journal, self.said[-10:])
        assert sure_minor <= in_box_minor <= sure_minor + journal.disputed_minor, journal
        return journal


@pytest.fixture(params=PROTOCOLS)
def kiosk(request, tmp_path):
    core = Bench(tmp_path)
    kiosk = Kiosk(request.param, core)
    core.start(ready=False)
    kiosk.pass_on()
    kiosk.until(events.AcceptorReady)
    kiosk.come_to_the_slot()
    yield kiosk
    core.store.close()


def insert_until(kiosk: Kiosk, phase: str) -> None:
    kiosk.insert(20)
    if phase == "inserting":
        kiosk.find(0.4)
    else:
        kiosk.hear(phase)


PHASES = ["inserting", "escrowed", "stacking", "credit_reported", "stacked"]


def test_a_bill_is_credited_once(kiosk):
    kiosk.insert(20)
    kiosk.hear("stacked")
    assert kiosk.check().credited_minor == 2_000
    kiosk.insert(5)
    kiosk.hear("stacked")
    assert kiosk.check().credited_minor == 2_500


def test_a_bill_over_the_limit_goes_back(kiosk):
    """The limit is 200."""
    for value in (100, 50):
        kiosk.insert(value)
        kiosk.hear("stacked")
        kiosk.settle()
    kiosk.insert(100)
    kiosk.hear("returned")
    journal = kiosk.check()
    assert (journal.credited_minor, journal.returned_minor) == (15_000, 10_000)
    assert kiosk.core.screen.notice.amount_minor == 5_000


@pytest.mark.parametrize("phase", PHASES)
def test_the_core_is_cut_off(kiosk, phase):
    insert_until(kiosk, phase)
    kiosk.cut_core()
    kiosk.until(events.AcceptorReady)
    kiosk.check()


@pytest.mark.parametrize("phase", PHASES)
def test_the_device_loses_its_power(kiosk, phase):
    insert_until(kiosk, phase)
    kiosk.tell("power off")
    kiosk.find(0.5)
    kiosk.tell("power on")
    kiosk.find(20.0, events.AcceptorReady)  # not said where a device shows no trace of it
    kiosk.check()
    before_minor = kiosk.core.store.cash_equation().inserted_minor
    if kiosk.core.state == "inserting":
        kiosk.insert(5)
        kiosk.hear("stacked")
        assert kiosk.check().inserted_minor == before_minor + 500


@pytest.mark.parametrize("phase", PHASES)
def test_everything_loses_its_power(kiosk, phase):
    insert_until(kiosk, phase)
    kiosk.tell("power off")
    kiosk.tell("power on")
    kiosk.cut_core()
    kiosk.until(events.AcceptorReady)
    kiosk.check()


@pytest.mark.parametrize("phase", ["escrowed", "stacking", "credit_reported"])
def test_the_cable_is_pulled(kiosk, phase):
    insert_until(kiosk, phase)
    kiosk.tell("unplug")
    kiosk.until(events.AcceptorLost)
    kiosk.tell("plug")
    kiosk.check()


def test_a_jam_in_the_stacker_ends_as_disputed(kiosk):
    kiosk.tell("jam stacker")
    kiosk.insert(20)
    kiosk.until(events.AcceptorFault)
    assert kiosk.core.state == "jammed"
    kiosk.tell("clear")
    journal = kiosk.check()
    assert (journal.credited_minor, journal.disputed_minor) == (0, 2_000)
