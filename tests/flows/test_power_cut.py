"""The kiosk's files as a crash at any moment leaves them: every fact that a device or central was told of is there."""

import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.journal.store import Store
from kiosk.journal.verify import verify
from kiosk_flow import Flow, S
from stater_demo.desk import Desk
from stater_demo.part import Event
from supervised import Supervised

BILLS = 5
COPIES_OF_A_BILL = 3
MOTION_S = 0.5  # from escrow to acknowledged credit, at the speed of this desk


def test_copies_made_while_bills_go_in(flow: Flow, tmp_path: Path) -> None:
    told: Counter[str] = Counter()

    def hear(_part: str, event: Event) -> None:
        told[event["event"]] += 1

    chance = random.Random(7)
    flow.reach(S.INSERTING)
    before = credited(flow.desk.database)
    flow.desk.on_event = hear
    try:
        for number in range(BILLS):
            flow.insert(10)
            for copy in range(COPIES_OF_A_BILL):
                threading.Event().wait(chance.uniform(0, MOTION_S / COPIES_OF_A_BILL))
                check_copy(flow.desk, tmp_path / f"{number}-{copy}", before, told)
            flow.wait(lambda s, so_far=number: s.cash.credited_minor == 1_000 * (so_far + 1))
            flow.desk.parts["bill-acceptor"].wait_for("stacked", timeout_s=10)
    finally:
        flow.desk.on_event = None
    assert told["credit_acknowledged"] >= BILLS - 1
    flow.go_home()
    assert flow.check() == {"credited": 1_000 * BILLS}


@pytest.mark.slow
def test_facts_that_central_knows_and_the_disk_has_lost_close_the_machine(tmp_path: Path) -> None:
    """A disk that lied about its syncs, or an old copy put back: nobody goes on as if nothing was missing."""
    with (
        Desk(tmp_path, print, acceptor_speed=3.0) as desk,
        closing(Supervised(desk)) as kiosk,
    ):
        kiosk.wait_for(S.IDLE)
        desk.cut_power()
        old = copied(desk.database, tmp_path / "old")
        kiosk.wait_for(S.IDLE)  # started again, which is a fact
        give_up_s = time.monotonic() + 20
        while through_seq(desk) <= verify(old).outbox.seq:
            assert time.monotonic() < give_up_s, "central has not heard of the second start"
        desk.cut_power()
        copied(old, desk.database.parent)
        kiosk.wait("refusal", lambda s: "central-refuses" in s.service.reasons)
        assert kiosk.wait_for(S.OUT_OF_SERVICE)


def check_copy(desk: Desk, folder: Path, before: int, told: Counter[str]) -> None:
    """All threads of the core stand still while its files are copied: as if it had been killed there."""
    core = desk.parts["kiosk-core"].pid
    os.kill(core, signal.SIGSTOP)
    os.waitid(os.P_PID, core, os.WSTOPPED | os.WNOWAIT)
    try:
        acknowledged, known_to_central = told["credit_acknowledged"], through_seq(desk)
        copied(desk.database, folder)
    finally:
        os.kill(core, signal.SIGCONT)
    with closing(Store(folder / "kiosk.db")) as store:
        assert store.cash_equation().holds
    assert credited(folder / "kiosk.db") >= before + acknowledged
    verdict = verify(folder / "kiosk.db")
    assert verdict.findings == ()
    assert verdict.outbox.seq >= known_to_central


def copied(database: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{database}{suffix}", folder / f"kiosk.db{suffix}")
    return folder / "kiosk.db"


def credited(database: Path) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        query = "SELECT count(*) FROM bill WHERE outcome = 'credited'"
        return int(db.execute(query).fetchone()[0])


def through_seq(desk: Desk) -> int:
    with closing(sqlite3.connect(f"file:{desk.central_database}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT through_seq FROM kiosks").fetchone()[0])
