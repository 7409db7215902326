"""The node of one's own: real bitcoind where there is one; what is said where there is none."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from stater_demo import knots
from stater_demo.node import NodeUnavailable, RegtestNode, RpcRefused, find_bitcoind, main

needs_node = pytest.mark.skipif(
    find_bitcoind() is None, reason="no bitcoind: bin/setup fetches it"
)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegtestNode]:
    with RegtestNode.start(tmp_path_factory.mktemp("node")) as running:
        running.create_wallet("shop")
        running.fund("shop")
        yield running


@pytest.mark.node
@needs_node
def test_a_funded_wallet_pays_and_a_mined_block_confirms(node: RegtestNode) -> None:
    node.create_wallet("person")
    address = node.rpc("getnewaddress", wallet="person")
    txid = node.rpc("sendtoaddress", address, "0.00123456", wallet="shop")
    node.mine(1)
    seen = node.rpc("gettransaction", txid, wallet="person")
    assert (seen["confirmations"], seen["amount"]) == (1, Decimal("0.00123456"))


@pytest.mark.node
@needs_node
def test_one_mature_reward_can_be_spent_after_funding(node: RegtestNode) -> None:
    node.create_wallet("rich")
    node.fund("rich")
    balances = node.rpc("getbalances", wallet="rich")["mine"]
    assert balances["trusted"] > 0
    assert balances["immature"] > balances["trusted"]


@pytest.mark.node
@needs_node
def test_what_the_node_refuses_carries_its_code(node: RegtestNode) -> None:
    with pytest.raises(RpcRefused) as refusal:
        node.rpc("getblockhash", 10**6)
    assert refusal.value.code == -8  # RPC_INVALID_PARAMETER


@pytest.mark.node
@needs_node
def test_a_wallet_is_made_once_and_loaded_after_a_power_cut(tmp_path: Path) -> None:
    with RegtestNode.start(tmp_path) as first:
        first.create_wallet("shop")
        address = first.rpc("getnewaddress", wallet="shop")
        first.kill()
    with RegtestNode.start(tmp_path) as again:
        again.create_wallet("shop")
        assert again.rpc("getaddressinfo", address, wallet="shop")["ismine"]


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
    monkeypatch.setattr(knots, "KEYRINGS", (keyring,))
    return tools


def test_a_bitcoind_in_the_path_is_preferred_to_fetching(machine: Path) -> None:
    _tool(machine, "bitcoind", "exit 0")
    assert knots.fetch() == [str(machine / "bitcoind")]


def test_without_a_keyring_nothing_is_fetched(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tool(machine, "apt-get", "exit 0")
    monkeypatch.setattr(knots, "KEYRINGS", ())
    with pytest.raises(NodeUnavailable, match="keyring"):
        knots.fetch()


def test_a_machine_that_is_not_debian_is_told_to_install_bitcoind(machine: Path) -> None:
    assert not (machine / "apt-get").exists()
    with pytest.raises(NodeUnavailable, match="install bitcoind yourself"):
        knots.fetch()


def test_without_a_debian_mirror_the_reason_says_so(machine: Path) -> None:
    _tool(machine, "apt-get", "echo http://archive.example/ubuntu/")
    with pytest.raises(NodeUnavailable, match="knows no Debian mirror"):
        knots.fetch()


def test_without_network_the_reason_is_what_apt_said_and_nothing_is_left(
    machine: Path, tmp_path: Path
) -> None:
    script = """case "$1" in
      indextargets) echo http://mirror.example/debian/ ;;
      *) echo 'E: Could not connect' >&2; exit 100 ;;
    esac"""
    _tool(machine, "apt-get", script)
    with pytest.raises(NodeUnavailable, match="Could not connect"):
        knots.fetch()
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_package_without_the_program_is_the_wrong_machine(machine: Path) -> None:
    _tool(machine, "apt-get", 'test "$1" != indextargets || echo http://mirror.example/debian/')
    with pytest.raises(NodeUnavailable, match="no program for this machine"):
        knots.fetch()


def test_a_failed_fetch_ends_with_words_and_status_1(machine: Path) -> None:
    _tool(machine, "apt-get", "exit 0")
    result = CliRunner().invoke(main, ["fetch"])
    assert result.exit_code == 1
    assert result.stderr == "No Bitcoin node: this machine's apt knows no Debian mirror\n"
