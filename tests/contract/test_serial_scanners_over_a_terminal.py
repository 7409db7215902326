"""Every kind once over a real pseudo-terminal: the simulator in a process of its own, real pyserial on a thread."""

import json
import queue
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.clock import SystemClock
from drivers.scanner.config import ScannerConfig
from drivers.scanner.engines.kinds import ENGINES
from drivers.scanner.engines.serial_scanner import SerialScanner
from drivers.scanner.events import (
    CodeSeen,
    CodeUnreadable,
    ScannerEvent,
    ScannerLost,
    ScannerReady,
    StartScanning,
)

HARDWARE_SIM = Path(sys.executable).with_name("hardware-sim")
DEADLINE_S = 30.0
WALLET = "bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"


@pytest.fixture
def engine(tmp_path):
    """Starts one, of a kind, and gives what types its words."""
    started = []

    def start(kind):
        arguments = [HARDWARE_SIM, "scanner", f"--kind={kind}", f"--link={tmp_path / 'scanner'}"]
        process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert json.loads(process.stdout.readline())["event"] == "ready"

        def say(words):
            process.stdin.write(words + "\n")
            process.stdin.flush()

        return say

    yield start
    for process in started:
        process.stdin.write("quit\n")
        process.stdin.close()
        assert process.wait(DEADLINE_S) == 0
        process.stdout.close()


@pytest.fixture
def scanner(tmp_path):
    """Starts the driver, scanning, and gives its events."""
    started = []

    def start(kind):
        events: queue.Queue[ScannerEvent | BaseException] = queue.Queue()
        config = ScannerConfig(kind, str(tmp_path / "scanner"))
        started.append(SerialScanner(config, SystemClock(), events.put, on_crash=events.put))
        started[-1].send(StartScanning())
        started[-1].start()
        return lambda: events.get(timeout=DEADLINE_S)

    yield start
    for each in started:
        each.stop()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=pytest.mark.slow) if kind == "newland" else kind
        for kind in sorted(ENGINES)
    ],
)
def test_codes_a_power_cut_and_the_plug(engine, scanner, tmp_path, kind):
    next_event = scanner(kind)
    lost = next_event()
    assert isinstance(lost, ScannerLost)
    assert "is not there" in lost.detail
    say = engine(kind)
    assert next_event() == ScannerReady(str(tmp_path / "scanner"))
    say(f"show {WALLET}")
    assert next_event() == CodeSeen(WALLET)
    say("show-bad bitcoin:second")
    seen = next_event()
    assert (next_event() if seen == CodeUnreadable() else seen) == CodeSeen("bitcoin:second")
    say("power-cut")
    say("show bitcoin:third")
    assert next_event() == CodeSeen("bitcoin:third")
    say("unplug")
    assert isinstance(next_event(), ScannerLost)
    say("plug")
    while isinstance(event := next_event(), ScannerLost):  # gone, then not there
        pass
    assert event == ScannerReady(str(tmp_path / "scanner"))
    say("show bitcoin:fourth")
    assert next_event() == CodeSeen("bitcoin:fourth")
