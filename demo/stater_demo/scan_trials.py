"""Showing a picture or a film to every reader, and noting what came of it."""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import click

from hardware_sim.camera.field import Case
from stater_demo.scan_readers import Picture, Read, Reader
from stater_demo.scan_score import Score, Scores, is_among

_PROGRESS_S = 5.0

Item = TypeVar("Item")


def ask_all(
    readers: list[Reader], picture: Picture, expected: Sequence[str], scores: Scores
) -> None:
    for reader in readers:
        score = scores[reader.name]
        texts = timed(reader.read, picture, score)
        right = [text for text in texts if is_among(text, expected)]
        score.pictures += 1
        score.read += bool(right)
        score.wrong += [text for text in texts if text not in right]


def watch_all(case: Case, readers: list[Reader], scores: Scores) -> None:
    waiting: dict[str, Read] = {reader.name: reader.watching() for reader in readers}
    for frame in case.frames():
        for name, read in list(waiting.items()):
            texts = timed(read, frame, scores[name])
            scores[name].wrong += [text for text in texts if text != case.text]
            if case.text in texts:
                scores[name].read += 1
                del waiting[name]
        if not waiting:
            break
    for score in scores.values():
        score.pictures += 1


def timed(read: Read, picture: Picture, score: Score) -> Sequence[str]:
    began_s = time.perf_counter()
    texts = read(picture)
    score.spent_ms.append(1000 * (time.perf_counter() - began_s))
    return texts


def counted(items: Iterable[Item], count: int, what: str) -> Iterator[Item]:
    """Says on stderr how far it is."""
    next_s = time.monotonic() + _PROGRESS_S
    for number, item in enumerate(items, 1):
        yield item
        if time.monotonic() > next_s:
            click.echo(f"{what}: {number:,} of {count:,}", err=True)
            next_s = time.monotonic() + _PROGRESS_S
