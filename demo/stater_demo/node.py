"""A real Bitcoin node of one's own, on a private chain (regtest) where a block is mined by asking.

For the demo, and for any test that wants to see a payment on a real node:

    from stater_demo.node import RegtestNode, find_bitcoind

    pytestmark = [pytest.mark.node, pytest.mark.skipif(find_bitcoind() is None, reason="no bitcoind")]

    with RegtestNode.start(tmp_path / "node") as node:   # 1 to 3 seconds
        node.create_wallet("hot")
        node.fund("hot")                                 # 101 blocks: 50 BTC that can be spent
        address = node.rpc("getnewaddress", wallet="hot")
        node.mine(1)
        url, user, password = node.rpc_url, node.rpc_user, node.rpc_password

`bin/setup` gets the program with `python -m stater_demo.node fetch`. Amounts come back as Decimal.
`kill()` is a power cut; `RegtestNode.start` on the same folder brings the chain back.
"""

import contextlib
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import httpx2

from stater_demo.debian import BITCOIND, LITECOIND, DebianProgram, ProgramUnavailable
from stater_demo.leash import leashed
from stater_demo.node_process import NodeProcess

MATURITY_BLOCKS = 100  # a mined coin can be spent after that many further blocks
START_TIMEOUT_S = 30
RPC_TIMEOUT_S = 30
RPC_USER = "stater"
WARMING_UP = -28  # src/rpc/protocol.h RPC_IN_WARMUP
# At block 432 it would begin, and then no block can be made before somebody has put a coin into it.
NO_MWEB = "vbparams=mweb:-2:0\n"
WALLET_LOADED = -35  # src/rpc/protocol.h RPC_WALLET_ALREADY_LOADED

_CONF = """\
regtest=1
server=1
txindex=1
# A private chain has no fee history: without this every send fails.
fallbackfee=0.0001
# A hundred keys made ahead, of each kind: the thousand of the default take half a second for each wallet.
keypool=100
printtoconsole=0

[regtest]
rpcuser={user}
rpcpassword={password}
rpcbind=127.0.0.1
rpcallowip=127.0.0.1
rpcport={port}
listen=0
dnsseed=0
connect=0
"""


class NodeUnavailable(ProgramUnavailable):
    """There is no node to be had here; the text says why."""


class RpcRefused(Exception):
    """The node answered with an error; `code` is of Bitcoin Core's src/rpc/protocol.h."""

    def __init__(self, method: str, code: int, message: str) -> None:
        super().__init__(f"{method}: {message} ({code})")
        self.code = code


def find_bitcoind() -> list[str] | None:
    """The words that start bitcoind, if it is in the PATH or was fetched before."""
    return BITCOIND.find()


