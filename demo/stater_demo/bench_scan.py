"""What reads a wallet's QR code, and how fast: our cascade beside the libraries it is made of and a named reference.

Three materials: kiosk frames as the field has them (`hardware_sim.camera.field`), a folder of photographs, and damaged codes,
of which nobody may read a wrong text. Each picture goes to every reader in the same run, one after the other.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from drivers.scanner.opencv import cv2
from hardware_sim.camera.field import CONDITIONS, FRAMES, SEVERITIES, SIZES, Case, field_cases
from hardware_sim.camera.scene import Lens
from hardware_sim.camera.stage import Stage
from stater_demo.scan_damage import damaged_codes
from stater_demo.scan_opencv import LIMIT_S
from stater_demo.scan_photos import Photo, photos_in
from stater_demo.scan_readers import (
    Picture,
    Reader,
    opencv_readers,
    product_readers,
)
from stater_demo.scan_score import (
    Say,
    Score,
    Scores,
    is_among,
    joined,
    say_by_kind,
    say_scores,
    say_wrong,
)
from stater_demo.scan_trials import ask_all, counted, timed, watch_all

_EMPTY_SIZES = ((640, 480), (1280, 720), (1920, 1080))


def scan_field(
    cases: int, seed: int, say: Say, *, conditions: Sequence[str] = (), quick: bool
) -> None:
    """Generated frames, first as single pictures, then as two seconds of film."""
    severities, sizes = ((2,), SIZES[:1]) if quick else (SEVERITIES, SIZES)
    chosen = list(field_cases(seed, cases, conditions or CONDITIONS, severities, sizes))
    with _readers(quick=quick) as readers:
        _scan_single(chosen, readers, say)
        _scan_films(chosen, readers, say)
        _time_empty(readers, 2 if quick else 10, say)


def scan_photos(folder: Path, say: Say, *, quick: bool) -> None:
    """Raises DemoProblem."""
    photos = photos_in(folder)
    with _readers(quick=quick) as readers:
        if all(photo.expected for photo in photos):
            _scan_told(photos, readers, say)
        else:
            _scan_untold(photos, readers, say)
        _time_empty(readers, 2 if quick else 10, say)


def scan_damaged(count: int, seed: int, say: Say) -> None:
    """OpenCV's detectors stay out: this is about what may run in a kiosk."""
    readers = product_readers()
    scores = {reader.name: Score() for reader in readers}
    for code in counted(damaged_codes(count, seed), count, "damaged codes"):
        before = {name: len(score.wrong) for name, score in scores.items()}
        ask_all(readers, code.picture, (code.text,), scores)
        for name, score in scores.items():
            for text in score.wrong[before[name] :]:
                say(f"WRONG: {name} read {text!r} ({code.name})")
    say(f"\n{count:,} damaged codes: patches overwritten, inverted, moved\n")
    say_scores(scores, say, read="still read")


def _scan_single(cases: list[Case], readers: list[Reader], say: Say) -> None:
    kinds: dict[str, Scores] = {}
    readable: dict[str, int] = {}
    for case in counted(cases, len(cases), "single pictures"):
        scores = kinds.setdefault(case.condition, {reader.name: Score() for reader in readers})
        ask_all(readers, case.frame(), (case.text,), scores)
        readable[case.condition] = readable.get(case.condition, 0) + case.is_readable()
    say("\nSingle pictures. Readable: the pixels hold it, by the rule of the field's generator.\n")
    say_by_kind(kinds, say, readable)
    say("")
    _say_total(kinds, readers, say, read="pictures read")


