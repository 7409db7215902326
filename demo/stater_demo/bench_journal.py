"""What one sale costs the disk: commits of the real core, beside a bare SQLite commit on the same disk in the same run.

The core, its store and its turns are the product's own, with `synchronous=FULL`; devices and central are said, not
simulated, so that nothing but the journal is measured. A sale here has two bills, a payout and a receipt.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from drivers.bill_acceptor import events as acceptor
from drivers.bill_acceptor.events import Bill
from drivers.clock import SystemClock
from drivers.printer.events import ReceiptPrinted
from drivers.scanner.events import CodeSeen
from kiosk.core.core import Core, Inbox
from kiosk.journal.outbox import OutboxReader
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

Timings = dict[str, list[float]]


class BenchKiosk:
    """One kiosk in this process; each turn is timed under the name of its event."""

    def __init__(self, folder: Path) -> None:
        self.timings: Timings = {}
        self._store = Store(folder / "kiosk.db")
        self._reader = OutboxReader(folder / "kiosk.db")
        self._acknowledged_seq = 0
        self._core = Core(CONFIG, self._store, IdlePorts(), clock=SystemClock(), inbox=Inbox())
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
        _measure(sales, Path(temporary), say)


def _measure(sales: int, folder: Path, say: Callable[[str], None]) -> None:
    with closing(BenchKiosk(folder)) as kiosk:
        for _ in range(WARM_UP_SALES):
            kiosk.sell()
        kiosk.timings.clear()
        size_before, io_before, facts_before = _size(folder), _io(), _facts(folder)
        began_s = time.perf_counter()
        for _ in range(sales):
            kiosk.sell()
        spent_s = time.perf_counter() - began_s
        io, facts = _io(), _facts(folder)
        size = _size(folder)
    bills = sales * BILLS_PER_SALE
    bare = list(bare_commits(folder / "bare.db", bills))
    say(f"{'milliseconds':<32}{'n':>6}{'p50':>9}{'p99':>9}{'max':>9}")
    for name, words in (
        ("BillEscrowed", "decision to stack: on disk"),
        ("BillStacked", "credit: on disk"),
    ):
        say(Figures.of(kiosk.timings[name]).row(words))
    say(Figures.of(bare).row("bare SQLite commit"))
    credited = kiosk.timings["BillStacked"]
    say(f"\n{_rate(credited):.0f} credits a second, {_rate(bare):.0f} bare commits a second")
    say(f"{sales / spent_s:.1f} whole sales a second")
    written = {key: (io[key] - io_before[key]) / sales for key in io}
    fact_bytes = (facts - facts_before) / sales
    say(f"\nfor each sale of {BILLS_PER_SALE} bills:")
    say(f"  {fact_bytes:>10,.0f} bytes of facts")
    say(
        f"  {written['wchar']:>10,.0f} bytes through write(2), {written['wchar'] / fact_bytes:.0f} for each byte of facts"
    )
    say(f"  {written['write_bytes']:>10,.0f} bytes to the disk")
    grown = (size - size_before) / sales
    say(
        f"  {grown:>10,.0f} bytes more of database; {grown * SALES_PER_YEAR / MIB:,.0f} MiB in {SALES_PER_YEAR:,} sales, before retention"
    )


def _rate(seconds: Sequence[float]) -> float:
    return len(seconds) / sum(seconds)


def _size(folder: Path) -> int:
    """Of the pages in use, whether they lie in the file or still in the WAL."""
    with closing(sqlite3.connect(f"file:{folder / 'kiosk.db'}?mode=ro", uri=True)) as db:
        pages, free, page_size = (
            int(db.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * page_size


def _facts(folder: Path) -> int:
    """What was to be kept: the text of the outbox's rows, without hashes and indexes."""
    with closing(sqlite3.connect(f"file:{folder / 'kiosk.db'}?mode=ro", uri=True)) as db:
        query = "SELECT sum(length(kind) + length(body) + length(event_id) + 36) FROM outbox"
        return int(db.execute(query).fetchone()[0])


def _io() -> dict[str, int]:
    """proc(5): `wchar` is what was handed to write(2) and its like, `write_bytes` what was sent to the disk."""
    lines = Path("/proc/self/io").read_text().splitlines()
    counts = {name: int(value) for name, value in (line.split(": ") for line in lines)}
    return {name: counts[name] for name in ("wchar", "write_bytes")}
