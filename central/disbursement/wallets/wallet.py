"""What a wallet can do for us: the one door to every kind of node.

Signing and broadcasting are apart, so that the signed bytes are stored in between. All amounts are base
units. Every method may raise WalletUnavailable (try later) or WalletRefused (it answered no).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Outpoint:
    """One coin of the wallet."""

    txid: str
    vout: int


@dataclass(frozen=True)
class Terms:
    """What paying to an address takes: no less than the dust limit, and a reserve for the fee."""

    dust_limit: int
    fee_reserve: int


@dataclass(frozen=True)
class SignedPayment:
    raw: str
    txid: str
    inputs: tuple[Outpoint, ...]
    fee: int


@dataclass(frozen=True)
class Block:
    hash: str
    height: int


@dataclass(frozen=True)
class Placement:
    """Where a transaction is: in a block, waiting in the mempool, or neither."""

    block: Block | None
    waiting: bool


class Wallet(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def network(self) -> str: ...
    @property
    def coin(self) -> str: ...
    @property
    def coin_exponent(self) -> int: ...

    def check(self) -> None:
        """Is it there, and on the network we think? Raises InvalidSetup when it is another."""

    def balance(self) -> int:
        """What can be spent now."""

    def tip_height(self) -> int: ...

    def terms(self, address: str) -> Terms | None:
        """None: this is no address of this network."""

    def sign(
        self, reference: str, address: str, amount: int, avoid: Collection[Outpoint]
    ) -> SignedPayment:
        """A payment of exactly `amount`, fee on top, that spends no coin of `avoid`; not broadcast."""

    def broadcast(self, raw: str, txid: str) -> None:
        """Again and again if need be: it is always the same payment."""

    def placement(self, txid: str) -> Placement: ...
