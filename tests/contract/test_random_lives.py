"""Lives of a bill acceptor on a bad line, by seed: jams, cheats, cables, power cuts of either side, in any order."""

import random

import pytest

from acceptor_bench import PROTOCOLS, AcceptorBench
from drivers.bill_acceptor import events
from drivers.bill_acceptor.commands import AcknowledgeCredit, Enable, Return, Stack
from hardware_sim.link import LineFaults

A_BAD_LINE = LineFaults(lose=0.05, corrupt=0.05, split=0.1, delay_s=0.02)
BILLS = 8


def live(protocol: str, seed: int) -> AcceptorBench:
    """Eight bills and what happens to each; the books are held against the truth after every one."""
    chance = random.Random(seed)
    bench = AcceptorBench(protocol, A_BAD_LINE, seed)
    bench.until(events.AcceptorReady)
    bench.send(Enable())
    for _ in range(BILLS):
        bench.insert(chance.choice([20, 5]))
        if bench.find(20.0, events.BillEscrowed):
            bench.send(Stack() if chance.random() < 0.8 else Return())
            chance.choice([_nothing, _power, _cable, _restart, _mute, _jam, _cheat])(bench, chance)
        _attend(bench)
        bench.check()
    return bench


def _attend(bench: AcceptorBench) -> None:
    """Somebody with a key comes by, and clears what is jammed by then or jams late."""
    for _ in range(4):
        while bench.find(3.0, events.BillEscrowed):
            bench.send(Return())  # offered again after a power loss; the sale is over
        if bench.simulator.acceptor.jammed:
            bench.tell("clear")


def _nothing(_bench, _chance):
    pass


def _power(bench, chance):
    bench.find(chance.random() * 3)
    bench.tell("power off")
    bench.find(0.5)
    bench.tell("power on")


def _cable(bench, chance):
    bench.find(chance.random() * 3)
    bench.tell("unplug")
    bench.find(0.3)
    bench.tell("plug")


def _restart(bench, chance):
    bench.commits = False
    bench.find(chance.random() * 3)
    bench.restart_driver()
    bench.commits = True
    if bench.books.unsettled_minor:
        bench.send(AcknowledgeCredit())


def _mute(bench, chance):
    bench.tell(f"mute {chance.random() * 4:.2f}")


def _jam(bench, chance):
    bench.tell(chance.choice(["jam acceptor", "jam stacker"]))
    bench.find(6.0)
    bench.tell("clear")


def _cheat(bench, _chance):
    bench.tell("cheat")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_life(protocol, seed):
    live(protocol, seed)
