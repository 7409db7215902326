"""A sale without a display: the scripted customer buys, and everything left behind must agree."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from stater_demo import evidence
from stater_demo.customer import Customer, Purchase
from stater_demo.desk import Desk
from stater_demo.problem import DemoProblem
from stater_demo.touchscreen import Touchscreen

LAST_PICTURE_S = 10.0


def run(out: Path, bills: Sequence[int], say: Callable[[str], None]) -> None:
    """Raises DemoProblem unless the customer got exactly what every witness says they got."""
    began_s = time.monotonic()
    screens = evidence.prepare_folder(out)
    folder = Path(tempfile.mkdtemp(prefix="stater-demo-"))
    try:
        with Desk(folder, say) as desk:
            purchase = _buy(desk, screens, bills, say)
            summary = evidence.collect(purchase, desk.database, out)
        receipt = (out / "receipt.txt").read_text(encoding="utf-8")
        _insist_on_none(list(evidence.contradictions(summary, purchase, bills, receipt)))
    except DemoProblem as problem:
        raise DemoProblem(f"{problem}\nEvery part's log is in {folder}") from problem
    shutil.rmtree(folder)
    say(f"everything agrees; {time.monotonic() - began_s:.0f} s. What was left behind: {out}")


def _buy(desk: Desk, screens: Path, bills: Sequence[int], say: Callable[[str], None]) -> Purchase:
    """While the kiosk's own screen, on no display, keeps a picture of all it shows."""
    desk.start_screen(grab_dir=screens.resolve())
    with contextlib.closing(Touchscreen(desk.socket)) as screen:
        purchase = Customer(desk, screen, say).buy(bills)
    pictured = desk.parts["kiosk-screen"]
    if not pictured.running:
        raise DemoProblem(f"the kiosk's screen ended by itself (its log: {pictured.log})")
    _wait_for_last_picture(screens)
    pictured.stop()
    return purchase


def _wait_for_last_picture(screens: Path) -> None:
    """Of the idle screen after the sale: the kiosk's own screen may see it a moment after ours."""
    give_up_s = time.monotonic() + LAST_PICTURE_S
    while len(list(screens.glob("*-idle.png"))) < 2 and time.monotonic() < give_up_s:
        time.sleep(0.05)


def _insist_on_none(contradictions: Sequence[str]) -> None:
    if contradictions:
        raise DemoProblem("not everything agrees:\n  " + "\n  ".join(contradictions))
