"""The database of a kiosk that sold for a year, written by the product's own core, and kept for the next time."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import platformdirs

import kiosk
from stater_demo.bench_journal import BenchKiosk

YEAR_S = 365 * 86_400
MEMORY_DISK = Path("/dev/shm")  # noqa: S108  # where fsync costs nothing
TELL_EVERY = 1_000


@dataclass
class YearClock:
    """Begins a year ago, and is moved by hand."""

    seconds: float = 0.0
    began_ms: int = time.time_ns() // 1_000_000 - YEAR_S * 1_000

    def monotonic_s(self) -> float:
        return self.seconds

    def now_ms(self) -> int:
        return self.began_ms + int(self.seconds * 1_000)


def database_of_a_year(sales: int, say: Callable[[str], None]) -> Path:
    cache = platformdirs.user_cache_path("stater-bench", ensure_exists=True)
    kept = cache / f"{sales}-sales-{_code_hash()[:16]}.db"
    if not kept.exists():
        for old in cache.glob(f"{sales}-sales-*.db"):
            old.unlink()
        _write(sales, kept, say)
    return kept


def _write(sales: int, kept: Path, say: Callable[[str], None]) -> None:
    memory = MEMORY_DISK if MEMORY_DISK.is_dir() else None
    clock = YearClock()
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="stater-year-", dir=memory) as folder:
        with closing(BenchKiosk(Path(folder), clock)) as kiosk_core:
            for number in range(1, sales + 1):
                kiosk_core.sell()
                clock.seconds += YEAR_S / sales
                kiosk_core.tidy()
                if number % TELL_EVERY == 0 or number == sales:
                    spent_s = time.monotonic() - began_s
                    say(f"  {number:,} of {sales:,} sales, {spent_s:.0f} s")
        unfinished = kept.with_suffix(".part")
        shutil.copyfile(Path(folder) / "kiosk.db", unfinished)
        unfinished.rename(kept)


def _code_hash() -> str:
    """Of what decides what is written."""
    digest = hashlib.sha256()
    package = Path(kiosk.__file__).parent
    for folder in (package / "journal", package / "session", package / "core"):
        for source in sorted(folder.rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()
