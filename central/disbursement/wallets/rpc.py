"""JSON-RPC with a node. Amounts come and go as decimals, never as floats."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from disbursement.errors import WalletRefused, WalletUnavailable, without_number

TIMEOUT_S = 15
TLS = httpx2.create_ssl_context()  # once: it takes forty times as long as a call
# Bitcoin Core, src/rpc/protocol.h
RPC_IN_WARMUP = -28
RPC_VERIFY_ALREADY_IN_UTXO_SET = -27
RPC_WALLET_NOT_FOUND = -18
RPC_WALLET_ALREADY_LOADED = -35
RPC_INVALID_ADDRESS_OR_KEY = -5


class RpcError(WalletRefused):
    def __init__(self, method: str, code: int, message: str) -> None:
        super().__init__(f"{method}: {message} ({code})")
        self.code = code


@dataclass(frozen=True)
class NodeRpc:
    """`user` and `password`, or a cookie file that the node writes anew at each start. The URL of a hosted node
    has its key in the path, and is never told whole."""

    url: str = field(repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    cookie_file: Path | None = None
    version: str = "1.0"

    @property
    def place(self) -> str:
        """For a person."""
        parts = urlsplit(self.url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}"

    def call(self, method: str, *params: object, wallet: str | None = None) -> Any:
        path = "" if wallet is None else f"/wallet/{wallet}"
        request = {"jsonrpc": self.version, "id": method, "method": method, "params": params}
        try:
            answer = httpx2.post(
                self.url.rstrip("/") + path,
                json=request,
                auth=self._credentials(),
                timeout=TIMEOUT_S,
                verify=TLS,
                trust_env=False,  # the node is ours and near; a proxy has no business here
            )
            told = json.loads(answer.content, parse_float=Decimal)
        except httpx2.HTTPError as failure:
            why = without_number(failure)
            raise WalletUnavailable(f"no answer from the node at {self.place}: {why}") from failure
        except ValueError as unreadable:
            reason = f"status {answer.status_code}; are user and password right?"
            raise WalletUnavailable(f"the node at {self.place}: {reason}") from unreadable
        if told.get("error") is None:
            return told["result"]
        error = RpcError(method, told["error"]["code"], told["error"]["message"])
        if error.code == RPC_IN_WARMUP:
            raise WalletUnavailable(str(error)) from error
        raise error

    def _credentials(self) -> tuple[str, str]:
        if self.cookie_file is None:
            return self.user, self.password
        try:
            told = self.cookie_file.read_text(encoding="ascii").strip()
        except OSError as failure:
            raise WalletUnavailable(
                f"cannot read wallet.cookie_file, {self.cookie_file}: {failure.strerror}; a node that runs "
                "writes it, for its own user"
            ) from failure
        user, _, password = told.partition(":")
        return user, password
