"""PostgreSQL where the machine has none."""

import socket
from pathlib import Path

import psycopg
import pytest

from stater_demo import postgres_programs
from stater_demo.postgres import cluster
from stater_demo.postgres_programs import PostgresUnavailable, fetch, find_bin


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without PostgreSQL, and nothing fetched."""
    monkeypatch.setattr(postgres_programs, "DEBIANS", tmp_path / "postgresql")
    monkeypatch.setenv("STATER_CACHE", str(tmp_path / "cache"))


@pytest.mark.usefixtures("bare")
def test_the_newest_of_this_machine_is_taken_and_none_that_is_too_old(tmp_path: Path) -> None:
    def install(version: str) -> Path:
        initdb = tmp_path / "postgresql" / version.partition(".")[0] / "bin" / "initdb"
        initdb.parent.mkdir(parents=True)
        initdb.write_text(f"#!/bin/sh\necho 'initdb (PostgreSQL) {version} (Debian)'\n")
        initdb.chmod(0o755)
        return initdb.parent

    assert find_bin() != install("9.6.24")
    newest = install("99.1")
    install("15.3")
    assert find_bin() == newest


@pytest.mark.usefixtures("bare")
def test_where_there_is_none_to_be_had_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PostgresUnavailable) as told:
        fetch()
    assert str(told.value) == (
        "no PostgreSQL server here (apt-get install postgresql), and "
        "apt-get is not on this machine; install postgres yourself"
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("bare")
def test_it_is_fetched_and_keeps_books(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_programs, "OLDEST", 99)  # whatever this machine has
    try:
        fetch()
    except PostgresUnavailable as missing:
        pytest.skip(f"NOT TESTED: {missing}")
    with cluster() as running:
        with psycopg.connect(running.create("books")) as connection:
            asked = connection.execute("SELECT upper('\u00e4') || current_setting('fsync')")
            assert asked.fetchone() == ("\u00c4off",)
        port = running.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
