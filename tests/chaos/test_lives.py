"""Lives of the whole system, by seed: no banknote is lost, no coin is paid twice, nothing waits for ever."""

import pytest

from stater_chaos.crowd import Tally, live_all
from stater_chaos.life import live
from stater_chaos.mischief import KINDS

LIVES = 40
MORE_LIVES = 300

pytestmark = pytest.mark.timeout(600)


def live_them(seeds: range) -> Tally:
    tally = Tally()
    for outcome in live_all(seeds):
        assert outcome.violation is None, "\n".join([f"seed {outcome.seed}", *outcome.story])
        tally.add(outcome)
    return tally


def test_no_rule_is_broken_in_any_life():
    tally = live_them(range(1, LIVES + 1))
    assert set(tally.injected) == set(KINDS), "every trouble came"
    assert tally.sales_with_cash >= LIVES
    assert tally.crashes >= LIVES


@pytest.mark.slow
def test_no_rule_is_broken_in_more_lives():
    live_them(range(LIVES + 1, MORE_LIVES + 1))


def test_a_seed_tells_the_same_story_again():
    [there] = live_all([5], workers=1)
    [again] = live_all([5], workers=1)
    assert there == again
    assert len(there.story) > 20


def test_different_seeds_tell_different_stories():
    assert live(1).story != live(2).story
