import hashlib
import json
import re
import resource
import sqlite3
import zipfile
from contextlib import closing

import pytest
from click.testing import CliRunner

from drivers.bill_acceptor import events
from drivers.printer.render import plain_text
from kiosk.commands import main
from kiosk.journal import copying, retention
from kiosk.journal.verify import verify as verify_file
from kiosk.screen_link import intents
from kiosk_bench import TWENTY, Bench


@pytest.fixture
def machine(tmp_path):
    """In the middle of a sale, and its core runs on."""
    bench = Bench(tmp_path)
    bench.start()
    bench.prepare()
    bench.insert()
    yield bench
    bench.store.close()


@pytest.fixture
def config(tmp_path, machine):
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
    return path


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


def files_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_disputed_sale_leaves_as_one_file(config, machine, tmp_path):
    machine.send(events.BillEscrowed(TWENTY))
    machine.pass_s(70)
    sale = machine.core.memory.sale
    bill_id = machine.core.memory.lost_bill.bill_id
    done = run("export", sale.claim_code.lower(), "--config", config, "--out", tmp_path / "x.zip")
    assert done.exit_code == 0, done.output
    files = files_of(tmp_path / "x.zip")
    assert files[f"trace-{bill_id}.txt"] == machine.ports.acceptor_trace()
    assert f"20.00 USD  disputed (to be stacked; DeadlinePassed)  {bill_id}" in files["README.txt"]
    assert sale.destination.address in files["outbox.jsonl"]
    assert len(files["bills.jsonl"].splitlines()) == 2


def test_the_receipt_is_the_one_that_was_printed(config, machine, tmp_path):
    machine.commit()
    session_id = machine.screen.session_id
    machine.send(machine.paid(), intents.DismissRequested())
    printed = plain_text(machine.ports.printed[-1].document)
    run("export", session_id, "--config", config, "--out", tmp_path / "x.zip")
    receipt = files_of(tmp_path / "x.zip")["receipt.txt"]
    assert receipt == printed


def test_the_hashes_are_made_as_the_readme_says(config, machine, tmp_path):
    session_id = machine.screen.session_id
    run("export", session_id, "--config", config, "--out", tmp_path / "x.zip")
    files = files_of(tmp_path / "x.zip")
    for table in ("journal", "outbox"):
        [names] = re.findall(rf"^  {table} +(.*)$", files["README.txt"], re.MULTILINE)
        for line in files[f"{table}.jsonl"].splitlines():
            row = json.loads(line)
            values = json.dumps([row[name] for name in names.split(", ")], separators=(",", ":"))
            assert hashlib.sha256(values.encode("ascii")).hexdigest() == row["hash"]


def test_a_sale_whose_rows_have_gone_still_has_its_facts(config, machine, tmp_path, monkeypatch):
    monkeypatch.setattr(retention, "ROWS_KEPT_MIN", 0)
    machine.commit()
    session_id = machine.screen.session_id
    machine.send(machine.paid(), intents.DismissRequested())
    machine.clock.seconds += 91 * 86_400
    machine.core.tidy()
    run("export", session_id, "--config", config, "--out", tmp_path / "x.zip")
    files = files_of(tmp_path / "x.zip")
    assert "The receipt cannot be printed again" in files["README.txt"]
    assert (
        "The machine ordered the payout for the cash that was in: 20.00 USD" in files["README.txt"]
    )
    assert "receipt.txt" not in files


def test_what_is_there_is_not_overwritten(config, machine, tmp_path):
    (tmp_path / "x").write_text("mine")
    session_id = machine.screen.session_id
    for arguments in (["export", session_id, "--out", tmp_path / "x"], ["copy", tmp_path / "x"]):
        done = run(*arguments, "--config", config)
        assert done.exit_code == 2
        assert "is there already" in done.output
    assert (tmp_path / "x").read_text() == "mine"


def test_an_unknown_claim_code_is_told_in_words(config):
    done = run("export", "AAAA-AAAA", "--config", config)
    assert done.exit_code == 2
    assert "no session has the id or claim code 'AAAA-AAAA'" in done.output


def test_a_copy_is_verified(config, tmp_path):
    done = run("copy", tmp_path / "copy.db", "--config", config)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "all is well")
    assert run("verify", "--database", tmp_path / "copy.db").exit_code == 0


def test_a_copy_is_one_moment_and_the_core_does_not_wait_for_it(machine, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "PAGES_PER_STEP", 1)
    before = verify_file(machine.store.path)
    sold = []

    def sell_on(said: str) -> None:
        machine.insert()
        sold.append(said)

    copying.copy_database(machine.store.path, tmp_path / "copy.db", sell_on)
    assert len(sold) > 5
    copied = verify_file(tmp_path / "copy.db")
    assert (copied.findings, copied.outbox) == ((), before.outbox)
    assert not (tmp_path / "copy.db-wal").exists()


def test_a_folder_that_is_not_there_is_told_in_words(config, tmp_path):
    done = run("copy", tmp_path / "nowhere" / "copy.db", "--config", config)
    assert done.exit_code == 2
    assert "No such file or directory" in done.output


def test_a_stick_that_is_full_is_not_a_damaged_journal(config, tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, before[1]))
    try:
        done = run("copy", tmp_path / "copy.db", "--config", config)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.exit_code == 2
    assert f"{tmp_path / 'copy.db'}: cannot be written" in done.output
    assert not list(tmp_path.glob("copy.db*"))


def test_an_export_that_finds_no_room_leaves_no_half_of_it(config, machine, tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256, before[1]))
    try:
        code = machine.screen.claim_code
        done = run("export", code, "--config", config, "--out", tmp_path / "case.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.exit_code == 2
    assert f"{tmp_path / 'case.zip'}: cannot be written" in done.output
    assert not (tmp_path / "case.zip").exists()


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "x.db").write_bytes(b"something else" * 1000)
    done = run("verify", "--database", tmp_path / "x.db")
    assert done.exit_code == 1
    assert "file is not a database; keep the file" in done.output


@pytest.mark.parametrize(
    "arguments", [[], ["--database", "/nowhere/kiosk.db"], ["--database", "/" + "x" * 300]]
)
def test_a_mistake_is_told_in_words(arguments):
    done = run("verify", *arguments)
    assert done.exit_code == 2
    assert done.output.startswith("kiosk: ")
