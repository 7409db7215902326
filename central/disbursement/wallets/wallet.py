"""What a wallet can do for us: the one door to every kind of node.

Signing and broadcasting are apart, so that the signed bytes are stored in between. All amounts are base
units. Every method may raise WalletUnavailable (try later) or WalletRefused (it answered no).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, order=True)
class Outpoint:
    """The name of one coin of the wallet; of an account: the account, and one of its running numbers."""

    txid: str
    vout: int


@dataclass(frozen=True)
class Coin:
    """It can be spent now. Unconfirmed, it is own change, and hangs on that many transactions that are too."""

    outpoint: Outpoint
    value: int
    ancestors: int = 0


@dataclass(frozen=True)
class Terms:
    """What paying to an address takes: no less than the dust limit, and a reserve for the fee. Where the fee is
    of another coin: for how many payments there is enough of that."""

    dust_limit: int
    fee_reserve: int
    payable: int | None = None


@dataclass(frozen=True)
class Output:
    """What one transfer's customer gets."""

    transfer_id: str
    address: str
    amount: int


@dataclass(frozen=True)
class Order:
    """What is to be signed: exactly these coins in, exactly these outputs out; the rest, less the fee, is
    change, to a fresh address unless one is given. The fee rate is base units for each 1000 vbytes."""

    payment_id: int
    outputs: tuple[Output, ...]
    coins: tuple[Coin, ...]
    fee_rate: int
    change_address: str | None = None


@dataclass(frozen=True)
class SignedPayment:
    raw: str
    txid: str
    fee: int
    change_address: str | None  # None: no change, or nobody needs to know


@dataclass(frozen=True)
class Block:
    hash: str
    height: int


@dataclass(frozen=True)
class Placement:
    """Where a transaction is: in a block, waiting in the mempool, or neither.

    In a block it may still have failed: why, and whether it is certain that it moved nothing, and so never will.
    """

    block: Block | None
    waiting: bool
    fee: int | None = None  # what it took in the end, where that is less than what was signed
    failure: str = ""
    is_void: bool = False


@dataclass(frozen=True)
class GasPurse:
    """What fees are paid from that are of another coin than the one that is sold."""

    coin: str
    exponent: int
    balance: Callable[[], int]


@dataclass(frozen=True)
class Spender:
    """A transaction in a block, by what it spends and whom it pays."""

    txid: str
    confirmations: int
    spends: frozenset[Outpoint]
    pays: frozenset[str]


class Wallet(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def network(self) -> str: ...
    @property
    def coin(self) -> str: ...
    @property
    def coin_exponent(self) -> int: ...
    @property
    def outputs_max(self) -> int:
        """How many customers one transaction can pay."""

    @property
    def is_account(self) -> bool:
        """Its coins are the running numbers of one account, each worth all there is: they are used in turn, and
        what is sent and in no block yet is still in the balance."""

    @property
    def gas(self) -> GasPurse | None:
        """None: fees are of the coin itself."""

    def check(self) -> None:
        """Is it there, and on the network we think? Raises InvalidSetup when it is another."""

    def balance(self) -> int:
        """What can be spent now."""

    def tip(self) -> Block:
        """The newest block."""

    def terms(self, address: str) -> Terms | None:
        """None: this is no address of this network."""

    def coins(self) -> list[Coin]:
        """Those that can be spent now; some may be reserved, which only our own table knows."""

    def fee_rate(self) -> int:
        """What confirms soon, in base units for each 1000 vbytes."""

    def least_raise(self, fee_rate: int) -> int | None:
        """By how much the rate of a replacement must be higher; None: nodes take none."""

    def fee_at_most(self, coins: int, outputs: int, fee_rate: int) -> int:
        """A bound that holds whatever kinds of coins and addresses they are."""

    def sign(self, order: Order) -> SignedPayment:
        """Not broadcast, and nothing is locked: whoever orders has reserved the coins."""

    def broadcast(self, raw: str, txid: str) -> None:
        """Again and again if need be: it is always the same payment."""

    def placement(self, txid: str) -> Placement: ...

    def spender(self, coins: Sequence[Outpoint], since_ms: int) -> Spender | None:
        """Which transaction in a block has spent one of these coins of ours since then, ours or not; None as
        long as that is not known for sure."""
