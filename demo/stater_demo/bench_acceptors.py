"""How long a stacked bill takes to become a credit that no crash can undo, for each protocol; and what idling costs.

From the moment the simulated device says that it reports the credit, on a real pseudo-terminal, to the moment another
process sees the credit in the kiosk's database, which is after the commit and its fsync. Beside it the floor nobody
can go below (a bare SQLite commit of one row on the same disk in the same run, with the same durability), and what
a real line of 9600 baud adds, which a pseudo-terminal does not have.
"""

import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from drivers.bill_acceptor.protocols import PROTOCOLS
from stater_demo.customer import Customer
from stater_demo.desk import Desk
from stater_demo.part import Event
from stater_demo.problem import DemoProblem
from stater_demo.touchscreen import Touchscreen

BILL_TIMEOUT_S = 20.0
LOOK_EVERY_S = 0.0001  # how finely the commit is seen
WARM_UP = 3
ACCEPTOR_SPEED = 20.0  # of its motors, whose movement is not measured
IDLE_S = 10.0
BAUD = 9_600

# Bytes of the poll and of the reply that carries the credit, from each document's frames; bits of a byte on
# the line with start, parity and stop; and the pace of polling.
LINES: dict[str, tuple[int, int, float]] = {
    "id003": (5 + 5, 11, 0.1),  # FC 05 11 + FC 05 15; 8E1
    "ccnet": (6 + 7, 10, 0.2),  # POLL + 81 n; 8N1
    "ebds": (8 + 30, 10, 0.1),  # host message + extended note; 7E1
    "ssp": (6 + 8, 11, 0.2),  # POLL WITH ACK + F0 EE ch; 8N2
    "cctalk": (5 + 5 + 16, 10, 0.2),  # request, its echo, 159's answer; 8N1
}


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

    def row(self, name: str, more: str = "") -> str:
        return (
            f"{name:<32}{self.count:>6}{self.p50_ms:>9.2f}{self.p99_ms:>9.2f}{self.most_ms:>9.2f}"
            f"  {more}"
        )


@dataclass
class CreditWatch:
    """Hears the simulator say that it reports a credit, and notes when."""

    at_s: float = 0.0
    seen: threading.Event = field(default_factory=threading.Event)

    def hear(self, _part: str, event: Event) -> None:
        if event["event"] == "credit_reported" and not self.seen.is_set():
            self.at_s = time.perf_counter()
            self.seen.set()


def run(bills: int, say: Callable[[str], None]) -> None:
    """Raises DemoProblem when a kiosk does not take them."""
    rows = []
    for protocol in PROTOCOLS:
        say(f"{protocol}: {bills} bills of $1, then {IDLE_S:g} s of idling")
        rows += _measure(protocol, bills)
    say(f"\n{'milliseconds':<32}{'n':>6}{'p50':>9}{'p99':>9}{'max':>9}")
    for row in rows:
        say(row)


def _measure(protocol: str, bills: int) -> list[str]:
    folder = Path(tempfile.mkdtemp(prefix="stater-bench-"))
    watch = CreditWatch()
    quiet: Callable[[str], None] = lambda _said: None  # noqa: E731
    try:
        with (
            Desk(
                folder, quiet, watch.hear, acceptor_speed=ACCEPTOR_SPEED, protocol=protocol
            ) as desk,
            closing(Touchscreen(desk.socket)) as screen,
        ):
            customer = Customer(desk, screen, quiet)
            customer.come_to_the_slot()
            credit = Figures.of(list(_credits(desk, customer, watch, bills)))
            bare = Figures.of(list(bare_commits(desk.database.with_name("bare.db"), bills)))
            cpu = _cpu_share(desk.parts["kiosk-core"].pid)
    except DemoProblem as problem:
        raise DemoProblem(f"{problem}\nEvery part's log is in {folder}") from problem
    shutil.rmtree(folder)
    line_bytes, bits, poll_s = LINES[protocol]
    line_ms = 1_000 * line_bytes * bits / BAUD
    return [
        credit.row(
            f"{protocol}: reported to on disk",
            f"line {line_ms:.0f} ms, poll {poll_s * 1_000:.0f} ms; idle core {cpu:.1%} of a CPU",
        ),
        bare.row("  bare SQLite commit"),
    ]


def bare_commits(path: Path, count: int) -> Iterator[float]:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, at REAL) STRICT")
        for _ in range(count):
            began_s = time.perf_counter()
            db.execute("INSERT INTO row (at) VALUES (?)", [began_s])
            yield time.perf_counter() - began_s


def _credits(desk: Desk, customer: Customer, watch: CreditWatch, bills: int) -> Iterator[float]:
    with _ledger(desk.database) as credited:
        for number in range(WARM_UP + bills):
            watch.seen.clear()
            customer.push_into_slot(1)
            if not watch.seen.wait(BILL_TIMEOUT_S):
                raise DemoProblem(f"bill {number + 1} was not stacked in {BILL_TIMEOUT_S:g} s")
            while credited() <= number:
                if time.perf_counter() - watch.at_s > BILL_TIMEOUT_S:
                    raise DemoProblem(f"bill {number + 1} was stacked and never credited")
                time.sleep(LOOK_EVERY_S)
            if number >= WARM_UP:
                yield time.perf_counter() - watch.at_s


def _cpu_share(pid: int) -> float:
    """Of one CPU, by a process left alone; its slot is open and the acceptor polls."""
    before_s = _cpu_s(pid)
    time.sleep(IDLE_S)
    return (_cpu_s(pid) - before_s) / IDLE_S


def _cpu_s(pid: int) -> float:
    """User and system time: fields 14 and 15 of /proc/PID/stat, proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _ledger(database: Path) -> Iterator[Callable[[], int]]:
    """How many credits are committed, as another process sees it."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        query = "SELECT count(*) FROM bill WHERE outcome = 'credited'"
        yield lambda: int(db.execute(query).fetchone()[0])


def _quantile(ranked: Sequence[float], share: float) -> float:
    """The nearest rank: a latency that happened."""
    return ranked[min(int(share * len(ranked)), len(ranked) - 1)]
