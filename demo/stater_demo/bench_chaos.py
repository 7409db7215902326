"""`bin/bench chaos`: thousands of lives of the whole system, by seed, and whether a banknote was lost in one."""

import time
from collections.abc import Callable

from stater_chaos.crowd import Tally, live_all
from stater_demo.problem import DemoProblem

TELL_EVERY_S = 10.0


def run(seeds: range, tell: Callable[[str], None]) -> None:
    """Raises DemoProblem when a rule was broken in one of them."""
    tally, began_s, told_s = Tally(), time.monotonic(), time.monotonic()
    for outcome in live_all(seeds):
        tally.add(outcome)
        if outcome.violation is not None:
            tell(f"seed {outcome.seed}: {outcome.violation}")
        if time.monotonic() - told_s >= TELL_EVERY_S:
            told_s = time.monotonic()
            tell(
                f"{tally.lives} of {len(seeds)} lives, {tally.sales} sales, {told_s - began_s:.0f} s"
            )
    _sum_up(tally, time.monotonic() - began_s, tell)
    if tally.violations:
        worst = tally.violations[0].seed
        raise DemoProblem(
            f"{len(tally.violations)} lives broke a rule; the story of one: bin/bench chaos --tell {worst}"
        )


def tell_story(seed: int, tell: Callable[[str], None]) -> None:
    """Raises DemoProblem when a rule was broken."""
    [outcome] = live_all([seed], workers=1)
    for line in outcome.story:
        tell(line)
    if outcome.violation is not None:
        raise DemoProblem(outcome.violation)
    tell("No rule was broken.")


def _sum_up(tally: Tally, seconds: float, tell: Callable[[str], None]) -> None:
    tell(f"lives       {tally.lives:>9}  (of {tally.world_s / 3600:.0f} hours in all)")
    tell(f"sales       {tally.sales:>9}  ({tally.sales / seconds * 60:.0f} a minute)")
    tell(f"  with cash {tally.sales_with_cash:>9}")
    tell(f"crashes     {tally.crashes:>9}")
    tell(f"checks      {tally.checks:>9}")
    tell(f"faults      {tally.injected.total():>9}")
    for kind, count in tally.injected.most_common():
        tell(f"  {kind:<32} {count:>7}")
    tell(f"seconds     {seconds:>9.0f}")
    tell(f"violations  {len(tally.violations):>9}")
