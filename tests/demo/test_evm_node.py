"""The Ethereum node of one's own: obtained and checked, and what is said where it cannot be."""

import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from stater_demo import anvil
from stater_demo.debian import ProgramUnavailable
from stater_demo.evm_node import AnvilNode

needs_node = pytest.mark.skipif(anvil.find() is None, reason="no anvil: bin/setup fetches it")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH of a machine that has fetched nothing."""
    tools = tmp_path / "bin"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("STATER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(anvil.platform, "machine", lambda: "x86_64")
    return tools


def _npm(tools: Path, script: str) -> None:
    (tools / "npm").write_text(f"#!/bin/sh\n{script}\n")
    (tools / "npm").chmod(0o755)


def test_an_anvil_in_the_path_is_preferred_to_fetching(machine: Path) -> None:
    (machine / "anvil").touch(0o755)
    assert anvil.find() == machine / "anvil"


def test_without_npm_the_reason_says_so(machine: Path) -> None:
    result = CliRunner().invoke(anvil.main, ["fetch"])
    assert result.exit_code == 1
    assert result.stderr == (
        "No Ethereum node: neither npm nor uvx is on this machine; install anvil yourself\n"
    )


def test_another_machine_is_told_to_install_it(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anvil.platform, "machine", lambda: "sparc")
    with pytest.raises(ProgramUnavailable, match="no anvil is known for sparc"):
        anvil.fetch()


def test_a_package_with_other_bytes_is_not_unpacked(machine: Path, tmp_path: Path) -> None:
    (tmp_path / "anvil").write_text("evil")
    with tarfile.open(tmp_path / "evil.tgz", "w:gz") as archive:
        archive.add(tmp_path / "anvil", anvil.MEMBER)
    _npm(machine, f"/bin/cp {tmp_path}/evil.tgz .")
    with pytest.raises(ProgramUnavailable, match=r"evil\.tgz is not the one that is known"):
        anvil.fetch()
    assert list((tmp_path / "cache").iterdir()) == []


def test_what_npm_complains_of_is_the_reason(machine: Path) -> None:
    _npm(machine, "echo npm error code ENOTFOUND >&2; exit 1")
    with pytest.raises(ProgramUnavailable, match="npm: npm error code ENOTFOUND"):
        anvil.fetch()


@needs_node
def test_what_was_mined_outlives_a_stop_but_not_a_power_cut(tmp_path: Path) -> None:
    address = "0x00000000000000000000000000000000000000aa"
    with AnvilNode.start(tmp_path) as first:
        first.rpc("anvil_setBalance", address, hex(5))
        first.mine(3)
    with AnvilNode.start(tmp_path) as second:
        assert second.rpc("eth_getBalance", address, "latest") == hex(5)
        assert second.rpc("eth_blockNumber") == hex(3)
        second.mine()
        second.kill()
    with AnvilNode.start(tmp_path) as third:
        assert third.rpc("eth_blockNumber") == hex(3)


@pytest.mark.slow
def test_it_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATER_CACHE", str(tmp_path))
    try:
        program = anvil.fetch()
    except ProgramUnavailable as missing:
        pytest.skip(f"NOT TESTED: {missing}")
    assert list(tmp_path.iterdir()) == [program]
