"""The node of one's own: real bitcoind where there is one; what is said where there is none."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from stater_demo.node import RegtestNode, RpcRefused, find_bitcoind, main

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


def test_a_failed_fetch_ends_with_words_and_status_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("STATER_CACHE", str(tmp_path / "cache"))
    result = CliRunner().invoke(main, ["fetch"])
    assert result.exit_code == 1
    assert result.stderr == (
        "No Bitcoin node: apt-get is not on this machine; install bitcoind yourself\n"
        "No Litecoin node: apt-get is not on this machine; install litecoind yourself\n"
    )
