"""Processes killed at random while people buy: in the end the cashbox, the books and the payments agree.

    STATER_SEEDS=1-50 bin/test -m slow tests/flows/test_storm.py

The same seed strikes at the same moments; a failure prints it, and what happened when.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.bill_acceptor.protocols import PROTOCOLS
from reckoning import reckon
from stater_demo.desk import Desk
from storm import rage

SALES = 3
SALES_IN_A_LONG_STORM = 10


def seeds() -> Iterator[int]:
    """From the environment: 7, or 1-50."""
    first, _, last = os.environ.get("STATER_SEEDS", "1").partition("-")
    return iter(range(int(first), int(last or first) + 1))


def test_a_storm(desk: Desk) -> None:
    """Another one when it has blown every customer away: without a payment it proves little."""
    for seed in (1, 2, 3):
        rage(desk, seed, SALES, print)
        if reckon(desk).paid:
            return
    pytest.fail("nobody was paid in three storms")


@pytest.mark.slow
@pytest.mark.timeout(0)  # as long as the seeds take
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_long_storm(tmp_path: Path, protocol: str) -> None:
    with Desk(
        tmp_path, print, protocol=protocol, acceptor_speed=3.0, deadlines_s={"paying": 5.0}
    ) as desk:
        desk.start_screen(grab_dir=tmp_path / "grabbed")
        for seed in seeds():
            rage(desk, seed, SALES_IN_A_LONG_STORM, print)
            reckon(desk)
