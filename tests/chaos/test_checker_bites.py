"""The checker bites: break one rule of the product, and within two hundred lives it is found out."""

from functools import partial

import pytest

from broken_rules import live_with
from stater_chaos.crowd import live_all

SEEDS = range(1, 201)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("rule", "found_as"),
    [
        ("credit_at_escrow", "claimed"),
        ("act_before_write", "in no book"),
        ("forget_the_dedupe", "claimed"),
        ("forget_the_doubt", "returned"),
        ("pay_without_storing", "stored is"),
    ],
)
def test_a_broken_rule_is_found_out(rule, found_as):
    lives = live_all(SEEDS, life=partial(live_with, rule))
    violation = next((outcome.violation for outcome in lives if outcome.violation), None)
    lives.close()
    assert violation is not None
    assert found_as in violation
