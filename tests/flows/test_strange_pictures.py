"""Pictures that strangers hold up: the camera's picture goes on, the core answers, and the next customer is served.

The limits are those of a busy machine with two cores, far below what the watchdogs allow; `bin/bench scan --strange` has
the figures.
"""

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from drivers.scanner.picture import Picture
from hardware_sim.camera.field.code import Code, modules_of
from kiosk.screen_link.intents import CancelRequested, Intent, StartRequested
from kiosk.screen_link.preview import CameraFrame, preview_path, read_frame
from kiosk_flow import PATIENCE_S, Flow, S
from picture_stream import PictureStream
from processes import children_of
from stater_demo.desk import Desk
from stater_demo.scan_damage import damaged_codes
from stater_demo.scan_strange import STRANGE, in_a_frame

GAP_S_MAX = 3.0  # between two frames on their way to the screen
ANSWER_S_MAX = 5.0  # from a touch to its screen
FRAMES = 25  # of each scene: a second
FUZZED = 50


class Viewer:
    """Another screen: it reads the camera's picture all the time, and notes when there was a new one."""

    def __init__(self, socket: Path) -> None:
        self.frames = 0
        self.longest_gap_s = 0.0
        self._path = preview_path(socket)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def see(self, frames: int = FRAMES) -> None:
        enough, give_up_s = self.frames + frames, time.monotonic() + PATIENCE_S
        while self.frames < enough:
            assert time.monotonic() < give_up_s, f"{self.frames} of {enough} frames"
            time.sleep(0.01)

    def _watch(self) -> None:
        last: CameraFrame | None = None
        last_s = 0.0
        while not self._over.wait(0.005):
            frame, now_s = read_frame(self._path, last), time.monotonic()
            if frame is not None and frame is not last:
                last, last_s, self.frames = frame, now_s, self.frames + 1
            if self.frames:
                self.longest_gap_s = max(self.longest_gap_s, now_s - last_s)


@pytest.fixture(scope="module")
def stream(desk: Desk) -> Iterator[PictureStream]:
    """In the place of the desk's camera."""
    config = desk.folder / "kiosk.toml"
    written = config.read_text()
    with PictureStream([np.full((720, 1280), 128, np.uint8)]) as stream:
        restart(desk, re.sub('source = ".*"', f'source = "{stream.url}"', written))
        yield stream
        restart(desk, written)


def restart(desk: Desk, config: str) -> None:
    desk.cut_power()
    (desk.folder / "kiosk.toml").write_text(config)
    desk.start_core()


@pytest.fixture
def flow(desk: Desk, stream: PictureStream) -> Iterator[Flow]:
    stream.show([np.full((720, 1280), 128, np.uint8)])
    with closing(Flow(desk)) as flow:
        yield flow
        flow.go_home()


def code_of(text: str) -> Picture:
    light = np.pad(~modules_of(Code(text)), 4, constant_values=True)
    return in_a_frame(np.kron(light, np.full((8, 8), 255, np.uint8)), seed=1)


def answered_s(flow: Flow, wish: Intent, *states: S) -> float:
    touched_s = time.monotonic()
    flow.screen.touch(wish)
    flow.wait_for(*states)
    return time.monotonic() - touched_s


def is_served(flow: Flow, stream: PictureStream) -> None:
    assert flow.wait_for(S.SCANNING, S.CONFIRMING_WALLET).state is S.SCANNING
    address = flow.desk.phone.new_address()
    stream.show([code_of(f"bitcoin:{address}")])
    assert flow.wait_for(S.CONFIRMING_WALLET).address == address


def reader_of(desk: Desk) -> int:
    """The process that reads the pictures, which the kiosk's core has beside it."""
    give_up_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_s:
        for reader in [
            r for worker in children_of(desk.parts["kiosk-core"].pid) for r in children_of(worker)
        ]:
            return reader
        time.sleep(0.01)
    raise AssertionError("there is none")


def kill_worker(desk: Desk) -> None:
    """With its readers, of which any may be gone, and be replaced, by the time that it is looked at."""
    while True:
        with suppress(ProcessLookupError):
            os.killpg(os.getpgid(reader_of(desk)), signal.SIGKILL)
            return


def test_pictures_made_to_hold_up_the_reader(flow: Flow, stream: PictureStream) -> None:
    scenes = {name: [draw()] for name, draw in STRANGE.items()}
    scenes["damaged codes"] = [
        in_a_frame(code.picture, code.name) for code in damaged_codes(FUZZED, seed=2)
    ]
    answers_s = []
    for name, pictures in scenes.items():
        stream.show(pictures)
        flow.reach(S.SCANNING)
        with closing(Viewer(flow.desk.socket)) as viewer:
            viewer.see()
        shown = flow.screen.latest
        assert shown is not None
        assert (shown.state, shown.address) == (S.SCANNING, None), name
        answers_s.append(answered_s(flow, CancelRequested(), S.CANCELLED))
        flow.go_home()
        answers_s.append(answered_s(flow, StartRequested(), S.WARNING))
        assert viewer.longest_gap_s < GAP_S_MAX, name
    assert max(answers_s) < ANSWER_S_MAX, answers_s
    assert "a picture was not read: stalled" in flow.desk.parts["kiosk-core"].log.read_text()
    flow.reach(S.SCANNING)
    is_served(flow, stream)


@pytest.mark.parametrize("strike", [signal.SIGSTOP, signal.SIGKILL, signal.SIGPROF])
def test_reader_that_is_struck_in_the_middle_of_a_scan(
    flow: Flow, stream: PictureStream, strike: signal.Signals
) -> None:
    flow.reach(S.SCANNING)
    with closing(Viewer(flow.desk.socket)) as viewer:
        viewer.see()
        struck = reader_of(flow.desk)
        os.kill(struck, strike)
        while reader_of(flow.desk) == struck:
            viewer.see(1)
        viewer.see()
    assert viewer.longest_gap_s < GAP_S_MAX
    is_served(flow, stream)
    assert answered_s(flow, CancelRequested(), S.CANCELLED) < ANSWER_S_MAX


def test_process_beside_the_core_that_is_killed_again_and_again(
    flow: Flow, stream: PictureStream
) -> None:
    flow.reach(S.SCANNING)
    with closing(Viewer(flow.desk.socket)) as viewer:
        for _ in range(3):
            viewer.see()
            kill_worker(flow.desk)
        viewer.see()
    assert viewer.longest_gap_s < GAP_S_MAX
    is_served(flow, stream)
