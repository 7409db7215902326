"""How long nobody can buy after the power came back: from SIGKILL to ready for service.

A real core among real devices and a real central, killed when idle and started at once (systemd waits one second more).
Ready is when the screen is told so. The file is dropped from the page cache before each start, as a power cut does. Beside
it the time to the first picture, which is Python's start and the check of the database, without the devices.
"""

import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kiosk.screen_link.snapshot import Snapshot
from stater_demo.desk import Desk
from stater_demo.problem import DemoProblem
from stater_demo.settings import KIOSK_ID
from stater_demo.touchscreen import Touchscreen
from stater_demo.year import database_of_a_year

READY_TIMEOUT_S = 120.0
MIB = 1 << 20


@dataclass(frozen=True)
class Recovery:
    first_picture_s: float
    ready_s: float


def run(sales: int, kills: int, say: Callable[[str], None]) -> None:
    """Raises DemoProblem when a kiosk does not come back."""
    say(f"a year of {sales:,} sales")
    year = database_of_a_year(sales, say)
    folder = Path(tempfile.mkdtemp(prefix="stater-bench-"))
    try:
        with Desk(folder, lambda _said: None) as desk:
            _await(desk, _is_ready)
            say(f"each kiosk is killed {kills} times")
            empty = _row("empty", desk, kills)
            _give(desk, year)
            full = _row(f"{sales:,} sales", desk, kills)
    except DemoProblem as problem:
        raise DemoProblem(f"{problem}\nEvery part's log is in {folder}") from problem
    shutil.rmtree(folder)
    say(f"\n{'seconds':<16}{'MiB':>8}{'first picture':>24}{'ready':>24}")
    say(f"{'':<24}{'min':>14}{'median':>10}{'min':>14}{'median':>10}")
    say(empty)
    say(full)


def _row(name: str, desk: Desk, kills: int) -> str:
    files = desk.database.parent.glob(f"{desk.database.name}*")
    size = sum(file.stat().st_size for file in files) / MIB
    taken = [_recover(desk) for _ in range(kills)]
    cells = ""
    for figures in ([r.first_picture_s for r in taken], [r.ready_s for r in taken]):
        cells += f"{min(figures):>14.2f}{statistics.median(figures):>10.2f}"
    return f"{name:<16}{size:>8.1f}{cells}"


def _recover(desk: Desk) -> Recovery:
    desk.cut_power()
    _forget_pages(desk.database)
    began_s = time.perf_counter()
    desk.start_core()
    with closing(Touchscreen(desk.socket)) as screen:
        screen.wait_until("a picture", lambda _shown: True, READY_TIMEOUT_S)
        first_picture_s = time.perf_counter() - began_s
        screen.wait_until("service", _is_ready, READY_TIMEOUT_S)
    return Recovery(first_picture_s, time.perf_counter() - began_s)


def _forget_pages(database: Path) -> None:
    with database.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _give(desk: Desk, year: Path) -> None:
    """The other database, to the same kiosk; and central has heard all that is in it."""
    desk.cut_power()
    for suffix in ("-wal", "-shm"):
        Path(f"{desk.database}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(year, desk.database)
    with closing(sqlite3.connect(f"file:{year}?mode=ro", uri=True)) as db:
        head = db.execute("SELECT seq, hash FROM outbox ORDER BY seq DESC LIMIT 1").fetchone()
    with closing(sqlite3.connect(desk.central_database, timeout=10)) as db, db:
        heard = "UPDATE kiosks SET through_seq = ?, head_hash = ? WHERE kiosk_id = ?"
        db.execute(heard, [*head, KIOSK_ID])
        db.execute("DELETE FROM inbox_events")
    desk.start_core()
    _await(desk, _is_ready)


def _await(desk: Desk, wanted: Callable[[Snapshot], bool]) -> None:
    with closing(Touchscreen(desk.socket)) as screen:
        screen.wait_until("service", wanted, READY_TIMEOUT_S)


def _is_ready(shown: Snapshot) -> bool:
    return shown.service.status == "in_service"
