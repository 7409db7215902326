"""What is asked of a node of an Ethereum chain. It signs nothing, and chooses nothing.

All that must agree is asked of one block, by its hash: a balance and a count of different blocks would be no pair.
"""

from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address

from disbursement.wallets.rpc import NodeRpc
from disbursement.wallets.wallet import Block


@dataclass(frozen=True)
class Call:
    """What a transaction does: moves the chain's coin, calls a contract, or both."""

    to: str
    value_wei: int
    data: bytes = b""


@dataclass(frozen=True)
class Sent:
    """A transaction as a block has it."""

    txid: str
    sender: str
    nonce: int
    call: Call


@dataclass(frozen=True)
class EvmNode:
    rpc: NodeRpc

    def chain_id(self) -> int:
        return _number(self.rpc.call("eth_chainId"))

    def tip(self) -> Block:
        told = self._newest()
        return Block(_bare(told["hash"]), _number(told["number"]))

    def base_fee_wei(self) -> int | None:
        """None: this chain has none, and knows no transactions of type 2."""
        told = self._newest().get("baseFeePerGas")
        return None if told is None else _number(told)

    def tip_wei(self) -> int:
        return _number(self.rpc.call("eth_maxPriorityFeePerGas"))

    def balance_wei(self, address: str, at: Block) -> int:
        return _number(self.rpc.call("eth_getBalance", address, _at(at)))

    def count(self, address: str, at: Block) -> int:
        """How many transactions of this account are in blocks, and so its lowest free nonce."""
        return _number(self.rpc.call("eth_getTransactionCount", address, _at(at)))

    def count_at(self, address: str, height: int) -> int:
        """Raises RpcError when the node has forgotten so old a state."""
        return _number(self.rpc.call("eth_getTransactionCount", address, hex(height)))

    def block_at(self, height: int) -> Block:
        told = self.rpc.call("eth_getBlockByNumber", hex(height), False)
        return Block(_bare(told["hash"]), height) if told else Block("", height)

    def sent_in(self, block: Block) -> list[Sent]:
        told = self.rpc.call("eth_getBlockByHash", f"0x{block.hash}", True)
        return [
            Sent(_bare(t["hash"]), t["from"].lower(), _number(t["nonce"]), _call(t))
            for t in told["transactions"]
        ]

    def read(self, contract: str, data: bytes, at: Block) -> bytes:
        """What a contract answers. Nothing is sent."""
        asked = {"to": contract, "data": _hex(data)}
        return _bytes(self.rpc.call("eth_call", asked, _at(at)))

    def simulate(self, sender: str, call: Call) -> bytes:
        """What this transaction would return now. Raises RpcError when it would revert."""
        return _bytes(self.rpc.call("eth_call", _asked(sender, call), "latest"))

    def estimate_gas(self, sender: str, call: Call) -> int:
        """Raises RpcError when it would revert, or the sender could not pay."""
        return _number(self.rpc.call("eth_estimateGas", _asked(sender, call)))

    def send(self, raw: str) -> None:
        self.rpc.call("eth_sendRawTransaction", f"0x{raw}")

    def receipt(self, txid: str) -> Any | None:
        """Of a transaction that is in a block."""
        return self.rpc.call("eth_getTransactionReceipt", f"0x{txid}")

    def call(self, txid: str) -> Call | None:
        """What a transaction does that is in a block, or waits for one."""
        told = self.rpc.call("eth_getTransactionByHash", f"0x{txid}")
        return told and _call(told)

    def _newest(self) -> Any:
        return self.rpc.call("eth_getBlockByNumber", "latest", False)


def block_of(receipt: Any) -> Block:
    return Block(_bare(receipt["blockHash"]), _number(receipt["blockNumber"]))


def fee_wei(receipt: Any) -> int:
    return _number(receipt["gasUsed"]) * _number(receipt["effectiveGasPrice"])


def is_reverted(receipt: Any) -> bool:
    return _number(receipt["status"]) == 0


def _call(told: Any) -> Call:
    """That of a new contract goes to nobody."""
    to = to_checksum_address(told["to"]) if told["to"] else ""
    return Call(to, _number(told["value"]), _bytes(told["input"]))


def _asked(sender: str, call: Call) -> dict[str, str]:
    return {
        "from": sender,
        "to": call.to,
        "value": hex(call.value_wei),
        "data": _hex(call.data),
    }


def _at(block: Block) -> dict[str, str]:
    """EIP-1898."""
    return {"blockHash": f"0x{block.hash}"}


def _number(told: str) -> int:
    return int(told, 16)


def _bytes(told: str) -> bytes:
    return bytes.fromhex(_bare(told))


def _hex(data: bytes) -> str:
    return f"0x{data.hex()}"


def _bare(told: str) -> str:
    return told.removeprefix("0x")
