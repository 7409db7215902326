"""`kiosk core` as a process on a machine where something is missing: it says what, and what to do."""

import contextlib
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from lone_core import running, shown, write_config
from stater_demo.part import program
from stater_demo.touchscreen import Touchscreen


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path)


def test_boot_needs_nothing_and_says_what_is_missing(config):
    with running(config):
        missing = {"acceptor-missing", "camera-missing", "central-unreachable", "printer-missing"}
        assert shown(config, missing - {"printer-missing"}).state == "out_of_service"


def test_a_serial_scanner_that_is_plugged_in_later_is_found(config):
    source = f'source = "{config.parent}/camera"'
    config.write_text(config.read_text().replace(source, f'kind = "ssi"\n{source}'))
    command = [program("hardware-sim"), "scanner", "--kind=ssi", f"--link={config.parent}/camera"]
    with running(config):
        shown(config, {"camera-missing"})
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as engine:
            try:
                with contextlib.closing(Touchscreen(config.parent / "screen.sock")) as screen:
                    screen.wait_until(
                        "a scanner",
                        lambda s: "camera-missing" not in s.service.reasons,
                        timeout_s=20,
                    )
            finally:
                engine.kill()


def test_a_locked_database_closes_the_machine_and_is_said_to_the_operator(config):
    with running(config) as core:
        shown(config, {"camera-missing"})
        core.terminate()
        assert core.wait(10) == 0
    other = sqlite3.connect(config.parent / "data" / "kiosk.db")
    other.execute("BEGIN IMMEDIATE")
    with running(config) as core:
        assert shown(config, {"storage"}).state == "out_of_service"
        _, said = core.communicate(timeout=20)
    assert core.returncode == os.EX_IOERR
    assert "the database is locked by another program" in said
    assert "Traceback" not in said
    other.close()


def test_a_damaged_database_closes_the_machine_until_a_person_comes_and_is_kept(config):
    database = config.parent / "data" / "kiosk.db"
    database.parent.mkdir()
    content = b"half a page of something else" * 300
    database.write_bytes(content)
    with running(config) as core:
        assert shown(config, {"storage-damaged"}).state == "out_of_service"
        with pytest.raises(subprocess.TimeoutExpired):
            core.wait(7)  # longer than the pause before a restart
        core.terminate()
        _, said = core.communicate(timeout=20)
    assert core.returncode == os.EX_IOERR
    assert said.count("keep the file") == 1
    assert "Traceback" not in said
    assert database.read_bytes() == content


def test_a_database_that_vanished_closes_the_machine_and_no_other_is_begun(config):
    with running(config) as core:
        shown(config, {"camera-missing"})
        core.terminate()
        assert core.wait(10) == 0
    database = config.parent / "data" / "kiosk.db"
    database.unlink()
    with running(config) as core:
        assert shown(config, {"storage-damaged"}).state == "out_of_service"
        core.terminate()
        _, said = core.communicate(timeout=20)
    assert "is gone, though this kiosk had one" in said
    assert not database.exists()


def test_a_second_core_is_refused(config):
    with running(config):
        shown(config, {"camera-missing"})
        command = [program("kiosk"), "core", "--config", str(config)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert second.returncode == 2
    assert "another kiosk core is running here" in second.stderr


def test_a_misspelt_key_is_named_without_a_traceback(config):
    config.write_text(config.read_text().replace("support_phone", "suport_phone"))
    command = [program("kiosk"), "core", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert "did you mean 'support_phone'?" in done.stderr
    assert "Traceback" not in done.stderr
