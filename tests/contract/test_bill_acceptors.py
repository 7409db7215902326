"""One contract for every protocol: what the driver says, held against where the bills physically are."""

import pytest

from acceptor_bench import PROTOCOLS, AcceptorBench, driver_of
from drivers.bill_acceptor import events
from drivers.bill_acceptor.commands import AcknowledgeCredit, Enable, Hold, Return, Stack
from drivers.bill_acceptor.events import AcceptorReady, BillStacked
from hardware_sim.link import LineFaults

A_REJECT_CODE = {"id003": "72", "ccnet": "61", "ebds": "", "ssp": "02", "cctalk": "02"}
BY_POWER = ["accepting", "escrowed", "stacking", "credit_reported", "stacked"]


@pytest.fixture(params=PROTOCOLS)
def protocol(request):
    return request.param


@pytest.fixture
def machine(protocol):
    return ready(AcceptorBench(protocol))


def ready(bench: AcceptorBench) -> AcceptorBench:
    assert events.Bill(2_000, "USD") in bench.until(AcceptorReady).denominations
    bench.send(Enable())
    return bench


def goes_on(machine: AcceptorBench) -> None:
    """Whatever happened, the next customer's bill is taken and credited."""
    before_minor = machine.check().credited_minor
    machine.escrow(5)
    machine.send(Stack())
    assert machine.check().credited_minor == before_minor + 500


def test_a_device_of_another_currency_takes_nothing(protocol):
    bench = AcceptorBench(protocol, currency="EUR")
    assert bench.until(events.AcceptorFault).code == "acceptor-currency"
    bench.send(Enable())
    bench.find(2.0)
    bench.tell("insert 20")
    assert bench.find(10.0, events.BillEscrowed) is None
    bench.tell("status")
    assert bench.reported[-1]["cashbox"]["total"] == 0


def test_accept(machine):
    machine.escrow()
    machine.send(Stack())
    assert machine.check().credited_minor == 2_000
    goes_on(machine)


def test_return(machine):
    machine.escrow()
    machine.send(Return())
    assert machine.check().returned_minor == 2_000
    goes_on(machine)


def test_reject(machine, protocol):
    machine.tell(f"reject {A_REJECT_CODE[driver_of(protocol)]}".strip())
    machine.insert(20)
    rejected = machine.until(events.BillRejected)
    assert not rejected.from_escrow
    assert rejected.vendor_code
    goes_on(machine)


@pytest.mark.parametrize("hold", [True, False])
def test_no_device_runs_out_of_patience_while_the_core_decides(machine, hold):
    machine.escrow()
    if hold:
        machine.send(Hold())
    assert machine.find(14.0 if hold else 8.0, events.BillReturned, events.BillRejected) is None
    machine.send(Stack())
    assert machine.check().credited_minor == 2_000


@pytest.mark.parametrize(
    ("position", "cleared"),
    [("acceptor", "clear"), ("stacker", "clear"), ("stacker", "clear into-cashbox")],
)
def test_jam(machine, position, cleared):
    if position == "acceptor":
        machine.tell("jam acceptor")
        machine.insert(20)
    else:
        machine.escrow()
        machine.tell("jam stacker")
        machine.send(Stack())
    machine.until(events.AcceptorFault)
    machine.tell(cleared)
    goes_on(machine)


def test_a_jam_on_the_way_back_out(machine):
    """The device gives up waiting, and the bill sticks before it is out: nobody has it back yet."""
    machine.escrow()
    machine.tell("jam acceptor")
    machine.send(Return())
    machine.until(events.AcceptorFault)
    assert machine.books.returned_minor == 0
    machine.tell("clear into-cashbox")
    goes_on(machine)


def test_a_bill_given_back_by_the_device_that_jams_before_it_is_out(machine):
    machine.escrow()
    machine.tell("jam acceptor")
    if machine.find(14.0, events.AcceptorFault) is None:  # it gave up on us, or held on for us
        machine.send(Return())
        machine.until(events.AcceptorFault)
    assert machine.books.returned_minor == 0
    machine.tell("clear into-cashbox")
    goes_on(machine)


def test_cheat(machine):
    machine.tell("cheat")
    machine.escrow()
    machine.send(Stack())
    machine.hear("cheated")
    assert machine.check().credited_minor == 0
    goes_on(machine)


