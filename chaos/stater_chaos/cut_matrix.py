"""`docs/power-cut-matrix.md`: what becomes of a bill for each protocol, each moment of its life and each kind of cut.

    python -m stater_chaos.cut_matrix [--check]

Every cell is lived, and judged; a page with a cell that breaks a rule is never written.
"""

import argparse
import gc
import logging
import multiprocessing
import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from hardware_sim.bill_acceptor.protocols import PROTOCOLS
from stater_chaos.cut_page import Cell, cells_of, draw
from stater_chaos.cut_phases import Cut
from stater_chaos.cut_shop import Row, live

PAGE = Path(__file__).parents[2] / "docs" / "power-cut-matrix.md"
AGAIN = "run: uv run python -m stater_chaos.cut_matrix"


def lived() -> dict[Cell, Row]:
    """Every cell, on all processors."""
    columns = [(protocol, cut) for protocol in PROTOCOLS for cut in Cut]
    gc.freeze()  # what is loaded stays: no collection looks at it again
    context = multiprocessing.get_context("fork")  # the imports cost more than a column
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), context) as pool:
        found = pool.map(_column, *zip(*columns, strict=True))
        return {cell: row for column in found for cell, row in column.items()}


def _column(protocol: str, cut: Cut) -> dict[Cell, Row]:
    logging.disable(logging.CRITICAL)
    return {Cell(protocol, phase, cut): row for phase, row in live(protocol, cut).items()}


def broken(rows: Mapping[Cell, Row]) -> Iterator[str]:
    for cell, row in rows.items():
        if row.violations:
            yield f"{cell}: {'; '.join(row.violations)}\n{_story(row)}"


def changed(before: str, rows: Mapping[Cell, Row]) -> Iterator[str]:
    """Which cell went from what to what, and how it came to it."""
    was, now = cells_of(before), cells_of(draw(rows))
    for cell in sorted(was.keys() | now.keys()):
        if was.get(cell) != now.get(cell):
            yield f"{cell}: was {was.get(cell)!r}, is {now.get(cell)!r}"
            if cell in rows:
                yield _story(rows[cell])


def _story(row: Row) -> str:
    return "\n".join(f"    {line}" for line in row.story)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m stater_chaos.cut_matrix",
        description="Cuts core, power and cable at every moment of a bill's life, with every protocol, and draws"
        f" docs/{PAGE.name} from what becomes of the bill.",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when the page says otherwise"
    )
    check: bool = parser.parse_args().check
    rows = lived()
    wrong = list(broken(rows))
    if wrong:
        sys.stderr.write("\n".join(["a rule is broken:", *wrong, ""]))
        return 1
    before = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    after = draw(rows)
    if not check:
        PAGE.write_text(after, encoding="utf-8")
    elif before != after:
        news = list(changed(before, rows)) or ["the words round the tables"]
        sys.stderr.write("\n".join([f"stale in docs/{PAGE.name}:", *news, AGAIN, ""]))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