def _scan_films(cases: list[Case], readers: list[Reader], say: Say) -> None:
    kinds: dict[str, Scores] = {}
    readable: dict[str, int] = {}
    for case in counted(cases, len(cases), "films"):
        scores = kinds.setdefault(case.condition, {reader.name: Score() for reader in readers})
        watch_all(case, readers, scores)
        readable[case.condition] = readable.get(case.condition, 0) + case.is_readable(
            range(FRAMES)
        )
    say("\nTwo seconds of film. Read: some frame gave the text; a reader stops there.\n")
    say_by_kind(kinds, say, readable)
    say("")
    scores = _say_total(kinds, readers, say, read="films read")
    looks = (
        f"{name} {len(score.spent_ms) / score.pictures:.1f}" for name, score in scores.items()
    )
    say("\nFrames until it read, or all: " + ", ".join(looks))


def _scan_told(photos: list[Photo], readers: list[Reader], say: Say) -> None:
    kinds: dict[str, Scores] = {}
    for photo in counted(photos, len(photos), "photographs"):
        scores = kinds.setdefault(photo.kind, {reader.name: Score() for reader in readers})
        ask_all(readers, photo.picture(), photo.expected, scores)
    say("\nPhotographs. Wrong: a text that nobody wrote down, be it misread or forgotten.\n")
    say_by_kind(kinds, say)
    say("")
    _say_total(kinds, readers, say, read="pictures read")


def _scan_untold(photos: list[Photo], readers: list[Reader], say: Say) -> None:
    """Without truths: what is read at all, and whether others read the same."""
    scores = {reader.name: Score() for reader in readers}
    read_by = {reader.name: 0 for reader in readers}
    for photo in counted(photos, len(photos), "photographs"):
        found = {
            each.name: timed(each.read, photo.picture(), scores[each.name]) for each in readers
        }
        for name, texts in found.items():
            others = [text for other in found if other != name for text in found[other]]
            agreed = any(is_among(text, others) for text in texts)
            read_by[name] += bool(texts)
            scores[name].pictures += 1
            scores[name].read += agreed
            if texts and others and not agreed:
                say(f"{photo.path.name}: {name} read {texts[0]!r}, and others {others[0]!r}")
    say(f"\n{len(photos)} photographs of which nobody says what they hold.\n")
    say_scores(scores, say, read="read alike")
    say("\nRead at all: " + ", ".join(f"{name} {count}" for name, count in read_by.items()))


def _say_total(kinds: dict[str, Scores], readers: list[Reader], say: Say, *, read: str) -> Scores:
    scores = joined(kinds.values())
    say_scores(scores, say, read=read)
    say_wrong(scores, say)
    for reader in readers:
        if reader.stopped():
            say(f"pictures so far that held {reader.name} for {LIMIT_S:g} s: {reader.stopped()}")
    return scores


def _time_empty(readers: list[Reader], frames: int, say: Say) -> None:
    """The common frame: a shop, and no code."""
    say(
        f"\n{'A frame without a code, median ms':<34}"
        + _row([f"{w}x{h}" for w, h in _EMPTY_SIZES])
    )
    looks = [(reader.name, reader.read) for reader in readers]
    looks += [(f"{each.name}, in a film", each.watching()) for each in readers if each.watch]
    times: dict[str, list[float]] = {name: [] for name, _ in looks}
    for size in _EMPTY_SIZES:
        empty = [_empty(size, number) for number in range(frames)]
        for name, read in looks:
            score = Score()
            for frame in empty:
                timed(read, frame, score)
            times[name].append(median(score.spent_ms))
    for name, row in times.items():
        say(f"{name:<34}" + _row([f"{each:.1f}" for each in row]))


def _row(cells: Iterable[str]) -> str:
    return "".join(f"{cell:>12}" for cell in cells)


def _empty(size: tuple[int, int], number: int) -> Picture:
    frame = Lens(size, seed=number).frame(Stage(), now_s=number)
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)


@contextlib.contextmanager
def _readers(*, quick: bool) -> Iterator[list[Reader]]:
    readers = product_readers() + ([] if quick else opencv_readers())
    try:
        yield readers
    finally:
        for reader in readers:
            reader.close()
