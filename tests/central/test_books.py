"""The books and the folder they are kept in: who may begin them, who may open them, and what ails them."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.exc import DBAPIError

from disbursement.commands import main
from disbursement.database import Database, in_words
from disbursement.errors import InvalidSetup

CENTRAL = Path(sys.executable).with_name("central")
KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"  # RFC 8032, 7.1, test 1
TIMEOUT_S = 30
NEED_BOOKS = [
    ["status"],
    ["settle", "kiosk-1/1", "--note", "done"],
    ["finalize", "transfer-1", "--note", "done"],
    ["kiosk", "list"],
    ["kiosk", "remove", "kiosk-1"],
]


def run(folder: Path, *words: str) -> Any:
    return CliRunner().invoke(main, [*words, "--data-dir", str(folder)])


def begin_books(folder: Path) -> Path:
    assert run(folder, "kiosk", "add", "kiosk-1", "--public-key", KEY).exit_code == 0
    return folder / "central.db"


def demand_words(told: Any, *parts: str) -> None:
    assert told.exit_code == 2, told.output
    assert told.output.startswith("Error: ")
    for part in parts:
        assert part in told.output
    for raw in ("sqlite3.", "sqlalche.me", "[Errno", "Traceback", "SELECT"):
        assert raw not in told.output


def serve_in_vain(*words: str) -> str:
    told = subprocess.run(
        [CENTRAL, "serve", *words], capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert (told.returncode, told.stdout) == (2, "")
    assert "Traceback" not in told.stderr
    return told.stderr


def test_a_second_service_on_the_same_books_does_not_start(serve: Any, tmp_path: Path) -> None:
    first = serve()
    told = serve_in_vain("--config", str(first.config_file))
    folder = tmp_path / "books"
    assert told.startswith(f"Error: another `central serve` runs on the books in {folder}: ")
    first.kiosk()
    assert "kiosk-1: never seen" in first.command("status")
    assert first.client.get("/healthz").json()["ok"] is True
    first.end(signal.SIGKILL)
    assert serve().client.get("/healthz").json()["ok"] is True  # no lock is left behind


def test_what_listens_there_already_is_told_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = serve_in_vain("--data-dir", str(tmp_path), "--port", str(port))
    assert told == (
        f"Error: cannot listen on 127.0.0.1, port {port}: Address already in use; "
        "choose another with --host or --port (0: any free one)\n"
    )


@pytest.mark.parametrize("words", NEED_BOOKS, ids=lambda words: words[0])
def test_a_mistyped_folder_gets_no_books(tmp_path: Path, words: list[str]) -> None:
    demand_words(run(tmp_path / "none", *words), f"there are no books in {tmp_path / 'none'}")
    assert not (tmp_path / "none").exists()
    demand_words(run(tmp_path, *words), f"there are no books in {tmp_path}")
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_tables_is_no_books(tmp_path: Path) -> None:
    (tmp_path / "central.db").touch()  # as a start that was cut off leaves it
    demand_words(run(tmp_path, "status"), "there are no books")
    begin_books(tmp_path)
    assert run(tmp_path, "status").exit_code == 0


@pytest.mark.parametrize("words", [*NEED_BOOKS, ["kiosk", "add", "kiosk-2", "--public-key", KEY]])
def test_a_file_that_is_no_database_is_told_in_words(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "central.db").write_bytes(b"coffee" * 1_000)
    demand_words(run(tmp_path, *words), f"{tmp_path / 'central.db'}: the database is damaged")


def test_damage_that_shows_only_in_the_middle_is_told_in_words(tmp_path: Path) -> None:
    file = begin_books(tmp_path)
    with closing(sqlite3.connect(file)) as books, books:
        [[page_bytes]] = books.execute("PRAGMA page_size")
        [[page]] = books.execute("SELECT rootpage FROM sqlite_master WHERE name = 'kiosks'")
    books.close()
    with file.open("r+b") as raw:
        raw.seek((page - 1) * page_bytes)
        raw.write(b"coffee" * 500)
    demand_words(run(tmp_path, "status"), f"{file}: the database is damaged")


def test_books_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    file = begin_books(tmp_path)
    with closing(sqlite3.connect(file)) as books, books:
        books.execute("UPDATE disbursement_version SET version_num = '9999'")
    books.close()
    demand_words(run(tmp_path, "status"), f"{file} is of a newer version of this program")


@pytest.mark.parametrize(
    "words", [["serve", "--port", "0"], ["kiosk", "add", "kiosk-1", "--public-key", KEY]]
)
def test_a_folder_that_cannot_be_made_is_told_in_words(words: list[str]) -> None:
    told = run(Path("/proc/none"), *words)
    demand_words(told, "cannot make the folder /proc/none", "server.data_dir")


def test_a_file_in_the_folders_place_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "books").touch()
    config = tmp_path / "central.toml"
    config.write_text(f"[server]\ndata_dir = {json.dumps(str(tmp_path / 'books'))}\n")
    demand_words(CliRunner().invoke(main, ["status", "--config", str(config)]), "no books")
    told = serve_in_vain("--config", str(config))
    assert told.startswith(f"Error: cannot make the folder {tmp_path / 'books'}")


@pytest.mark.parametrize(
    ("pragma", "told"),
    [
        ("max_page_count = 2", "the disk is full: make room and try again"),
        ("query_only = 1", "cannot be written: do file and folder belong to who runs this?"),
        ("busy_timeout = 0", "another program keeps the database locked: end it and try again"),
    ],
)
def test_what_sqlite_says_becomes_an_operators_words(
    tmp_path: Path, pragma: str, told: str
) -> None:
    file = tmp_path / "some.db"
    holder = sqlite3.connect(file)
    holder.execute("CREATE TABLE t (x)")
    if "busy" in pragma:
        holder.execute("BEGIN IMMEDIATE")
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA {pragma}")
        with pytest.raises(DBAPIError) as failure:
            connection.exec_driver_sql("INSERT INTO t VALUES (zeroblob(100000))")
    engine.dispose()
    holder.close()
    assert in_words(failure.value) == told


@pytest.mark.skipif(sys.version_info < (3, 12), reason="DBOS asks it of Python 3.12 and newer")
def test_an_sqlite_too_old_for_this_python_is_said(monkeypatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(InvalidSetup, match=r"needs 3\.42 or newer"):
        Database("sqlite://")
