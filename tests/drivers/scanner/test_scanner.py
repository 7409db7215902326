"""The thread, with a picture file for a camera."""

import queue
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from drivers.clock import SystemClock
from drivers.scanner import scanner as scanner_module
from drivers.scanner import sightings
from drivers.scanner.events import (
    CodeSeen,
    CodeUnreadable,
    ScannerEvent,
    ScannerLost,
    ScannerReady,
    StartScanning,
    StopScanning,
)
from drivers.scanner.eye import Eye
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture
from drivers.scanner.scanner import Scanner
from drivers.scanner.seen import Seen
from drivers.scanner.view import View

WAIT_S = 5.0
Draw = Callable[..., Picture]


class Bench:
    """A scanner before a picture that can be changed."""

    def __init__(self, folder: Path) -> None:
        self.picture = folder / "shown.png"
        self._next = folder / "next.png"
        self.events: queue.Queue[ScannerEvent] = queue.Queue()
        self.shown: deque[View | None] = deque(maxlen=500)
        self.crashes: queue.Queue[BaseException] = queue.Queue()
        self.scanner = Scanner(
            str(self.picture),
            SystemClock(),
            self.events.put,
            show=self.shown.append,
            on_crash=self.crashes.put,
        )

    def show(self, picture: Picture) -> None:
        cv2.imwrite(str(self._next), picture)
        self._next.replace(self.picture)

    def next(self) -> ScannerEvent:
        return self.events.get(timeout=WAIT_S)

    def stays_silent(self, for_s: float) -> None:
        with pytest.raises(queue.Empty):
            self.events.get(timeout=for_s)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(scanner_module, "REOPEN_S", 0.05)
    bench = Bench(tmp_path)
    yield bench
    bench.scanner.stop()
    assert bench.crashes.empty()


EMPTY = np.full((480, 640), 128, np.uint8)


def test_code_is_seen_once_and_the_next_one_too(bench: Bench, drawn: Draw) -> None:
    bench.show(drawn("first"))
    bench.scanner.start()
    assert bench.next() == ScannerReady(str(bench.picture))
    bench.scanner.send(StartScanning())
    assert bench.next() == CodeSeen("first")
    bench.show(drawn("second"))
    assert bench.next() == CodeSeen("second")
    assert bench.events.empty()


@pytest.mark.parametrize("shape", [(1, 5000), (5000, 1)])
def test_picture_that_is_a_line_is_passed_over(
    bench: Bench, drawn: Draw, shape: tuple[int, int]
) -> None:
    bench.show(np.full(shape, 128, np.uint8))
    bench.scanner.start()
    assert bench.next() == ScannerReady(str(bench.picture))
    bench.scanner.send(StartScanning())
    bench.stays_silent(0.3)
    bench.show(drawn("first"))
    assert bench.next() == CodeSeen("first")


def test_nothing_is_looked_at_before_start_and_after_stop(bench: Bench, drawn: Draw) -> None:
    bench.show(drawn("first"))
    bench.scanner.start()
    bench.next()
    bench.stays_silent(0.4)
    bench.scanner.send(StartScanning())
    assert bench.next() == CodeSeen("first")
    bench.scanner.send(StopScanning())
    bench.show(drawn("second"))
    bench.stays_silent(0.4)


def test_start_says_again_what_is_in_view(bench: Bench, drawn: Draw) -> None:
    bench.show(drawn("first"))
    bench.scanner.start()
    bench.next()
    for _ in range(2):
        bench.scanner.send(StartScanning())
        assert bench.next() == CodeSeen("first")


def test_camera_that_vanishes_is_lost_once_and_comes_back_scanning(
    bench: Bench, drawn: Draw
) -> None:
    bench.scanner.start()
    lost = bench.next()
    assert isinstance(lost, ScannerLost)
    assert "No such file" in lost.detail
    bench.scanner.send(StartScanning())
    bench.stays_silent(0.3)  # through several attempts
    bench.show(drawn("first"))
    assert bench.next() == ScannerReady(str(bench.picture))
    assert bench.next() == CodeSeen("first")
    bench.picture.unlink()
    assert isinstance(bench.next(), ScannerLost)
    bench.show(EMPTY)
    assert bench.next() == ScannerReady(str(bench.picture))


def test_code_that_cannot_be_read_is_said(
    bench: Bench, drawn: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sightings, "UNREADABLE_AFTER_S", 0.5)
    spoilt = drawn("a wallet")
    spoilt[230:340, 230:420] = 255
    bench.show(spoilt)
    bench.scanner.start()
    bench.next()
    bench.scanner.send(StartScanning())
    assert bench.next() == CodeUnreadable()


def test_code_of_bytes_is_read_and_its_text_is_none(bench: Bench, drawn: Draw) -> None:
    bench.show(drawn("a\x1bb"))
    bench.scanner.start()
    bench.next()
    bench.scanner.send(StartScanning())
    assert bench.next() == CodeSeen("")


def test_missing_library_is_a_lost_scanner_and_not_a_crash(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "drivers.scanner.eye", None)
    bench.show(EMPTY)
    bench.scanner.start()
    lost = bench.next()
    assert isinstance(lost, ScannerLost)
    assert "a library is missing" in lost.detail


def test_turns_are_dated_until_stop(bench: Bench) -> None:
    bench.show(EMPTY)
    bench.scanner.start()
    bench.next()
    ready_s = bench.scanner.last_turn_s
    deadline_s = time.monotonic() + WAIT_S
    while bench.scanner.last_turn_s == ready_s:
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
    bench.scanner.stop()
    stopped_s = bench.scanner.last_turn_s
    bench.stays_silent(0.25)
    assert bench.scanner.last_turn_s == stopped_s


def test_bug_behind_the_door_is_handed_to_the_core(tmp_path: Path) -> None:
    crashes: queue.Queue[BaseException] = queue.Queue()

    def deliver(event: ScannerEvent) -> None:
        raise RuntimeError(f"no room for {event}")

    scanner = Scanner(
        str(tmp_path / "none.png"),
        SystemClock(),
        deliver,
        show=lambda _view: None,
        on_crash=crashes.put,
    )
    scanner.start()
    assert "no room for" in str(crashes.get(timeout=WAIT_S))


def test_code_that_was_still_being_read_for_the_customer_before_is_not_said(
    bench: Bench, drawn: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The camera hangs for seconds; meanwhile one customer leaves and the next one is asked for a code."""
    bench.show(EMPTY)
    look, asked = Eye.scan, queue.SimpleQueue[None]()

    def slow(eye: Eye, now_s: float) -> tuple[View, Seen | None]:
        view, _ = look(eye, now_s)
        if asked.empty():
            bench.scanner.send(StopScanning())
            bench.scanner.send(StartScanning())
            asked.put(None)
            return view, Seen(("theirs",), code_in_view=True)
        return view, Seen()

    monkeypatch.setattr(sightings, "FRAMES_TO_BELIEVE", 1)
    monkeypatch.setattr(Eye, "scan", slow)
    bench.scanner.start()
    bench.next()
    bench.scanner.send(StartScanning())
    asked_s = time.monotonic()
    while asked.empty():
        assert time.monotonic() - asked_s < WAIT_S
        time.sleep(0.01)
    bench.stays_silent(0.3)
