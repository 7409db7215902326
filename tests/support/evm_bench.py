"""Accounts and contracts on a real anvil, and what an address got, for tests of the wallets of Ethereum chains."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_utils.address import to_checksum_address

from disbursement.wallets.evm.asset import Asset, NativeCoin, Token
from disbursement.wallets.evm.key import read_key
from disbursement.wallets.evm.node import EvmNode
from disbursement.wallets.evm.wallet import EvmWallet
from disbursement.wallets.rpc import NodeRpc
from stater_demo.evm_node import CHAIN_ID, AnvilNode

CONTRACTS = Path(__file__).parent / "evm"
WEI = 10**18
RICH = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"  # anvil's own first account


def new_key(folder: Path) -> Path:
    path = folder / "account.key"
    path.write_text(secrets.token_hex(32))
    path.chmod(0o600)
    return path


def somebody() -> str:
    return str(Account.create().address)


@dataclass(frozen=True)
class EvmBench:
    node: AnvilNode

    def wallet(self, folder: Path, asset: Asset | None = None, *, ether: int = 100) -> EvmWallet:
        """On an account of its own, so that no test sees another's nonces; a token's owner has all of it."""
        wallet = EvmWallet(
            EvmNode(NodeRpc(self.node.url, version="2.0")),
            read_key(new_key(folder)),
            CHAIN_ID,
            "anvil",
            asset or NativeCoin(),
            gas_coin=None if asset is None else "ETH",
        )
        self.fund(wallet.key.address, ether * WEI)
        return wallet

    def token_wallet(self, folder: Path, decimals: int = 6, ether: int = 100) -> EvmWallet:
        wallet = self.wallet(folder, ether=ether)
        return self.with_token(wallet, self.token(wallet.key.address, decimals))

    def with_token(self, wallet: EvmWallet, token: Token) -> EvmWallet:
        return EvmWallet(
            wallet.node, wallet.key, wallet.chain_id, wallet.network, token, gas_coin="ETH"
        )

    def fund(self, address: str, wei: int) -> None:
        self.node.rpc("anvil_setBalance", address, hex(wei))

    def token(self, owner: str, decimals: int, supply: int = 10**6) -> Token:
        """Its whole supply is the owner's; made in his name, without a transaction of his."""
        arguments = (96, decimals, supply * 10**decimals, 3)
        words = b"".join(number.to_bytes(32) for number in arguments) + b"TST".ljust(32, b"\0")
        contract = self.deploy("token", words.hex())
        self.send(contract, f"a9059cbb{owner[2:]:0>64}{supply * 10**decimals:064x}")
        return Token(contract, "TST", decimals)

    def purse(self) -> str:
        return self.deploy("purse")

    def deploy(self, name: str, arguments: str = "") -> str:
        code = (CONTRACTS / f"{name}.hex").read_text().strip()
        return to_checksum_address(self.send(None, code[2:] + arguments)["contractAddress"])

    def send(self, to: str | None, data: str) -> Any:
        """By anvil's own account, in a block of its own; the receipt."""
        asked = {"from": RICH, "data": f"0x{data}", "gas": hex(3_000_000)}
        txid = self.node.rpc("eth_sendTransaction", asked | ({"to": to} if to else {}))
        self.node.mine()
        receipt = self.node.rpc("eth_getTransactionReceipt", txid)
        assert receipt["status"] == "0x1", receipt
        return receipt

    def close(self, purse: str, *, closed: bool = True) -> None:
        self._store(purse, 1, int(closed))

    def behave(self, token: Token, manners: int) -> None:
        self._store(token.contract, 5, manners)

    def _store(self, contract: str, slot: int, value: int) -> None:
        """As `vyper -f layout --evm-version paris` has it: at once, so that it comes before whatever waits for the next block."""
        self.node.rpc("anvil_setStorageAt", contract, hex(slot), f"0x{value:064x}")

    def ether_of(self, address: str) -> int:
        return int(self.node.rpc("eth_getBalance", address, "latest"), 16)

    def tokens_of(self, token: Token, address: str) -> int:
        data = f"0x70a08231{address[2:]:0>64}"
        return int(self.node.rpc("eth_call", {"to": token.contract, "data": data}, "latest"), 16)

    def count(self, wallet: EvmWallet) -> int:
        """The account's transactions in blocks."""
        return int(self.node.rpc("eth_getTransactionCount", wallet.key.address, "latest"), 16)
