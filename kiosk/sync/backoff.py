"""How long to wait before the next attempt: doubling, bounded, with jitter so that a fleet spreads out."""

import random

FIRST_S = 0.5
LONGEST_S = 30.0


def wait_s(failures: int) -> float:
    """After `failures` failed attempts in a row (at least 1)."""
    longest_s = min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 16))
    return longest_s * random.uniform(0.5, 1.0)  # noqa: S311  # spreading, not secrecy