def test_cashbox(machine):
    machine.tell("remove-cashbox")
    machine.until(events.CashboxRemoved)
    machine.tell("replace-cashbox")
    machine.until(events.CashboxReplaced)
    goes_on(machine)


def test_full_cashbox(machine):
    machine.tell("full")
    assert machine.until(events.AcceptorFault).code == "cashbox-full"


@pytest.mark.parametrize("seconds", [0.15, 0.5, 2.0])
def test_the_reply_to_the_decision_is_lost(machine, seconds):
    machine.escrow()
    machine.tell(f"mute {seconds}")
    machine.send(Stack())
    machine.check()
    goes_on(machine)


@pytest.mark.parametrize("seconds", [0.3, 2.0, 3.5])
def test_the_reply_with_the_credit_is_lost(machine, seconds):
    machine.escrow()
    machine.send(Stack())
    machine.hear("stacking")
    machine.tell(f"mute {seconds}")
    assert machine.check().credited_minor == 2_000


def test_corrupt_replies_around_the_credit(machine):
    machine.escrow()
    machine.tell("corrupt 3")
    machine.send(Stack())
    assert machine.check().credited_minor == 2_000


def test_the_credit_waits_for_the_commit_and_is_told_once(machine):
    machine.commits = False
    machine.escrow()
    machine.send(Stack())
    machine.until(BillStacked)
    assert machine.find(2.0, BillStacked, events.CreditSettled) is None
    machine.send(AcknowledgeCredit())
    assert machine.check().credited_minor == 2_000
    machine.commits = True
    goes_on(machine)


@pytest.mark.parametrize("phase", ["idle", "escrowed", "stacking", "credit_reported"])
def test_unplugged_and_back(machine, phase):
    if phase != "idle":
        machine.escrow()
    if phase in ("stacking", "credit_reported"):
        machine.send(Stack())
        machine.hear(phase)
    machine.tell("unplug")
    machine.until(events.AcceptorLost)
    machine.tell("plug")
    machine.check()
    goes_on(machine)


@pytest.mark.parametrize("phase", BY_POWER)
def test_power_loss_of_the_device(machine, phase):
    _reach(machine, phase)
    machine.tell("power off")
    machine.find(0.3)
    machine.tell("power on")
    machine.recover()
    goes_on(machine)


@pytest.mark.parametrize("phase", BY_POWER)
def test_power_loss_of_the_core(machine, phase):
    machine.commits = False
    _reach(machine, phase)
    machine.restart_driver()
    machine.commits = True
    machine.recover()
    goes_on(machine)


@pytest.mark.parametrize("phase", BY_POWER)
def test_power_loss_of_everything(machine, phase):
    machine.commits = False
    _reach(machine, phase)
    machine.tell("power off")
    machine.tell("power on")
    machine.restart_driver()
    machine.commits = True
    machine.recover()
    goes_on(machine)


def test_the_core_is_cut_off_between_commit_and_acknowledgement(machine):
    machine.commits = False
    machine.escrow()
    machine.send(Stack())
    machine.until(BillStacked)  # booked
    machine.restart_driver()
    machine.commits = True
    machine.recover()
    goes_on(machine)
    assert machine.books.credited_minor == 2_500


def _reach(machine: AcceptorBench, phase: str) -> None:
    if phase == "accepting":
        machine.insert(20)
        machine.find(0.4)
        return
    machine.escrow()
    if phase != "escrowed":
        machine.send(Stack())
        machine.hear(phase)


@pytest.mark.parametrize("how", ["single bytes", "late lumps"])
def test_a_line_that_splits_delays_and_lumps(protocol, how):
    machine = AcceptorBench(protocol)
    machine.cable.split = how == "single bytes"
    machine.cable.lump_s = 0.08 if how == "late lumps" else 0.0
    ready(machine)
    machine.escrow()
    machine.send(Stack())
    assert machine.check().credited_minor == 2_000


@pytest.mark.parametrize("seed", range(8))
def test_a_bad_line(protocol, seed):
    faults = LineFaults(lose=0.05, corrupt=0.05, split=0.1, delay_s=0.02)
    machine = ready(AcceptorBench(protocol, faults, seed))
    for _ in range(6):
        machine.insert(20)
        if machine.find(20.0, events.BillEscrowed) is not None:
            machine.send(Stack() if seed % 2 else Return())
        machine.check()
