import time

import numpy as np
import pytest

from hardware_sim.camera.scene import Lens
from hardware_sim.camera.stage import APPROACH_S, Showing, Stage

ADDRESS = "bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
LONG = (
    f"{ADDRESS}?amount=0.00188112&label=Corner%20Shop&message=Kiosk%20K-0042%20claim%20K7QX-92PA"
)

EMPTY = Stage()
HELD = Stage().show(Showing(ADDRESS), -APPROACH_S)
HELD_DARK = Stage().show(Showing(ADDRESS, dark=True), -APPROACH_S)
INSTANTS = [0.37 * number for number in range(12)]

SIZES = [(1280, 720), (960, 540), (640, 480)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("text", [ADDRESS, LONG], ids=["address", "long"])
def test_a_held_phone_is_read_in_the_vast_majority_of_frames(read, size, seed, text):
    lens, stage = Lens(size, seed), Stage().show(Showing(text), -APPROACH_S)
    texts = [read(lens.frame(stage, now_s)) for now_s in INSTANTS]

    assert texts.count([text]) >= 11


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "stage",
    [EMPTY, HELD.cover(covered=True), HELD.blur(-1.0), HELD.hide(-5.0)],
    ids=["empty", "covered", "out of focus", "gone"],
)
def test_nothing_is_read_where_there_is_nothing_to_read(read, stage, seed):
    lens = Lens((960, 540), seed)

    assert all(read(lens.frame(stage, now_s)) == [] for now_s in INSTANTS)


def test_dark_mode_is_light_on_dark_and_reads_only_inverted(read):
    frame = Lens().frame(HELD_DARK, 1.0)

    assert read(frame) == []
    assert read(255 - frame) == [ADDRESS]


def test_a_frame_depends_on_stage_time_and_seed_alone():
    def frame(seed, now_s):
        return Lens((640, 480), seed).frame(HELD, now_s)

    assert np.array_equal(frame(1, 2.5), frame(1, 2.5))
    assert not np.array_equal(frame(1, 2.5), frame(1, 2.6))
    assert not np.array_equal(frame(1, 2.5), frame(2, 2.5))


def test_a_still_shop_has_the_noise_of_a_sensor():
    one, other = (Lens((640, 480)).frame(EMPTY, now_s) for now_s in (1.0, 1.1))
    difference = np.abs(one.astype(int) - other.astype(int))

    assert 1 < difference.mean() < 6


def test_a_phone_that_moves_is_smeared(read):
    lens = Lens()
    arriving = Stage().show(Showing(ADDRESS), 0.0)
    fast_s = 0.65 * APPROACH_S  # past the middle of its way, the code in full view
    stopped = Stage(Showing(ADDRESS), presence=still_at(arriving.view(fast_s).presence))

    def edges(stage):
        frame = lens.frame(stage, fast_s).astype(int)
        return np.abs(np.diff(frame[300:], axis=0)).mean()

    assert edges(arriving) < 0.9 * edges(stopped)


def still_at(presence):
    return type(HELD.presence)(presence, presence)


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_held_phone_is_whole_in_the_picture(seed):
    lens = Lens((960, 540), seed)
    with_phone, without = (lens.frame(stage, 1.0).astype(int) for stage in (HELD, EMPTY))
    changed = np.abs(with_phone - without).max(axis=2) > 40
    rows, columns = (np.flatnonzero(changed.sum(axis=axis) > 5) for axis in (1, 0))

    assert rows[0] > 2
    assert columns[0] > 2
    assert columns[-1] < 960 - 3


def test_fifteen_frames_a_second_need_less_than_one_core():
    lens = Lens((1280, 720))
    lens.frame(HELD, 0.0)  # draws shop and phone, once
    begun = time.process_time()
    for now_s in INSTANTS:
        lens.frame(HELD, now_s)

    assert (time.process_time() - begun) / len(INSTANTS) < 1 / 15
