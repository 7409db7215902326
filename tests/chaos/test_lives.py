"""Lives of the whole system, by seed: no banknote is lost, no coin is paid twice, nothing waits for ever."""

import pytest

from stater_chaos.crowd import Tally, live_all
from stater_chaos.life import live
from stater_chaos.mischief import KINDS

LIVES = 200

pytestmark = pytest.mark.timeout(600)


def test_no_rule_is_broken_in_any_life():
    tally = Tally()
    for outcome in live_all(range(1, LIVES + 1)):
        assert outcome.violation is None, "\n".join([f"seed {outcome.seed}", *outcome.story])
        tally.add(outcome)
    assert set(tally.injected) == set(KINDS), "every trouble came"
    assert tally.sales_with_cash >= LIVES
    assert tally.crashes >= LIVES


def test_a_seed_tells_the_same_story_again():
    [there] = live_all([5], workers=1)
    [again] = live_all([5], workers=1)
    assert there == again
    assert len(there.story) > 20


def test_different_seeds_tell_different_stories():
    assert live(1).story != live(2).story
