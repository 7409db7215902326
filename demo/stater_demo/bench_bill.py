"""How long a stacked bill takes to become a credit that no crash can undo.

From the first byte of the device's VEND VALID, on a real pseudo-terminal, to the moment another process sees the
credit in the kiosk's database, which is after the commit and its fsync. Beside it, as the floor nobody can go
below: a bare SQLite commit of one row on the same disk in the same run, with the same durability.
"""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stater_demo.customer import Customer
from stater_demo.desk import Desk
from stater_demo.problem import DemoProblem
from stater_demo.serial_tap import SerialTap
from stater_demo.touchscreen import Touchscreen

BILL_TIMEOUT_S = 20.0
LOOK_EVERY_S = 0.0001  # how finely the commit is seen
WARM_UP = 3
ACCEPTOR_SPEED = 20.0  # of its motors, whose movement is not measured


@dataclass
class TappedDesk(Desk):
    """A desk with a tap on the bill acceptor's line."""

    tap: SerialTap = field(init=False)

    def connect_acceptor(self) -> Path:
        near = self.folder / "tapped.tty"
        self.tap = SerialTap(super().connect_acceptor(), near)
        self.ends.callback(self.tap.close)
        return near


@dataclass(frozen=True)
class Figures:
    """Latencies, in milliseconds."""

    count: int
    p50_ms: float
    p99_ms: float
    most_ms: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Figures":
        ranked = sorted(1_000 * each for each in seconds)
        return cls(len(ranked), _quantile(ranked, 0.50), _quantile(ranked, 0.99), ranked[-1])

    def row(self, name: str) -> str:
        return (
            f"{name:<44}{self.count:>6}{self.p50_ms:>9.2f}{self.p99_ms:>9.2f}{self.most_ms:>9.2f}"
        )


def run(bills: int, say: Callable[[str], None]) -> None:
    """Raises DemoProblem when the kiosk does not take them."""
    folder = Path(tempfile.mkdtemp(prefix="stater-bench-"))
    try:
        with (
            TappedDesk(folder, say, acceptor_speed=ACCEPTOR_SPEED) as desk,
            closing(Touchscreen(desk.socket)) as screen,
        ):
            customer = Customer(desk, screen, say)
            customer.come_to_the_slot()
            say(f"{bills} bills of $1")
            credit = Figures.of(list(_credits(desk, customer, bills)))
            bare = Figures.of(list(bare_commits(desk.database.with_name("bare.db"), bills)))
    except DemoProblem as problem:
        raise DemoProblem(f"{problem}\nEvery part's log is in {folder}") from problem
    shutil.rmtree(folder)
    say("")
    say(f"{'milliseconds':<44}{'n':>6}{'p50':>9}{'p99':>9}{'max':>9}")
    say(credit.row("VEND VALID on the wire to credit on disk"))
    say(bare.row("bare SQLite commit, WAL, synchronous=FULL"))


def bare_commits(path: Path, count: int) -> Iterator[float]:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, at REAL) STRICT")
        for _ in range(count):
            began_s = time.perf_counter()
            db.execute("INSERT INTO row (at) VALUES (?)", [began_s])
            yield time.perf_counter() - began_s


def _credits(desk: TappedDesk, customer: Customer, bills: int) -> Iterator[float]:
    with _ledger(desk.database) as credited:
        for number in range(WARM_UP + bills):
            customer.push_into_slot(1)
            desk.tap.arm()  # in escrow, so that no repetition for the bill before is taken for it
            shown_s = desk.tap.first_vend_valid_s(BILL_TIMEOUT_S)
            if shown_s is None:
                raise DemoProblem(f"bill {number + 1} was not stacked in {BILL_TIMEOUT_S:g} s")
            while credited() <= number:
                if time.perf_counter() - shown_s > BILL_TIMEOUT_S:
                    raise DemoProblem(f"bill {number + 1} was stacked and never credited")
                time.sleep(LOOK_EVERY_S)
            if number >= WARM_UP:
                yield time.perf_counter() - shown_s


@contextmanager
def _ledger(database: Path) -> Iterator[Callable[[], int]]:
    """How many credits are committed, as another process sees it."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        query = "SELECT count(*) FROM bill WHERE outcome = 'credited'"
        yield lambda: int(db.execute(query).fetchone()[0])


def _quantile(ranked: Sequence[float], share: float) -> float:
    """The nearest rank: a latency that happened."""
    return ranked[min(int(share * len(ranked)), len(ranked) - 1)]
