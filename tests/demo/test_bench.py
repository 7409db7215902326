"""The bench's instruments, before anyone trusts a figure of theirs."""

import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.journal.verify import verify
from stater_demo import bench_central
from stater_demo.bench import main
from stater_demo.bench_acceptors import Figures, bare_commits
from stater_demo.postgres_programs import PostgresUnavailable
from stater_demo.problem import DemoProblem
from stater_demo.year import database_of_a_year


def test_quantiles_are_latencies_that_happened() -> None:
    figures = Figures.of([each / 1_000 for each in range(1, 101)])
    assert (figures.count, figures.p50_ms, figures.p99_ms, figures.most_ms) == (100, 51, 100, 100)


def test_one_measurement_is_all_its_quantiles() -> None:
    figures = Figures.of([0.25])
    assert (figures.p50_ms, figures.p99_ms, figures.most_ms) == (250, 250, 250)


def test_bare_commits_are_counted_one_by_one(tmp_path: Path) -> None:
    taken = list(bare_commits(tmp_path / "bare.db", 5))
    assert len(taken) == 5
    assert all(each > 0 for each in taken)


def test_without_a_name_the_benches_are_listed() -> None:
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 0
    assert "acceptors" in result.output


def test_the_journal_is_measured_on_sales_that_end(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["journal", "--sales", "10", "--on", str(tmp_path)])
    assert result.exit_code == 0, result.output
    counts = re.findall(r"on disk +(\d+)", result.output)
    assert counts == ["20", "20"]
    assert "a year of 20,000 sales" in result.output
    assert list(tmp_path.iterdir()) == []


def test_the_preview_is_measured_in_both_shapes() -> None:
    result = CliRunner().invoke(main, ["preview", "--seconds", "1"])
    assert result.exit_code == 0, result.output
    rows = re.findall(r"^(portrait|landscape) +([\d.]+)", result.output, re.MULTILINE)
    assert [name for name, _ in rows] == ["portrait", "landscape"]
    assert all(float(shown) > 0 for _, shown in rows)


def test_a_year_of_sales_is_written_once_and_verifies(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said: list[str] = []
    year = database_of_a_year(3, said.append)
    verdict = verify(year)
    assert verdict.findings == ()
    assert verdict.acknowledged == verdict.outbox
    assert database_of_a_year(3, said.append) == year
    assert len(said) == 1


def test_transfers_are_measured_beside_bare_sql_and_the_books_add_up(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(bench_central, "CLIENTS", (1, 2))
    monkeypatch.setattr(bench_central, "BULK", 20)
    said: list[str] = []
    books = bench_central._sqlite(tmp_path / "books")
    plan = bench_central.Plan(seconds=0.2, accounts=(3, 30))
    bench_central._measure_all(tmp_path / "books", books, plan, said.append)
    rates = re.findall(
        r"^(?:one by one|in bulk), \d clients? +([\d,]+)", "\n".join(said), re.MULTILINE
    )
    assert len(rates) == 8
    assert all(int(rate.replace(",", "")) > 0 for rate in rates)
    books.run("UPDATE creditor_accounts SET principal = '1' WHERE creditor_id = 0")
    with pytest.raises(DemoProblem, match="do not add up"):
        bench_central._add_up(books)


def test_the_missing_postgresql_is_said_loudly(monkeypatch) -> None:
    @contextmanager
    def none_here(**_: object):
        raise PostgresUnavailable("no server here")
        yield

    monkeypatch.setattr(bench_central, "cluster", none_here)
    monkeypatch.setattr(bench_central, "_measure_all", lambda *_: None)
    result = CliRunner().invoke(main, ["central", "--quick"])
    assert result.exit_code == 0
    assert "!!! NOT MEASURED ON POSTGRESQL: no server here !!!" in result.output
