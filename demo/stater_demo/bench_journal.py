"""What one sale costs the disk: commits of the real core, beside a bare SQLite commit on the same disk in the same run.

The core, its store and its turns are the product's own, with `synchronous=FULL`; devices and central are said, not
simulated, so that nothing but the journal is measured. A sale here has two bills, a payout and a receipt.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from drivers.bill_acceptor import events as acceptor
from drivers.bill_acceptor.events import Bill
from drivers.clock import Clock, SystemClock
from drivers.printer.events import ReceiptPrinted
from drivers.scanner.events import CodeSeen
from kiosk.core.core import Core, Inbox
from kiosk.journal.outbox import OutboxReader
from kiosk.journal.retention import DAYS_KEPT
from kiosk.journal.store import Store
from kiosk.screen_link import intents
from kiosk.session.events import Event, OutboxAcknowledged
from kiosk.session.memory import Sale
from stater_demo.bench_acceptors import Figures, bare_commits
from stater_demo.idle_kiosk import ADDRESS, CONFIG, IdlePorts, awake, paid, prepared, quoted
from stater_demo.problem import DemoProblem

TWENTY = Bill(2_000, "USD")
BILLS_PER_SALE = 2
WARM_UP_SALES = 5
SALES_PER_YEAR = 20_000
MIB = 1 << 20
TURNS = {"BillEscrowed": "decision to stack: on disk", "BillStacked": "credit: on disk"}

Timings = dict[str, list[float]]


class BenchKiosk:
    """One kiosk in this process; each turn is timed under the name of its event."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.timings: Timings = {}
        self._store = Store(folder / "kiosk.db")
        self._reader = OutboxReader(folder / "kiosk.db")
        self._acknowledged_seq = 0
        clock = clock or SystemClock()
        self._core = Core(CONFIG, self._store, IdlePorts(), clock=clock, inbox=Inbox())
        self._say(*awake())

    def sell(self) -> None:
        self._say(
            intents.StartRequested(), intents.TermsAccepted(), CodeSeen(f"bitcoin:{ADDRESS}")
        )
        self._say(intents.WalletConfirmed())
        self._say(quoted(self._sale))
        self._say(prepared(self._sale))
        for _ in range(BILLS_PER_SALE):
            self._say(acceptor.BillEscrowed(TWENTY), acceptor.BillStacking())
            self._say(acceptor.BillStacked(TWENTY), acceptor.CreditSettled())
        self._say(intents.FinishRequested(), intents.SendRequested())
        self._say(paid(self._sale))
        self._say(ReceiptPrinted(self._sale.receipt_job or ""), intents.DismissRequested())
        self._acknowledge()

    def tidy(self) -> None:
        """What the core does when nobody is here."""
        self._core.tidy()

    def close(self) -> None:
        self._reader.close()
        self._store.close()

    @property
    def _sale(self) -> Sale:
        sale = self._core.memory.sale
        if sale is None:
            raise DemoProblem(f"the sale ended in state {self._core.state.value}")
        return sale

    def _say(self, *events: Event) -> None:
        for event in events:
            began_s = time.perf_counter()
            self._core.turn(event)
            spent_s = time.perf_counter() - began_s
            self.timings.setdefault(type(event).__name__, []).append(spent_s)

    def _acknowledge(self) -> None:
        """Central's word, once for each sale: the pump sends facts in batches."""
        events = self._reader.after(self._acknowledged_seq, 200)
        self._acknowledged_seq = events[-1].seq
        self._say(OutboxAcknowledged(self._acknowledged_seq))


