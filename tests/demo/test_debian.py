"""Programs of Debian: fetched for real when asked for with `-m slow`; what is said where they cannot be."""

import subprocess
from pathlib import Path

import pytest

from stater_demo import debian
from stater_demo.debian import BITCOIND, LITECOIND, DebianProgram, ProgramUnavailable


def _tool(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH of a machine with apt and a keyring, and nothing fetched."""
    tools = tmp_path / "bin"
    tools.mkdir()
    _tool(tools, "dpkg", "exit 1")
    keyring = tmp_path / "keyring.gpg"
    keyring.touch()
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("STATER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(debian, "KEYRINGS", (keyring,))
    return tools


def test_a_bitcoind_in_the_path_is_preferred_to_fetching(machine: Path) -> None:
    _tool(machine, "bitcoind", "exit 0")
    assert BITCOIND.find() == [str(machine / "bitcoind")]


def test_without_a_keyring_nothing_is_fetched(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tool(machine, "apt-get", "exit 0")
    monkeypatch.setattr(debian, "KEYRINGS", ())
    with pytest.raises(ProgramUnavailable, match="keyring"):
        BITCOIND.fetch()


def test_a_machine_that_is_not_debian_is_told_to_install_bitcoind(machine: Path) -> None:
    assert not (machine / "apt-get").exists()
    with pytest.raises(ProgramUnavailable, match="install bitcoind yourself"):
        BITCOIND.fetch()


def test_without_a_debian_mirror_the_reason_says_so(machine: Path) -> None:
    _tool(machine, "apt-get", "echo http://archive.example/ubuntu/")
    with pytest.raises(ProgramUnavailable, match="knows no Debian mirror"):
        BITCOIND.fetch()


def test_without_network_the_reason_is_what_apt_said_and_nothing_is_left(
    machine: Path, tmp_path: Path
) -> None:
    script = """case "$1" in
      indextargets) echo http://mirror.example/debian/ ;;
      *) echo 'E: Could not connect' >&2; exit 100 ;;
    esac"""
    _tool(machine, "apt-get", script)
    with pytest.raises(ProgramUnavailable, match="Could not connect"):
        BITCOIND.fetch()
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_package_without_the_program_is_the_wrong_machine(machine: Path) -> None:
    _tool(machine, "apt-get", 'test "$1" != indextargets || echo http://mirror.example/debian/')
    with pytest.raises(ProgramUnavailable, match="no program for this machine"):
        BITCOIND.fetch()


def test_what_another_process_has_put_there_meanwhile_is_kept(
    machine: Path, tmp_path: Path
) -> None:
    """It may be running already."""
    _unpacked(BITCOIND.home)
    _unpacked(tmp_path / "late")
    (BITCOIND.home / "first").touch()
    assert debian._move_in(tmp_path / "late", BITCOIND) == BITCOIND.fetched()
    assert (BITCOIND.home / "first").exists()


def test_what_is_left_of_half_a_fetch_is_replaced(machine: Path, tmp_path: Path) -> None:
    BITCOIND.home.mkdir(parents=True)
    (BITCOIND.home / "half").touch()
    _unpacked(tmp_path / "whole")
    assert debian._move_in(tmp_path / "whole", BITCOIND)[-1].endswith("usr/bin/bitcoind")


def _unpacked(root: Path) -> None:
    for name in ("usr/lib64/ld-linux-x86-64.so.2", BITCOIND.path):
        (root / name).parent.mkdir(parents=True)
        (root / name).touch()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("program", [BITCOIND, LITECOIND], ids=lambda program: program.name)
def test_it_is_fetched_and_runs_on_its_own_loader(
    program: DebianProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATER_CACHE", str(tmp_path))
    try:
        words = program.fetch()
    except ProgramUnavailable as missing:
        pytest.skip(f"NOT TESTED: {missing}")
    assert words[-1] == str(tmp_path.resolve() / program.package / program.path)
    told = subprocess.run([*words, "-version"], capture_output=True, text=True, check=True)
    assert "version v" in told.stdout
    assert program.fetch() == words
    assert [path.name for path in tmp_path.iterdir()] == [program.package]
