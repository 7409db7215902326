"""A real Ethereum node of one's own: a private chain on which a block is mined by asking.

    with AnvilNode.start(tmp_path / "anvil") as node:
        node.rpc("anvil_setBalance", address, hex(10**18))
        node.mine()

What it holds is written to its folder when it is stopped, and read again by the next start there; `kill()` is a
power cut that loses it all, and so the chain. What waits for a block is lost either way.
"""

import contextlib
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from stater_demo import anvil
from stater_demo.leash import leashed
from stater_demo.node import RPC_TIMEOUT_S, NodeUnavailable, free_port
from stater_demo.node_process import NodeProcess

CHAIN_ID = 31_337
START_TIMEOUT_S = 30


class EvmRefused(Exception):
    """The node answered with an error."""


@dataclass(frozen=True)
class AnvilNode(NodeProcess):
    folder: Path
    port: int

    @classmethod
    @contextmanager
    def start(cls, folder: Path) -> Iterator["AnvilNode"]:
        """Run a node in `folder`, which is made; stop it at the end. Raises NodeUnavailable."""
        node = cls.launch(folder)
        try:
            yield node
        finally:
            node.stop()

    @classmethod
    def launch(cls, folder: Path, port: int | None = None) -> "AnvilNode":
        """As `start`, for callers that stop it themselves."""
        program = anvil.find()
        if program is None:
            raise NodeUnavailable("no anvil here: run `python -m stater_demo.anvil fetch`")
        folder.mkdir(parents=True, exist_ok=True)
        chosen = port or free_port()
        words = [str(program), "--no-mining", "--port", str(chosen), "--state", "state.json"]
        with (folder / "node.log").open("ab") as log:
            process = subprocess.Popen(
                leashed([*words, "--quiet"]),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        node = cls(process, folder, chosen)
        try:
            node._wait_until_ready()
        except BaseException:
            node.kill()
            raise
        return node

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def rpc(self, method: str, *params: object) -> Any:
        """The result of one call. Raises EvmRefused, or httpx2.TransportError when nobody answers."""
        request = {"jsonrpc": "2.0", "id": 0, "method": method, "params": params}
        answer = httpx2.post(
            self.url, json=request, timeout=RPC_TIMEOUT_S, verify=False, trust_env=False
        )
        told = answer.json()
        if "error" in told:
            raise EvmRefused(f"{method}: {told['error']['message']}")
        return told["result"]

    def mine(self, blocks: int = 1) -> None:
        self.rpc("anvil_mine", hex(blocks))

    def _wait_until_ready(self) -> None:
        give_up_s = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < give_up_s:
            if self.process.poll() is not None:
                raise NodeUnavailable(f"anvil ended at once: status {self.process.returncode}")
            with contextlib.suppress(httpx2.TransportError):
                self.rpc("eth_chainId")
                return
            time.sleep(0.02)
        raise NodeUnavailable(f"anvil was not ready in {START_TIMEOUT_S} s")