def run(sales: int, folder: Path | None, say: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory(prefix="stater-bench-", dir=folder) as temporary:
        measured = _measure(sales, Path(temporary))
        bare = list(bare_commits(Path(temporary) / "bare.db", sales * BILLS_PER_SALE))
    _tell_speed(measured, bare, say)
    _tell_weight(measured, say)


@dataclass(frozen=True)
class Measured:
    """Of so many sales; bytes are for each."""

    sales: int
    timings: Timings
    seconds: float
    fact_bytes: float
    written: dict[str, float]
    journal_bytes: float
    other_bytes: float


def _measure(sales: int, folder: Path) -> Measured:
    with closing(BenchKiosk(folder)) as kiosk:
        for _ in range(WARM_UP_SALES):
            kiosk.sell()
        kiosk.timings.clear()
        io, facts, size = _io(), _fact_bytes(folder), _size_by_table(folder)
        began_s = time.perf_counter()
        for _ in range(sales):
            kiosk.sell()
        seconds = time.perf_counter() - began_s
        io_now, size_now = _io(), _size_by_table(folder)
        journal_bytes = size_now["journal"] - size["journal"]
        return Measured(
            sales=sales,
            timings=kiosk.timings,
            seconds=seconds,
            fact_bytes=(_fact_bytes(folder) - facts) / sales,
            written={name: (io_now[name] - io[name]) / sales for name in io},
            journal_bytes=journal_bytes / sales,
            other_bytes=(sum(size_now.values()) - sum(size.values()) - journal_bytes) / sales,
        )


def _tell_speed(measured: Measured, bare: list[float], say: Callable[[str], None]) -> None:
    say(f"{'milliseconds':<32}{'n':>6}{'p50':>9}{'p99':>9}{'max':>9}")
    for name, words in TURNS.items():
        say(Figures.of(measured.timings[name]).row(words))
    say(Figures.of(bare).row("bare SQLite commit"))
    of_bills = [seconds for name in TURNS for seconds in measured.timings[name]]
    say(f"\n{_rate(of_bills):,.0f} commits of a bill a second; bare {_rate(bare):,.0f}")
    say(f"{measured.sales / measured.seconds:,.1f} whole sales a second")


def _tell_weight(measured: Measured, say: Callable[[str], None]) -> None:
    written = measured.written
    say(f"\nfor each sale of {BILLS_PER_SALE} bills, in bytes:")
    say(f"{measured.fact_bytes:>10,.0f}  facts")
    amplified = written["wchar"] / measured.fact_bytes
    say(f"{written['wchar']:>10,.0f}  through write(2), {amplified:.0f} for each of the facts")
    say(f"{written['write_bytes']:>10,.0f}  to the disk, as the kernel counts")
    say(f"{measured.other_bytes:>10,.0f}  more of database for ever: outbox, book of bills")
    say(f"{measured.journal_bytes:>10,.0f}  more of journal, for {DAYS_KEPT} days")
    young = SALES_PER_YEAR * DAYS_KEPT / 365
    for_ever = measured.other_bytes * SALES_PER_YEAR
    say(
        f"\na year of {SALES_PER_YEAR:,} sales: {for_ever / MIB:,.0f} MiB for ever,"
        f" and {measured.journal_bytes * young / MIB:,.0f} MiB of journal at any time"
    )


def _rate(seconds: Sequence[float]) -> float:
    return len(seconds) / sum(seconds)


def _size_by_table(folder: Path) -> dict[str, int]:
    """Of the pages in use, whether they lie in the file or still in the WAL; indexes count as tables."""
    with closing(sqlite3.connect(f"file:{folder / 'kiosk.db'}?mode=ro", uri=True)) as db:
        return dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))


def _fact_bytes(folder: Path) -> int:
    """What was to be kept: the text of the outbox's rows, without hashes and indexes."""
    with closing(sqlite3.connect(f"file:{folder / 'kiosk.db'}?mode=ro", uri=True)) as db:
        query = "SELECT sum(length(event_id) + length(kind) + length(body)) FROM outbox"
        return int(db.execute(query).fetchone()[0])


def _io() -> dict[str, int]:
    """proc(5): `wchar` is what was handed to write(2) and its like, `write_bytes` what was sent to the disk."""
    lines = Path("/proc/self/io").read_text().splitlines()
    counts = {name: int(value) for name, value in (line.split(": ") for line in lines)}
    return {name: counts[name] for name in ("wchar", "write_bytes")}