@dataclass(frozen=True)
class RegtestNode(NodeProcess):
    """A running bitcoind, its folder, and how to talk to it."""

    folder: Path
    rpc_port: int
    rpc_password: str
    rpc_user: str = RPC_USER
    program: DebianProgram = BITCOIND

    @classmethod
    @contextmanager
    def start(cls, folder: Path, program: DebianProgram = BITCOIND) -> Iterator["RegtestNode"]:
        """Run a node in `folder`, which is made; stop it at the end. Raises NodeUnavailable."""
        node = cls.launch(folder, program)
        try:
            yield node
        finally:
            node.stop()

    @classmethod
    def launch(cls, folder: Path, program: DebianProgram = BITCOIND) -> "RegtestNode":
        """As `start`, for callers that stop it themselves. Litecoin's node takes the same words."""
        return cls._run(folder, free_port(), secrets.token_urlsafe(16), program)

    def again(self) -> "RegtestNode":
        """After `kill`, where it was."""
        return self._run(self.folder, self.rpc_port, self.rpc_password, self.program)

    @classmethod
    def _run(cls, folder: Path, port: int, password: str, program: DebianProgram) -> "RegtestNode":
        words = program.find()
        if words is None:
            raise NodeUnavailable(
                f"no {program.name} here: run `python -m stater_demo.node fetch`"
            )
        folder.mkdir(parents=True, exist_ok=True)
        conf = _CONF.format(user=RPC_USER, password=password, port=port)
        conf += NO_MWEB if program is LITECOIND else ""
        (folder / f"{program.name.removesuffix('d')}.conf").write_text(conf)
        with (folder / "node.log").open("ab") as log:
            process = subprocess.Popen(
                leashed([*words, f"-datadir={folder.resolve()}"]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        node = cls(process, folder, port, password, program=program)
        try:
            node.wait_until_ready()
        except BaseException:
            node.kill()
            raise
        return node

    @property
    def rpc_url(self) -> str:
        return f"http://127.0.0.1:{self.rpc_port}"

    def rpc(self, method: str, *params: object, wallet: str | None = None) -> Any:
        """The result of one call. Raises RpcRefused, or httpx2.TransportError when nobody answers."""
        path = f"/wallet/{wallet}" if wallet is not None else "/"
        answer = httpx2.post(
            self.rpc_url + path,
            json={"jsonrpc": "1.0", "id": 0, "method": method, "params": params},
            auth=(self.rpc_user, self.rpc_password),
            timeout=RPC_TIMEOUT_S,
            trust_env=False,  # a proxy of the environment has no business with the loopback
            verify=False,  # nothing is encrypted, and to read certificates takes longer than to ask
        )
        told = json.loads(answer.content, parse_float=Decimal)
        if error := told["error"]:
            raise RpcRefused(method, error["code"], error["message"])
        return told["result"]

    def create_wallet(self, name: str) -> None:
        """Make the wallet, or load it when the folder has it from an earlier run."""
        try:
            if any(entry["name"] == name for entry in self.rpc("listwalletdir")["wallets"]):
                self.rpc("loadwallet", name)
            else:
                self.rpc("createwallet", name)
        except RpcRefused as refusal:
            if refusal.code != WALLET_LOADED:
                raise

    def fund(self, wallet: str) -> None:
        """Mine to the wallet until it has a whole reward to spend."""
        self.mine(1 + MATURITY_BLOCKS, self.rpc("getnewaddress", wallet=wallet))

    def mine(self, blocks: int, address: str | None = None) -> list[str]:
        """Mine that many blocks, to nobody unless told; their hashes."""
        if address is None:  # an output script that anyone can spend, and that is no wallet's
            return list(self.rpc("generatetodescriptor", blocks, "raw(51)"))
        return list(self.rpc("generatetoaddress", blocks, address))

    def wait_until_ready(self) -> None:
        give_up_s = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < give_up_s:
            if self.process.poll() is not None:
                raise NodeUnavailable(f"{self.program.name} ended at once: {self._last_words()}")
            try:
                self.rpc("getblockchaininfo")
            except (httpx2.TransportError, RpcRefused) as problem:
                if isinstance(problem, RpcRefused) and problem.code != WARMING_UP:
                    raise
                time.sleep(0.05)
            else:
                return
        raise NodeUnavailable(f"{self.program.name} was not ready in {START_TIMEOUT_S} s")

    def _last_words(self) -> str:
        with contextlib.suppress(OSError, IndexError):
            return (self.folder / "node.log").read_text(errors="replace").splitlines()[-1]
        return f"status {self.process.returncode}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@click.group()
def main() -> None:
    """The private Bitcoin node of the demo and the tests, and Litecoin's for the tests."""


@main.command("fetch")
def fetch_command() -> None:
    """Obtain bitcoind and litecoind into the cache, unless they are there or installed."""
    missing = False
    for coin, program in (("Bitcoin", BITCOIND), ("Litecoin", LITECOIND)):
        try:
            words = program.find() or program.fetch()
        except ProgramUnavailable as reason:
            missing = True
            click.echo(f"No {coin} node: {reason}", err=True)
        else:
            click.echo(f"{coin} node: {words[-1]}")
    sys.exit(int(missing))


if __name__ == "__main__":
    main(prog_name="python -m stater_demo.node")
