"""Each condition does to a frame what it says, and to the next frame too."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from hardware_sim.camera.field import CONDITIONS, Case, field_cases
from hardware_sim.camera.field.pose import landed, pose
from hardware_sim.camera.phone import CODE_MIDDLE, module_dots

VGA = (640, 480)


@lru_cache(maxsize=64)
def case(condition, severity=3):
    return next(field_cases(4, 1, [condition], [severity], [VGA]))


def code_area(condition, severity=3, number=0):
    return area(case(condition, severity), number)


@lru_cache(maxsize=64)
def area(case: Case, number=0):
    """The square about the code's middle, half as wide as the code."""
    half = round(case.module_px * (17 + 4 * case.version) / 4)
    frame = case.frame(number).astype(int)
    onto = pose(case.shot(number)).onto
    x, y = landed(onto, np.array([CODE_MIDDLE], float))[0].round().astype(int)
    return frame[y - half : y + half, x - half : x + half]


def test_the_same_seed_gives_the_same_field_and_another_another():
    def frame(seed):
        return next(field_cases(seed, 1, ["three at once"], [2], [VGA])).frame(3)

    assert np.array_equal(frame(1), frame(1))
    assert not np.array_equal(frame(1), frame(2))


def test_more_cases_leave_the_first_as_they_are():
    few, many = (list(field_cases(1, each, ["glare"], [1], [VGA])) for each in (1, 3))
    assert (few, len(many)) == (many[:1], 3)


def test_every_condition_has_its_severities():
    cases = list(field_cases(1, sizes=[VGA], severities=[1, 3]))
    assert len(cases) == len(CONDITIONS) * 2
    assert len({each.name for each in cases}) == len(cases)


@pytest.mark.parametrize("size", [VGA, (1280, 720)])
def test_the_whole_code_is_in_the_frame_whatever_the_angle(size):
    for each in field_cases(2, 2, ["clean", "rotation", "tilt", "moire"], [3], [size]):
        half = (17 + 4 * each.version) / 2 * module_dots(17 + 4 * each.version)
        corners = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
        for number in (0, 9, 20):
            points = landed(pose(each.shot(number)).onto, corners + CODE_MIDDLE)
            assert (points > 0).all(), each.name
            assert (points < size).all(), each.name


def test_frames_of_a_sequence_differ_by_more_than_noise():
    quiet = replace(case("clean"), made=replace(case("clean").made, electrons=1e9))
    apart = np.abs(area(quiet, 0) - area(quiet, 7)).mean()
    assert apart > 5  # the hand trembles


def test_bars_are_dark_rows_that_roll():
    first, *later = (code_area("banding", number=number).mean(axis=1) for number in (0, 2, 4))
    plain = replace(case("banding"), made=replace(case("banding").made, flicker=None))
    steady = area(plain).mean(axis=1)
    assert (first / steady).min() < 0.5 * (first / steady).max()
    assert max(np.abs(first - each).max() for each in later) > 0.3 * first.max()


def test_glare_saturates_a_part_and_wanders():
    without = replace(case("glare"), made=replace(case("glare").made, glare=0.0))
    dark = area(without) < 128
    drowned = [dark & (code_area("glare", number=number) > 250) for number in (0, 12)]
    assert all(0.02 * dark.sum() < each.sum() < 0.8 * dark.sum() for each in drowned[:1])
    assert (drowned[0] ^ drowned[1]).any()
    assert not (dark & (area(without) > 250)).any()


def test_moire_beats_slower_than_the_pixels_it_comes_from():
    with_grid = case("moire")
    bare = replace(with_grid, made=replace(with_grid.made, grid=None))
    beats = area(with_grid) - area(bare)
    strength = np.abs(np.fft.rfft2(beats - beats.mean()))
    row, column = np.unravel_index(strength.argmax(), strength.shape)
    cycles_per_px = np.hypot(min(row, len(beats) - row), column) / len(beats)
    assert beats.std() > 10
    # a little more than one dot for a pixel is seen as waves of the little more, in one direction or both
    assert cycles_per_px == pytest.approx(with_grid.made.grid.dots_per_px - 1, abs=0.06)


def test_dark_mode_is_light_on_dark():
    assert code_area("dark mode").mean() < 128 < code_area("clean").mean() + 40


def test_a_dim_screen_is_darker_than_the_shop_and_a_blooming_one_saturates():
    assert np.percentile(code_area("dim screen"), 95) < 128
    assert (code_area("bloom") == 255).mean() > 0.3
    assert code_area("bloom").min() > code_area("clean").min() + 40  # black is no more black


def test_blurs_take_the_edges():
    def edges(each):
        return np.abs(np.diff(area(each), axis=1)).mean()

    for condition, name in (("defocus", "defocus_modules"), ("motion blur", "smear_modules")):
        sharp = replace(case(condition), made=replace(case(condition).made, **{name: 0.0}))
        assert edges(case(condition)) < 0.8 * edges(sharp)


def test_a_finger_or_a_crack_takes_modules_and_leaves_enough():
    hurt = case("part covered")
    whole = replace(hurt, made=replace(hurt.made, finger=0.0, cracks=0))
    apart = np.abs(hurt.frame().astype(int) - whole.frame())
    assert (apart > 40).sum() > 0.04 * (hurt.module_px * (17 + 4 * hurt.version)) ** 2
    assert hurt.is_readable()


def test_small_modules_are_as_small_as_they_say():
    assert case("small modules").module_px == pytest.approx(1.7, rel=0.05)
    assert case("tilt").module_px < 0.9 * case("tilt").made.module_px


def test_readable_is_a_matter_of_what_the_frames_hold():
    smeared = replace(case("clean"), made=replace(case("clean").made, smear_modules=5.0))
    tiny = replace(case("clean"), made=replace(case("clean").made, module_px=1.3))
    assert case("clean").is_readable()
    assert not smeared.is_readable()
    assert not tiny.is_readable()


def test_bars_that_roll_leave_the_code_readable_over_several_frames():
    barred = replace(
        case("banding"),
        made=replace(
            case("banding").made,
            flicker=replace(case("banding").made.flicker, hz=247.0, lit=0.4, exposure_s=1e-3),
        ),
    )
    assert not barred.is_readable()
    assert barred.is_readable(range(8))
