"""The screen as a process: it shows, it records, it ends when told, and it does not live on broken."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.scanner.view import View
from kiosk.screen_link.preview import preview_path
from kiosk.screen_link.preview_writer import PreviewWriter
from kiosk.screen_link.snapshot import ScreenState
from ui.display import VARIABLES
from ui.samples import sample

DEADLINE_S = 20.0


@contextmanager
def started(*arguments: str | Path, code: str = "") -> Iterator[subprocess.Popen[str]]:
    program = ["-c", code] if code else ["-m", "ui"]
    command = [sys.executable, *program, *map(str, arguments)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as screen:
        try:
            yield screen
        finally:
            screen.kill()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def listen(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.settimeout(DEADLINE_S)
    listener.bind(str(path))
    listener.listen()
    return listener


def test_a_headless_run_records_its_screens_and_ends_on_sigterm(tmp_path: Path) -> None:
    grabs = tmp_path / "grabs"
    options = ("--socket", tmp_path / "s", "--windowed", "--grab-dir", grabs)
    with listen(tmp_path / "s") as listener, started(*options) as screen:
        core, _ = listener.accept()
        with core:
            for state in (ScreenState.IDLE, ScreenState.STACKING, ScreenState.PAID):
                core.sendall(sample(state).model_dump_json().encode() + b"\n")
            wait_until((grabs / "003-paid.png").exists)
            screen.send_signal(signal.SIGTERM)
            _, errors = screen.communicate(timeout=DEADLINE_S)
    assert screen.returncode == 0
    assert "Traceback" not in errors
    assert "TypeError" not in errors  # QML that lost its view models
    assert sorted(path.name for path in grabs.iterdir()) == [
        "001-idle.png",
        "002-stacking.png",
        "003-paid.png",
    ]


def test_the_cameras_picture_comes_through_shared_memory(tmp_path: Path) -> None:
    grabs, green = tmp_path / "grabs", np.full((240, 320, 3), (0, 200, 0), dtype=np.uint8)
    options = ("--socket", tmp_path / "s", "--windowed", "--portrait", "--grab-dir", grabs)
    with closing(PreviewWriter(preview_path(tmp_path / "s"))) as writer:
        with listen(tmp_path / "s") as listener, started(*options):
            core, _ = listener.accept()
            with core:
                core.sendall(sample(ScreenState.SCANNING).model_dump_json().encode() + b"\n")

                def is_kept() -> bool:
                    writer.show(View(green))
                    return (grabs / "001-scanning.png").exists()

                wait_until(is_kept)
                core.sendall(sample(ScreenState.IDLE).model_dump_json().encode() + b"\n")
                wait_until((grabs / "002-idle.png").exists)
        kept = cv2.imread(str(grabs / "001-scanning.png"))
    assert kept is not None
    assert kept[kept.shape[0] // 2, kept.shape[1] // 2].tolist() == [0, 200, 0]


def test_the_customers_own_screen_fills_the_panel_and_ends_on_sigterm(tmp_path: Path) -> None:
    with listen(tmp_path / "s") as listener, started("--socket", tmp_path / "s") as screen:
        core, _ = listener.accept()
        with core:
            screen.send_signal(signal.SIGTERM)
            _, errors = screen.communicate(timeout=DEADLINE_S)
    assert (screen.returncode, errors) == (0, "")


def test_a_screen_that_failed_once_ends(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from ui.presenter import Presenter; from ui import app\n"
        "def fail(self, snapshot): raise RuntimeError('broken')\n"
        "Presenter.receive = fail\n"
        "raise SystemExit(app.run(app.Options(Path(__import__('sys').argv[1]), windowed=True)))\n"
    )
    with listen(tmp_path / "s") as listener, started(tmp_path / "s", code=code) as screen:
        core, _ = listener.accept()
        with core:
            core.sendall(sample(ScreenState.IDLE).model_dump_json().encode() + b"\n")
            _, errors = screen.communicate(timeout=DEADLINE_S)
    assert screen.returncode == 1
    assert "RuntimeError: broken" in errors


def test_help_names_every_option() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui", "--help"], capture_output=True, text=True, check=True
    )
    for option in ("--socket", "--windowed", "--portrait", "--landscape", "--grab-dir"):
        assert option in done.stdout


def test_pictures_that_can_be_kept_nowhere_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "grabs"
    done = subprocess.run(
        [sys.executable, "-m", "ui", "--grab-dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, f"Error: {folder}: Not a directory\n")


@pytest.mark.parametrize("settings", [{}, {"DISPLAY": ":77"}, {"QT_QPA_PLATFORM": "nonsense"}])
def test_a_display_that_is_not_there_is_said_in_one_line(settings: dict[str, str]) -> None:
    """Qt aborts without one; a person is told which variables it went by."""
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    done = subprocess.run(
        [sys.executable, "-m", "ui"],
        env=environment | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    for name in VARIABLES:
        assert (f"{name}={settings[name]}" if name in settings else f"{name} is not set") in line
