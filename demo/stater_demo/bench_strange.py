"""What strangers may hold up, through the kiosk's own eye: does the picture on the screen go on, and is anything read that
nobody drew?

Beside it a screen reads the camera's picture from shared memory, in a process of its own.
"""

import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import patch

import numpy as np

from drivers.scanner import eye as eyes
from drivers.scanner.decoding.process import DecodingProcess
from drivers.scanner.eye import Eye
from drivers.scanner.pace import Pace
from drivers.scanner.seen import Seen
from kiosk.screen_link.preview import CameraFrame, preview_path, read_frame
from kiosk.screen_link.preview_writer import PreviewWriter
from stater_demo.bench_preview import CAMERA_FPS, started
from stater_demo.scan_damage import damaged_codes
from stater_demo.scan_readers import Picture
from stater_demo.scan_score import Say
from stater_demo.scan_strange import STRANGE, in_a_frame
from stater_demo.scan_trials import counted

EACH_FRAMES = 20  # looked at, of each strange picture
DAMAGED_SIZE = (480, 640)
_POLL_S = 0.005

Labelled = tuple[str | None, Picture]  # with the one text that may be read; None: any may


@dataclass(frozen=True)
class Shown:
    frames: int
    took_s: float
    longest_gap_s: float


class Film:
    """A camera that shows a picture for as long as one likes, and knows when it gave it."""

    def __init__(self) -> None:
        self.picture: Picture = np.zeros(DAMAGED_SIZE, np.uint8)
        self.given_s = 0.0
        self._pace = Pace(1 / CAMERA_FPS)

    def read(self) -> Picture:
        self._pace.wait()
        self.given_s = time.monotonic()
        return self.picture

    def skip(self) -> None:
        self._pace.wait()

    def expose(self, exposure_ms: float | None) -> None:
        pass

    def close(self) -> None:
        pass


def scan_strange(frames: int, seed: int, say: Say) -> None:
    say(
        f"A camera of {CAMERA_FPS} frames a second; each picture is shown until it has been looked at\n"
    )
    for name, draw in STRANGE.items():
        _run(name, [(None, draw())] * EACH_FRAMES, EACH_FRAMES, say)
    codes = damaged_codes(frames, seed)
    damaged = ((one.text, in_a_frame(one.picture, one.name, DAMAGED_SIZE)) for one in codes)
    _run("damaged codes", damaged, frames, say)


def _run(name: str, pictures: Iterable[Labelled], count: int, say: Say) -> None:
    film = Film()
    with DecodingProcess() as decoder, tempfile.TemporaryDirectory() as folder:
        path = preview_path(Path(folder) / "screen.sock")
        with (
            patch.object(eyes, "open_camera", lambda _source: film),
            patch.object(eyes, "open_decoder", lambda: decoder),
            closing(PreviewWriter(path)) as writer,
        ):
            screen = started(watch, path)
            screen.recv()  # it is there
            trial = Trial(film, Eye("film"), writer)
            trial.show(counted(pictures, count, name))
            screen.send("enough")
            shown: Shown = screen.recv()
    lost = ", ".join(f"{number:,} {why}" for why, number in decoder.lost.items()) or "none"
    say(
        f"{name}: {trial.looked_at:,} looked at, {trial.read:,} read, {len(trial.wrong)} wrong, lost: {lost}; "
        f"{shown.frames / shown.took_s:.1f} shown a second, longest gap {1000 * shown.longest_gap_s:.0f} ms; "
        f"longest turn of the scanner's thread {1000 * trial.longest_turn_s:.0f} ms"
    )
    for text in trial.wrong:
        say(f"WRONG: {text!r}")


class Trial:
    """The scanner's thread."""

    def __init__(self, film: Film, eye: Eye, writer: PreviewWriter) -> None:
        self.looked_at = self.read = 0
        self.wrong: list[str] = []
        self.longest_turn_s = 0.0
        self._film, self._eye, self._writer = film, eye, writer

    def show(self, pictures: Iterable[Labelled]) -> None:
        """What is seen was in the picture before, and then the next one is looked at."""
        self._turn()
        before: Labelled | None = None
        for labelled in chain(pictures, [(None, self._film.picture)]):
            self._film.picture = labelled[1]
            while (seen := self._turn()) is None:
                pass
            if before is not None:
                self._count(before[0], seen)
            before = labelled

    def _turn(self) -> Seen | None:
        view, seen = self._eye.look()
        self._writer.show(view)
        took_s = time.monotonic() - self._film.given_s
        self.longest_turn_s = max(self.longest_turn_s, took_s)
        return seen

    def _count(self, text: str | None, seen: Seen) -> None:
        self.looked_at += 1
        self.read += bool(seen.texts)
        self.wrong += [each for each in seen.texts if text not in (None, each)]


def watch(path: Path, parent: Connection) -> None:
    """Until told that it is enough."""
    parent.send("watching")
    last: CameraFrame | None = None
    frames, first_s, last_s, longest_gap_s = 0, 0.0, 0.0, 0.0
    while not parent.poll(_POLL_S):
        frame, now_s = read_frame(path, last), time.monotonic()
        if frame is not None and frame is not last:
            first_s = first_s or now_s
            longest_gap_s = max(longest_gap_s, now_s - (last_s or now_s))
            last, last_s, frames = frame, now_s, frames + 1
    parent.send(Shown(frames, last_s - first_s, longest_gap_s))
