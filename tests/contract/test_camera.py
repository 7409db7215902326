"""The scanner's driver before the simulated camera: a stream over HTTP, a hand that is not steady."""

import json
import queue
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.clock import SystemClock
from drivers.scanner.events import (
    CodeSeen,
    ScannerEvent,
    ScannerLost,
    ScannerReady,
    StartScanning,
)
from drivers.scanner.scanner import Scanner

DEADLINE_S = 30.0
HARDWARE_SIM = str(Path(sys.executable).with_name("hardware-sim"))
WALLET = "bitcoin:BCRT1QWF52DT9Y2SV0F7FWKCPMTFJF74D4NP2SAELJT6?amount=0.01"


class Bench:
    def __init__(self) -> None:
        self._simulator = subprocess.Popen(
            [HARDWARE_SIM, "camera", "--serve", "0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = json.loads(self._simulator.stdout.readline())["url"]
        self._events: queue.Queue[ScannerEvent | BaseException] = queue.Queue()
        self.scanner = Scanner(
            self.url,
            SystemClock(),
            self._events.put,
            show=lambda _view: None,
            on_crash=self._events.put,
        )
        self.scanner.start()

    def say(self, words: str) -> None:
        self._simulator.stdin.write(words + "\n")
        self._simulator.stdin.flush()

    def next(self) -> ScannerEvent:
        event = self._events.get(timeout=DEADLINE_S)
        assert not isinstance(event, BaseException), event
        return event

    def switch_off(self) -> None:
        self._simulator.kill()
        self._simulator.wait()

    def stop(self) -> None:
        self.scanner.stop()
        self.switch_off()
        self._simulator.stdin.close()
        self._simulator.stdout.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.stop()


def test_codes_are_seen_in_a_hand_in_light_and_in_dark_mode_and_the_camera_is_missed(
    bench: Bench,
) -> None:
    assert bench.next() == ScannerReady(bench.url)
    bench.scanner.send(StartScanning())
    bench.say(f"show {WALLET}")
    assert bench.next() == CodeSeen(WALLET)
    bench.say("show-dark a wallet at night")
    assert bench.next() == CodeSeen("a wallet at night")
    bench.switch_off()
    switched_off_s = time.monotonic()
    assert isinstance(bench.next(), ScannerLost)
    assert time.monotonic() - switched_off_s < 10
