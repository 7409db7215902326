"""A sale without a display: the scripted customer buys, and everything left behind must agree."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from stater_demo import evidence
from stater_demo.customer import Customer
from stater_demo.desk import Desk
from stater_demo.problem import DemoProblem
from stater_demo.touchscreen import Touchscreen


def run(out: Path, bills: Sequence[int], say: Callable[[str], None]) -> None:
    """Raises DemoProblem unless the customer got exactly what every witness says they got."""
    began_s = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="stater-demo-"))
    try:
        _buy_and_compare(folder, out, bills, say)
    except DemoProblem as problem:
        raise DemoProblem(f"{problem}\nEvery part's log is in {folder}") from problem
    shutil.rmtree(folder)
    say(f"everything agrees; {time.monotonic() - began_s:.0f} s. What was left behind: {out}")


def _buy_and_compare(
    folder: Path, out: Path, bills: Sequence[int], say: Callable[[str], None]
) -> None:
    screens = evidence.prepare_folder(out)
    with Desk(folder, say) as desk:
        desk.start_screen(grab_dir=screens.resolve())
        with contextlib.closing(Touchscreen(desk.socket)) as screen:
            purchase = Customer(desk, screen, say).buy(bills)
        pictured = desk.parts["kiosk-screen"]
        if not pictured.running:
            raise DemoProblem(f"the kiosk's screen ended by itself (its log: {pictured.log})")
        pictured.stop()
        summary = evidence.collect(purchase, desk.database, out)
    receipt = (out / "receipt.txt").read_text(encoding="utf-8")
    if wrong := list(evidence.contradictions(summary, purchase, bills, receipt)):
        raise DemoProblem("not everything agrees:\n  " + "\n  ".join(wrong))
