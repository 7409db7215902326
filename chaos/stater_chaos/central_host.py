"""Central as it runs, on the virtual clock: the real application, ledger, intake, payouts and watch on real SQLite.

Two things stand in: the workflow engine, which has threads and clocks of its own (the queue here is as durable: a
table in the same file, written in the same transaction), and the coins' network (`node`).
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from disbursement.config import SaleSection
from disbursement.database import Database
from disbursement.errors import WalletUnavailable
from disbursement.house import House
from disbursement.kiosks.models import Kiosk
from disbursement.matters import Matter, open_matters
from disbursement.sales import payouts, watch
from disbursement.sales.prices import FixedPriceSource, MarketPrice
from disbursement.speakers.registering import register
from stater_chaos.asgi import Answer, ask
from stater_chaos.central_shared import OPEN, application, database, empty_books
from stater_chaos.clockwork import Clockwork, Process, Signal
from stater_chaos.disk import Disk
from stater_chaos.node import Node
from stater_chaos.virtual_threads import VirtualThreading

MARKET_PRICE_MINOR = 6_500_000
RESTART_S = 2.0
QUEUE_LOOK_S = 0.25
QUEUE_TABLE = """CREATE TABLE IF NOT EXISTS chaos_attempts (
    transfer_id TEXT, number INTEGER, due_ms INTEGER, done INTEGER DEFAULT 0, PRIMARY KEY (transfer_id, number))"""


class CentralHost:
    """Central's machine: its disk and node stay, its process comes and goes."""

    def __init__(
        self, clockwork: Clockwork, folder: Path, disk: Disk, node: Node, now_ms: Callable[[], int]
    ) -> None:
        self._clockwork, self.disk, self.node = clockwork, disk, node
        self.now_ms = now_ms
        self.crashes = 0
        self.process = Process("central", self, alive=False)
        self._ready = False
        self.database = folder / "central.db"

    def start(self) -> None:
        self.process = process = Process("central", self, on_death=self._died)
        self._clockwork.spawn(process, self._run)

    def _run(self) -> None:
        """As its supervisor sees it: what the world does to it ends it, and it is started again."""
        try:
            self._serve()
        except (OperationalError, WalletUnavailable):
            self.kill()

    def kill(self) -> None:
        if self.process.alive:
            self._clockwork.kill(self.process)
            self._died()

    def _died(self) -> None:
        self.crashes += 1
        self._ready = False
        self._clockwork.after(RESTART_S, self.start)

    @property
    def is_ready(self) -> bool:
        return self.process.alive and self._ready

    def register(self, kiosk_id: str, public_key: bytes) -> None:
        """Before the world begins."""
        if not self.database.exists():
            self.database.write_bytes(empty_books())
        with self._open() as db:
            db.run(lambda session: register(session, Kiosk, kiosk_id, public_key, self.now_ms()))

    def matters(self) -> list[Matter]:
        """What needs a person, as `central status` lists it."""
        with self._open() as db:
            return db.run(lambda session: open_matters(session, SaleSection(), self.now_ms()))

    def request(
        self, method: str, path: str, body: bytes, headers: list[tuple[str, str]]
    ) -> "Pending":
        """On its way: answered in a task of central's own, unless central dies before."""
        pending = Pending(Signal(self._clockwork))

        def work() -> None:
            pending.answer = ask(application(), method, path, body, headers)
            pending.done.notify()

        self._clockwork.spawn(self.process, work)
        return pending

    @contextlib.contextmanager
    def _open(self) -> Iterator[Database]:
        OPEN.database, OPEN.connection_class = self.database, self.disk.connection_class()
        try:
            yield database()
        finally:
            database().close()

    def _house(self, db: Database) -> House:
        price = MarketPrice(MARKET_PRICE_MINOR, "fixed", self.now_ms())
        return House(
            db, self.node, FixedPriceSource(price), SaleSection(), Queue(self), self.now_ms
        )

    def _serve(self) -> None:
        """As `disbursement.service.open_house` does, with the stand-ins."""
        with self._open() as db:
            with sqlite3.connect(self.database) as looked_at:
                looked_at.execute(QUEUE_TABLE)
            house = self._house(db)
            db.run(lambda session: house.books.open(session, house.now_ms()))
            payouts.resume_all(house)
            OPEN.house = house
            self._clockwork.spawn(self.process, lambda: self._watch(house))
            self._ready = True
            self._work_off(house, looked_at)

    def _watch(self, house: House) -> None:
        stop: Any = VirtualThreading(self._clockwork).Event()
        watch.run(house, stop)

    def _work_off(self, house: House, queue: sqlite3.Connection) -> None:
        while True:
            now_ms = self.now_ms()
            due = queue.execute(
                "SELECT transfer_id, number FROM chaos_attempts WHERE done = 0 AND due_ms <= ? ORDER BY due_ms, number",
                [now_ms],
            ).fetchall()
            for transfer_id, number in due:
                with contextlib.suppress(
                    OperationalError
                ):  # the workflow has failed: found when overdue
                    payouts.attempt(house, transfer_id, number)
                queue.execute(
                    "UPDATE chaos_attempts SET done = 1 WHERE transfer_id = ? AND number = ?",
                    [transfer_id, number],
                )
                queue.commit()
            self._clockwork.wait(QUEUE_LOOK_S)


class Pending:
    def __init__(self, done: Signal) -> None:
        self.done = done
        self.answer: Answer | None = None


class Queue:
    """`disbursement.house.PayoutQueue`."""

    def __init__(self, host: CentralHost) -> None:
        self._host = host

    def enqueue(self, session: Session, transfer_id: str, number: int, delay_s: float) -> None:
        row = {
            "id": transfer_id,
            "number": number,
            "due": self._host.now_ms() + int(delay_s * 1000),
        }
        session.execute(
            sa.text("INSERT OR IGNORE INTO chaos_attempts VALUES (:id, :number, :due, 0)"), row
        )
