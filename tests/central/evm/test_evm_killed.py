"""A real `central serve`, killed again and again, and a real anvil: one payment of the exact amount for each address."""

import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from disbursement.wallets.evm.key import read_key
from evm_bench import EvmBench, new_key, somebody
from stater_demo.evm_node import AnvilNode

pytestmark = pytest.mark.node

GWEI = 10**9
DEADLINE_S = 180  # a payout that met as many waiting ones as the node keeps may wait for a minute


def config_of(node: AnvilNode, key: Path, token: str = "") -> str:
    return (
        '[price]\nsource = "fixed"\nprice = "3000"\n'
        '[wallet]\nkind = "evm"\nnetwork = "anvil"\nchain_id = 31337\n'
        f'url = "{node.url}"\nkey_file = "{key}"\nreplace_after_blocks = 3\n{token}'
    )


def payments_to(node: AnvilNode, addresses: set[str]) -> Counter[str]:
    """How many transactions in blocks go to each."""
    counted: Counter[str] = Counter()
    wanted = {address.lower(): address for address in addresses}
    for height in range(int(node.rpc("eth_blockNumber"), 16) + 1):
        for sent in node.rpc("eth_getBlockByNumber", hex(height), True)["transactions"]:
            if sent["to"] in wanted:
                counted[wanted[sent["to"]]] += 1
    return counted


def sell(kiosk: Any, addresses: dict[str, str]) -> None:
    for number, (name, address) in enumerate(addresses.items()):
        assert kiosk.quote(name, coin="ETH").status_code == 200
        answer = kiosk.prepare(name, address=address)
        assert answer.status_code == 200, answer.text
        kiosk.credited(5_000 + 100 * number, name)
        kiosk.finalized(5_000 + 100 * number, name)


def wait_until_paid(kiosk: Any, node: AnvilNode, names: list[str]) -> None:
    give_up_s = time.monotonic() + DEADLINE_S
    states: set[str] = set()
    while time.monotonic() < give_up_s:
        node.mine()
        states = {kiosk.transfer(name).json()["state"] for name in names}
        if states == {"confirmed"}:
            return
        time.sleep(0.3)
    raise AssertionError(states)


def test_killed_twice_each_address_is_paid_once(
    serve: Any, bench: EvmBench, tmp_path: Path
) -> None:
    kill_and_look(serve, bench, tmp_path, payouts=6, kills=2)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_again_and_again_each_address_is_paid_once(
    serve: Any, bench: EvmBench, tmp_path: Path
) -> None:
    kill_and_look(serve, bench, tmp_path, payouts=40, kills=20)


def kill_and_look(
    serve: Any, bench: EvmBench, tmp_path: Path, *, payouts: int, kills: int
) -> None:
    chance = random.Random(7)
    key, node = new_key(tmp_path), bench.node
    account = read_key(key).address
    bench.fund(account, 10**20)
    config = config_of(node, key)
    central = serve(config)
    assert central.ready["network"] == "anvil"
    kiosk = central.kiosk()
    addresses = {str(number): somebody() for number in range(payouts)}
    sell(kiosk, addresses)
    step = -(-2 * payouts // kills)
    for reported in range(0, 2 * payouts, step):
        kiosk.report(*kiosk.events[reported : reported + step])
        time.sleep(chance.uniform(0.0, 0.7))  # at any moment: this is the blind stroke
        if chance.random() < 0.5:
            node.mine()
        central.end(signal.SIGKILL)
        central = serve(config)
        kiosk.client = central.client
    wait_until_paid(kiosk, node, list(addresses))
    assert payments_to(node, set(addresses.values())) == dict.fromkeys(addresses.values(), 1)
    for name, address in addresses.items():
        owed = kiosk.transfer(name).json()["amount_base_units"]
        assert bench.ether_of(address) == owed * GWEI > 0
    count = int(node.rpc("eth_getTransactionCount", account, "latest"), 16)
    assert count == payouts  # no number was lost


def test_what_a_restarted_node_has_forgotten_is_sent_again(
    open_central: Any, tmp_path: Path
) -> None:
    """A node keeps what is in blocks and forgets what waits for one."""
    folder = tmp_path / "anvil"
    node = AnvilNode.launch(folder)
    try:
        bench = EvmBench(node)
        central = open_central(tmp_path, bench.wallet(tmp_path))
        kiosk = central.kiosk()
        addresses = {"1": somebody(), "2": somebody()}
        sell(kiosk, {"1": addresses["1"]})
        kiosk.report()
        central.work()
        node.mine()
        central.work()
        sell(kiosk, {"2": addresses["2"]})
        kiosk.report()
        central.work()
        node.stop()
        node = AnvilNode.launch(folder, node.port)
        assert node.rpc("txpool_status")["pending"] == "0x0"
        central.work()
        node.mine()
        central.work()
        assert {kiosk.transfer(name).json()["state"] for name in addresses} == {"confirmed"}
        assert payments_to(node, set(addresses.values())) == dict.fromkeys(addresses.values(), 1)
    finally:
        node.stop()
