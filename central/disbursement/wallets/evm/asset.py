"""What an account pays with: the chain's own coin, or a token (ERC-20).

Responsible for: how it is moved, how much there is, and whether a transaction that is in a block moved it.
Not responsible for: nonces, gas and signing; see `wallet.py`.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from eth_utils.address import to_checksum_address

from disbursement.errors import InvalidSetup, WalletRefused
from disbursement.wallets.evm.node import Call, EvmNode
from disbursement.wallets.evm.units import WEI_PER_GWEI, exponent_of, scale_of
from disbursement.wallets.rpc import RpcError
from disbursement.wallets.wallet import Block

# ERC-20: the first four bytes of the Keccak-256 of each signature, and the whole of the event's.
TRANSFER = bytes.fromhex("a9059cbb")  # transfer(address,uint256)
BALANCE_OF = bytes.fromhex("70a08231")  # balanceOf(address)
DECIMALS = bytes.fromhex("313ce567")  # decimals()
SYMBOL = bytes.fromhex("95d89b41")  # symbol()
MOVED = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"  # Transfer(address,address,uint256)
WORD_BYTES = 32
ETHER_DECIMALS = 18


class Asset(Protocol):
    @property
    def coin(self) -> str: ...
    @property
    def exponent(self) -> int: ...
    @property
    def gas_max(self) -> int:
        """What takes more is no payment."""

    def check(self, node: EvmNode) -> None:
        """Raises InvalidSetup."""

    def balance(self, node: EvmNode, owner: str, at: Block) -> int:
        """Whole base units."""

    def pay(self, address: str, amount: int) -> Call: ...
    def demand_works(self, node: EvmNode, sender: str, call: Call) -> None:
        """Raises WalletRefused when the payment would move nothing."""

    def failure(self, receipt: Any, call: Call, sender: str) -> str:
        """Why a transaction that did not revert paid otherwise than ordered; empty: it paid."""

    def is_own(self, address: str) -> bool:
        """Whether the address is the asset itself, where what is sent is lost."""


@dataclass(frozen=True)
class NativeCoin:
    coin: str = "ETH"
    exponent: int = exponent_of(ETHER_DECIMALS)
    gas_max: int = 100_000  # a plain payment takes 21,000; a contract that takes it in some more

    def check(self, node: EvmNode) -> None:
        """Every chain has it."""

    def balance(self, node: EvmNode, owner: str, at: Block) -> int:
        return node.balance_wei(owner, at) // WEI_PER_GWEI

    def pay(self, address: str, amount: int) -> Call:
        return Call(address, amount * WEI_PER_GWEI)

    def demand_works(self, node: EvmNode, sender: str, call: Call) -> None:
        """What does not revert is moved."""

    def failure(self, receipt: Any, call: Call, sender: str) -> str:  # noqa: ARG002
        return ""

    def is_own(self, address: str) -> bool:  # noqa: ARG002  # a coin has no address
        return False


@dataclass(frozen=True)
class Token:
    contract: str
    coin: str
    decimals: int
    gas_max: int = 200_000  # the usual one takes 30,000 to 70,000

    @property
    def exponent(self) -> int:
        return exponent_of(self.decimals)

    def check(self, node: EvmNode) -> None:
        """Some of the oldest tokens tell their symbol in 32 bytes, not as a text."""
        tip = node.tip()
        try:
            told = (
                _text(node.read(self.contract, SYMBOL, tip)),
                int.from_bytes(node.read(self.contract, DECIMALS, tip)),
            )
        except RpcError as error:
            raise InvalidSetup(f"wallet.token: {self.contract} is no token: {error}") from error
        if told != (self.coin, self.decimals):
            raise InvalidSetup(
                f"wallet.token: {self.contract} calls itself {told[0]!r} with {told[1]} decimals, not "
                f"{self.coin!r} with {self.decimals}: correct the configuration"
            )

    def balance(self, node: EvmNode, owner: str, at: Block) -> int:
        held = int.from_bytes(node.read(self.contract, BALANCE_OF + _word(owner), at))
        return held // scale_of(self.decimals)

    def pay(self, address: str, amount: int) -> Call:
        units = amount * scale_of(self.decimals)
        return Call(self.contract, 0, TRANSFER + _word(address) + units.to_bytes(WORD_BYTES))

    def demand_works(self, node: EvmNode, sender: str, call: Call) -> None:
        """The standard says true; several well known tokens answer nothing, and mean it."""
        answer = node.simulate(sender, call)
        if answer and int.from_bytes(answer) != 1:
            raise WalletRefused(f"{self.coin} would not be moved: the token says no")

    def failure(self, receipt: Any, call: Call, sender: str) -> str:
        """Only its event proves that a token moved."""
        payee, amount = (
            call.data[4 : 4 + WORD_BYTES].hex(),
            int.from_bytes(call.data[4 + WORD_BYTES :]),
        )
        moved = [
            (_bare(event["topics"][2]), int(event["data"], 16))
            for event in receipt["logs"]
            if event["address"].lower() == self.contract.lower()
            and [_bare(topic) for topic in event["topics"][:2]] == [MOVED, _word(sender).hex()]
            and len(event["topics"]) == 3
        ]
        if not moved:
            return "the token tells of nothing moved"
        paid = sum(units for to, units in moved if to == payee)
        return "" if paid == amount else f"the token moved {paid} of its units, not {amount}"

    def is_own(self, address: str) -> bool:
        return address == self.contract


def payee_of(data: bytes) -> str | None:
    """Of a call of a token's `transfer`."""
    if not data.startswith(TRANSFER) or len(data) < len(TRANSFER) + WORD_BYTES:
        return None
    return to_checksum_address(data[len(TRANSFER) : len(TRANSFER) + WORD_BYTES][-20:])


def _bare(topic: str) -> str:
    return topic.removeprefix("0x").lower()


def _word(address: str) -> bytes:
    return bytes.fromhex(_bare(address)).rjust(WORD_BYTES, b"\0")


def _text(answer: bytes) -> str:
    """Offset, length, letters; or the letters alone."""
    if len(answer) == WORD_BYTES:
        letters = answer.rstrip(b"\0")
    else:
        length = int.from_bytes(answer[WORD_BYTES : 2 * WORD_BYTES])
        letters = answer[2 * WORD_BYTES : 2 * WORD_BYTES + length]
    return letters.decode(errors="replace")
