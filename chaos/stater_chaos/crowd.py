"""Many lives, on all cores, and what they add up to."""

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from multiprocessing import get_context

from stater_chaos.life import Outcome, live

LIVES_OF_A_WORKER = 100  # then it makes place for a fresh one


@dataclass
class Tally:
    """Of all lives so far."""

    lives: int = 0
    sales: int = 0
    sales_with_cash: int = 0
    crashes: int = 0
    checks: int = 0
    world_s: float = 0.0
    injected: Counter[str] = field(default_factory=Counter)
    violations: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.lives += 1
        self.sales += outcome.sales
        self.sales_with_cash += outcome.sales_with_cash
        self.crashes += outcome.crashes
        self.checks += outcome.checks
        self.world_s += outcome.seconds
        self.injected += outcome.injected
        if outcome.violation is not None:
            self.violations.append(outcome)


def live_all(
    seeds: Iterable[int], workers: int | None = None, life: Callable[[int], Outcome] = live
) -> Generator[Outcome]:
    """In the order in which they end. A worker's sets are in the same order as any other's: the same seed
    tells the same story in every process."""
    os.environ["PYTHONHASHSEED"] = "0"
    with get_context("spawn").Pool(workers, maxtasksperchild=LIVES_OF_A_WORKER) as pool:
        yield from pool.imap_unordered(life, seeds)
