"""The kiosk and its devices as windows, for a person to be the customer."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from stater_demo.desk import Desk
from stater_demo.panel import window
from stater_demo.problem import DemoProblem


def run(say: Callable[[str], None]) -> None:
    """Until a window is closed. Raises DemoProblem when a part does not start."""
    folder = Path(tempfile.mkdtemp(prefix="stater-demo-"))
    say(f"every part's log is in {folder}")
    try:
        with Desk(folder, say) as desk:
            desk.start_screen(grab_dir=None)
            say("two windows: the kiosk, and the desk around it; close one to end")
            window.run(desk)
    except DemoProblem as problem:
        raise DemoProblem(f"{problem}\nEvery part's log is in {folder}") from problem
    shutil.rmtree(folder)
