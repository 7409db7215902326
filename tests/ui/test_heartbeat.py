"""A real `kiosk screen` under a supervisor: fed by frames that were drawn, and by nothing else."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from supervisor_bench import Supervisor

PATIENCE_S = 20.0
BEAT = "from ui import heartbeat; heartbeat.BEAT_MS = 100\n"  # a test is not a night
SILENCE_S = 1.5
RUN = "from ui.__main__ import main; main()"
LOOP_THAT_HANGS = """
import time
from PySide6.QtCore import QTimer
from ui import app
run = app._open
def open_and_hang(window, options):
    run(window, options)
    QTimer.singleShot(1_000, lambda: time.sleep(600))
app._open = open_and_hang
"""
PICTURE_THAT_FREEZES = """
from PySide6.QtCore import QTimer
from ui import app
run = app._open
def open_and_freeze(window, options):
    run(window, options)
    QTimer.singleShot(1_000, window.hide)
app._open = open_and_freeze
"""


@contextmanager
def started(folder: Path, supervisor: Supervisor, code: str = ""):
    command = [sys.executable, "-c", BEAT + code + RUN, "--socket", folder / "s", "--windowed"]
    environment = {**os.environ, **supervisor.environment}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as screen:
        try:
            yield screen
        finally:
            screen.kill()


@pytest.fixture
def supervisor(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        yield supervisor


def test_a_screen_is_ready_with_its_first_frame_and_fed_by_those_that_follow(tmp_path, supervisor):
    with started(tmp_path, supervisor) as screen:
        assert {"READY=1", "WATCHDOG=1"} <= set(supervisor.hear(PATIENCE_S))
        for _ in range(3):
            assert "WATCHDOG=1" in supervisor.hear(PATIENCE_S)
        screen.send_signal(signal.SIGTERM)
        supervisor.hear_until("STOPPING=1", PATIENCE_S)
        assert screen.wait(PATIENCE_S) == 0


@pytest.mark.parametrize("hang", [LOOP_THAT_HANGS, PICTURE_THAT_FREEZES])
def test_a_screen_that_draws_no_more_is_fed_no_more(tmp_path, supervisor, hang):
    with started(tmp_path, supervisor, hang):
        supervisor.hear_until("READY=1", PATIENCE_S)
        beats = 0
        while supervisor.hear(SILENCE_S):
            beats += 1
            assert beats < 100, "still fed"
        assert beats > 0
