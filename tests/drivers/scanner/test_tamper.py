"""Hours of an idle bay, on a clock of our own."""

from collections.abc import Callable

import numpy as np
import pytest

from drivers.faults import FaultCode
from drivers.scanner import tamper
from drivers.scanner.events import BayChecked
from drivers.scanner.picture import Picture
from drivers.scanner.tamper import BayWatch

MINUTE_S = 60.0
LEARNING_S = (tamper.LEARNT_LOOKS + 2) * tamper.LOOK_EVERY_S

COVERED = BayChecked(frozenset({FaultCode.CAMERA_COVERED}))
CODE = BayChecked(frozenset({FaultCode.CAMERA_CODE_IN_VIEW}))
MOVED = BayChecked(frozenset({FaultCode.CAMERA_MOVED}))
WELL = BayChecked(frozenset())


def scenery(seed: int) -> Picture:
    """Shelves of another shop."""
    dice = np.random.default_rng(seed)
    return np.kron(dice.integers(30, 220, (9, 16)), np.ones((4, 4))).astype(np.uint8)


SHOP, ELSEWHERE = scenery(1), scenery(2)


class Bay:
    def __init__(self) -> None:
        self.watch = BayWatch()
        self.now_s = 0.0
        self._dice = np.random.default_rng(3)

    def shows(
        self, picture: Picture | Callable[[], Picture], for_s: float, *, code: bool = False
    ) -> list[BayChecked]:
        """What is said in that time."""
        said: list[BayChecked] = []
        end_s = self.now_s + for_s
        while self.now_s < end_s:
            frame = picture() if callable(picture) else picture
            noisy = np.clip(frame + self._dice.normal(0, 4, frame.shape), 0, 255).astype(np.uint8)
            said += self.watch.look(self.now_s, noisy, code_in_view=code)
            self.now_s += tamper.LOOK_EVERY_S
        return said


@pytest.fixture
def bay() -> Bay:
    return Bay()


def test_sticker_is_said_once_and_its_end_too(bay: Bay) -> None:
    assert bay.shows(SHOP, MINUTE_S) == []
    assert bay.shows(SHOP, tamper.CODE_STAYS_S, code=True) == []
    assert bay.shows(SHOP, 10 * MINUTE_S, code=True) == [CODE]
    assert bay.shows(SHOP, MINUTE_S) == [WELL]


def test_phone_that_is_held_up_too_early_is_no_sticker(bay: Bay) -> None:
    for _ in range(5):
        assert bay.shows(SHOP, tamper.CODE_STAYS_S - 5, code=True) == []
        assert bay.shows(SHOP, 8.0) == []


def test_customer_between_two_glances_is_not_counted(bay: Bay) -> None:
    bay.shows(SHOP, tamper.CODE_STAYS_S - 2, code=True)
    bay.watch.interrupted()
    assert bay.shows(SHOP, tamper.CODE_STAYS_S - 2, code=True) == []


def test_sticker_stays_a_fault_over_an_interruption(bay: Bay) -> None:
    bay.shows(SHOP, 2 * tamper.CODE_STAYS_S, code=True)
    bay.watch.interrupted()
    assert bay.shows(SHOP, MINUTE_S, code=True) == []
    assert bay.shows(SHOP, MINUTE_S) == [WELL]


@pytest.mark.parametrize("shade", [0, 40, 250])
def test_covered_lens(shade: int, bay: Bay) -> None:
    bay.shows(SHOP, MINUTE_S)
    cover = np.full_like(SHOP, shade)
    assert bay.shows(cover, 2 * tamper.COVERED_STAYS_S) == [COVERED]
    assert bay.shows(SHOP, MINUTE_S) == [WELL]


def test_camera_that_looks_elsewhere_has_been_moved(bay: Bay) -> None:
    bay.shows(SHOP, LEARNING_S)
    assert bay.shows(ELSEWHERE, tamper.MOVED_STAYS_S) == []
    assert bay.shows(ELSEWHERE, 10 * MINUTE_S) == [MOVED]
    assert bay.shows(SHOP, MINUTE_S) == [WELL]


def test_people_who_come_and_go_have_not_moved_it(bay: Bay) -> None:
    people = iter(range(100, 10**6))
    bay.shows(SHOP, LEARNING_S)
    for _ in range(10):
        assert bay.shows(lambda: scenery(next(people)), 10 * MINUTE_S) == []
        assert bay.shows(SHOP, MINUTE_S) == []


def test_daylight_goes_and_lamps_come(bay: Bay) -> None:
    bay.shows(SHOP, LEARNING_S)
    assert bay.shows((SHOP * 0.3).astype(np.uint8), 30 * MINUTE_S) == []


def test_shelves_that_change_little_by_little_are_the_usual_ones(bay: Bay) -> None:
    bay.shows(SHOP, LEARNING_S)
    for share in np.linspace(0, 1, 20):
        now = (SHOP * (1 - share) + ELSEWHERE * share).astype(np.uint8)
        assert bay.shows(now, 15 * MINUTE_S) == []


def test_what_stands_there_at_the_start_is_not_taken_for_the_usual(bay: Bay) -> None:
    bay.shows(ELSEWHERE, LEARNING_S / 2)
    assert bay.shows(SHOP, 30 * MINUTE_S) == []


@pytest.mark.parametrize(
    ("away_s", "there_s"), [(30.0, 30.0), (MINUTE_S, 7 * MINUTE_S), (15 * MINUTE_S, MINUTE_S)]
)
def test_fault_that_comes_and_goes_all_day_is_not_told_all_day(
    away_s: float, there_s: float, bay: Bay
) -> None:
    """An advertisement whose code is shown by turns; a door that stands open."""
    bay.shows(SHOP, LEARNING_S)
    told = 0
    while bay.now_s < LEARNING_S + 24 * 60 * MINUTE_S:
        told += len(bay.shows(ELSEWHERE, there_s, code=True)) + len(bay.shows(SHOP, away_s))
    assert told < 300
    bay.shows(SHOP, tamper.LONGEST_AWAY_S + MINUTE_S)
    assert bay.shows(ELSEWHERE, 10 * MINUTE_S, code=True)[0] == CODE  # it was over


def test_fault_of_yesterday_makes_nobody_wait_today(bay: Bay) -> None:
    for _ in range(5):
        bay.shows(SHOP, tamper.RELAPSE_S + MINUTE_S)
        assert bay.shows(SHOP, MINUTE_S, code=True) == [CODE]
        assert bay.shows(SHOP, 2 * tamper.FLICKER_S) == [WELL]


def test_people_before_the_usual_view_do_not_hold_a_fault(bay: Bay) -> None:
    bay.shows(SHOP, LEARNING_S)
    bay.shows(ELSEWHERE, 10 * MINUTE_S)
    people = iter(range(200, 10**6))

    def crowd() -> Picture:
        seen = SHOP.copy()
        seen[:, 20:40] = scenery(next(people))[:, 20:40]
        return seen

    assert bay.shows(crowd, 5 * MINUTE_S) == [WELL]
