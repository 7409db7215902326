"""Many lives, on all cores, and what they add up to."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
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


def live_all(seeds: Iterable[int], workers: int | None = None) -> Iterator[Outcome]:
    """In the order in which they end. A worker's sets are in the same order as any other's: the same seed
    tells the same story in every process."""
    os.environ["PYTHONHASHSEED"] = "0"
    pool = ProcessPoolExecutor(
        workers or os.cpu_count(),
        mp_context=get_context("spawn"),
        max_tasks_per_child=LIVES_OF_A_WORKER,
    )
    with pool:
        lives = [pool.submit(live, seed) for seed in seeds]
        try:
            for ended in as_completed(lives):
                yield ended.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
