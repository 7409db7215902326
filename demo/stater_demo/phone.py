"""The customer's phone: a wallet of their own, and an eye on the network that owes the kiosk nothing."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from stater_demo.node import RegtestNode

WALLET = "phone"
BASE_UNITS_PER_COIN = 100_000_000

PRACTICE_ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
"""The witness program of BIP 173's examples, with the private chain's prefix."""


@dataclass(frozen=True)
class Received:
    """What the network says about one payment to one address."""

    amount_base_units: int
    confirmations: int


class Phone(Protocol):
    def new_address(self) -> str: ...

    def received(self, txid: str, address: str, /) -> Received | None:
        """None when this phone cannot ask a network."""
        ...


@dataclass(frozen=True)
class NodePhone:
    """A wallet on the real node, apart from the one that pays."""

    node: RegtestNode
    wallet: str = field(default=WALLET)

    def new_address(self) -> str:
        return str(self.node.rpc("getnewaddress", "", "bech32", wallet=self.wallet))

    def received(self, txid: str, address: str) -> Received:
        transaction = self.node.rpc("getrawtransaction", txid, True)
        amounts: list[Decimal] = [
            output["value"]
            for output in transaction["vout"]
            if output["scriptPubKey"].get("address") == address
        ]
        return Received(
            amount_base_units=int(sum(amounts) * BASE_UNITS_PER_COIN),
            confirmations=int(transaction.get("confirmations", 0)),
        )


class PracticePhone:
    """Without a node no coins move, and nobody but central can say whether it paid."""

    def new_address(self) -> str:
        return PRACTICE_ADDRESS

    def received(self, _txid: str, _address: str) -> None:
        return None


def payment_request(address: str) -> str:
    """The text of the QR code a wallet shows to be paid (BIP 21)."""
    return f"bitcoin:{address}"
