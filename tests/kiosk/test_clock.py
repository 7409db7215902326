"""The kiosk's UTC, on a system clock that is dead, jumps, or is merely a little off."""

import pytest

from kiosk.clock import CLOCK_OFF_MS_MAX, KioskClock
from kiosk_bench import HandClock

HOUR_MS = 3_600_000


@pytest.fixture
def system():
    return HandClock()


@pytest.fixture
def clock(system):
    return KioskClock(system)


def hear_central(clock, system):
    clock.central_said(system.true_ms(), system.monotonic_s())


def test_a_system_clock_that_can_be_right_is_believed(clock, system):
    assert clock.now_ms() == system.true_ms()
    assert not clock.compare().is_wrong


def test_a_dead_clock_goes_on_from_the_last_record(clock, system):
    system.utc_off_ms = -system.true_ms()  # 1970
    clock.recorded(system.true_ms() - HOUR_MS)
    system.seconds += 10
    assert clock.now_ms() == system.true_ms() - HOUR_MS
    system.seconds += 10
    assert clock.now_ms() == system.true_ms() - HOUR_MS
    assert clock.compare().is_wrong


def test_time_goes_on_at_its_pace_however_often_it_is_asked(clock, system):
    clock.recorded(system.true_ms())
    system.utc_off_ms = -HOUR_MS
    for _ in range(10_000):
        system.seconds += 0.0004
        clock.now_ms()
    assert clock.now_ms() == pytest.approx(system.true_ms(), abs=2)


def test_time_comes_right_when_the_system_is_told(clock, system):
    """By its time service, while central is away."""
    system.utc_off_ms = -system.true_ms()
    clock.recorded(system.true_ms() - HOUR_MS)
    system.utc_off_ms = 0
    assert clock.now_ms() == system.true_ms()
    assert not clock.compare().is_wrong


@pytest.mark.parametrize("off_ms", [-40 * 365 * 24 * HOUR_MS, -HOUR_MS, HOUR_MS])
def test_central_is_right_about_a_clock_that_is_far_off(clock, system, off_ms):
    system.utc_off_ms = off_ms
    clock.now_ms()
    hear_central(clock, system)
    system.seconds += 100
    assert clock.now_ms() == system.true_ms()
    compared = clock.compare()
    assert compared.is_wrong
    system.utc_off_ms = 0
    assert not clock.compare().is_wrong


def test_a_jump_while_it_runs_moves_no_record(clock, system):
    hear_central(clock, system)
    for off_ms in (HOUR_MS, -HOUR_MS, 0):
        system.seconds += 1
        system.utc_off_ms = off_ms
        assert clock.now_ms() == system.true_ms()


@pytest.mark.parametrize("off_ms", [-CLOCK_OFF_MS_MAX, CLOCK_OFF_MS_MAX])
def test_a_clock_that_is_a_little_off_is_the_systems_own_affair(clock, system, off_ms):
    hear_central(clock, system)
    system.utc_off_ms = off_ms
    assert clock.now_ms() == system.now_ms()
    assert not clock.compare().is_wrong


def test_a_small_step_back_is_waited_out(clock, system):
    hear_central(clock, system)
    system.utc_off_ms = 10_000
    before_ms = clock.now_ms()
    system.utc_off_ms = 0
    assert clock.now_ms() == before_ms
    system.seconds += 11
    assert clock.now_ms() == system.true_ms()


def test_both_times_are_told(clock, system):
    system.utc_off_ms = -system.true_ms() + 7_000
    hear_central(clock, system)
    assert clock.compare().detail == (
        "the system's clock says 1970-01-01 00:00:07 UTC, it is 2026-09-21 14:30:00 UTC"
    )
