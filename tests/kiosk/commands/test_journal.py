import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from kiosk.commands import main
from kiosk_bench import Bench


@pytest.fixture
def config(tmp_path):
    """Of a kiosk in the middle of a sale, whose core runs on."""
    path = tmp_path / "kiosk.toml"
    path.write_text(
        f"""
        kiosk = {{ id = "kiosk-1", data_dir = "{tmp_path}", network = "regtest" }}
        operator = {{ name = "Corner Shop", support_phone = "+1 555 0100" }}
        central = {{ url = "http://127.0.0.1:1", key_file = "{tmp_path}/key.pem" }}
        bill_acceptor = {{ port = "{tmp_path}/acceptor" }}
        scanner = {{ source = "0" }}
        """
    )
    bench = Bench(tmp_path)
    bench.start()
    bench.prepare()
    bench.insert()
    yield path
    bench.store.close()


def run(*arguments):
    return CliRunner().invoke(main, ["journal", *map(str, arguments)])


def test_a_sound_journal_beside_a_running_core(config):
    done = run("verify", "--config", config)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "all is well")


def test_the_hashes_at_the_end_are_told(config, tmp_path):
    with closing(sqlite3.connect(tmp_path / "kiosk.db")) as db:
        seq, last = db.execute("SELECT seq, hash FROM outbox ORDER BY seq DESC").fetchone()
    assert f"the last is {seq}, hash {last}" in run("verify", "--config", config).output


def test_a_changed_row_is_told_with_its_number(config, tmp_path):
    with closing(sqlite3.connect(tmp_path / "kiosk.db")) as db, db:
        db.execute("DROP TRIGGER outbox_no_update")
        db.execute("UPDATE outbox SET at_ms = 0 WHERE seq = 2")
    done = run("verify", "--config", config)
    assert done.exit_code == 1
    assert "WRONG  outbox 2: it was changed" in done.output


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "x.db").write_bytes(b"something else" * 1000)
    done = run("verify", "--database", tmp_path / "x.db")
    assert done.exit_code == 1
    assert "file is not a database; keep the file" in done.output


@pytest.mark.parametrize("arguments", [[], ["--database", "/nowhere/kiosk.db"]])
def test_a_mistake_is_told_in_words(arguments):
    done = run("verify", *arguments)
    assert done.exit_code == 2
    assert done.output.startswith("kiosk: ")
