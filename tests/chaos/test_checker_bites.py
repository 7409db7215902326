"""The checker bites: break one rule of the product, and within two hundred lives it is found out."""

from functools import partial

import pytest

from broken_rules import live_with
from stater_chaos.crowd import live_all

SEEDS = range(1, 201)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("rule", "found_as", "lately_by"),
    [
        ("credit_at_escrow", "claimed", 1),
        ("act_before_write", "in no book", 73),
        ("forget_the_dedupe", "claimed", 24),
        ("forget_the_doubt", "returned", 5),
        ("pay_without_storing", "stored is", 1),
    ],
)
def test_a_broken_rule_is_found_out(rule, found_as, lately_by):
    """The seed that found it lately is tried first; when the product changes it may be another."""
    seeds = sorted(SEEDS, key=lambda seed: seed != lately_by)
    lives = live_all(seeds, life=partial(live_with, rule))
    violation = next((outcome.violation for outcome in lives if outcome.violation), None)
    lives.close()
    assert violation is not None
    assert found_as in violation
