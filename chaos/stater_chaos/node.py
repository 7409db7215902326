"""The coins' network as central's wallet meets it: what it accepted once is true, whatever became of the answer.

The truth about payments, apart from everybody's books. Each signing is a new transaction, as with a real wallet:
who signs twice and sends both has paid twice, unless both spend the same coin.
"""

import hashlib
import json
import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from disbursement.errors import WalletRefused, WalletUnavailable
from disbursement.wallets.wallet import Block, Outpoint, Placement, SignedPayment, Terms

FEE = 300
DUST_LIMIT = 546
COINS = 400
COIN_BASE_UNITS = 5_000_000


@dataclass
class _Transaction:
    reference: str
    inputs: tuple[Outpoint, ...]
    address: str
    amount: int
    change: int
    height: int | None = None  # None: in the mempool
    forgotten: bool = False  # fell out of the mempool, or its block was reorganised away


@dataclass
class Node:
    chance: random.Random
    network: str = "regtest"
    name: str = "hot"
    coin: str = "BTC"
    coin_exponent: int = 8
    is_away: bool = False
    loses_answers: float = 0.0  # it did what it was asked, and nobody hears so
    height: int = 100
    coins: dict[Outpoint, int] = field(default_factory=dict)  # unspent, ours
    sent: dict[str, _Transaction] = field(default_factory=dict)
    on_payment: Callable[[str, str], None] = lambda _transfer_id, _txid: None

    def __post_init__(self) -> None:
        for number in range(COINS):
            origin = hashlib.sha256(f"coin {number}".encode()).hexdigest()
            self.coins[Outpoint(origin, 0)] = COIN_BASE_UNITS

    # --- as a wallet (disbursement.wallets.wallet.Wallet)

    def check(self) -> None:
        self._answer()

    def balance(self) -> int:
        self._answer()
        return sum(self.coins.values())

    def tip_height(self) -> int:
        self._answer()
        return self.height

    def terms(self, address: str) -> Terms | None:
        self._answer()
        return Terms(DUST_LIMIT, FEE) if address else None

    def sign(
        self, reference: str, address: str, amount: int, avoid: Collection[Outpoint]
    ) -> SignedPayment:
        self._answer()
        chosen: list[Outpoint] = []
        total = 0
        for coin, value in self.coins.items():
            if coin not in avoid and total < amount + FEE:
                chosen.append(coin)
                total += value
        if total < amount + FEE:
            raise WalletRefused("not enough coins")
        told = {
            "inputs": [[coin.txid, coin.vout] for coin in chosen],
            "address": address,
            "amount": amount,
            "change": total - amount - FEE,
            "reference": reference,
            "signature": self.chance.getrandbits(64),
        }
        raw = json.dumps(told).encode()
        txid = hashlib.sha256(raw).hexdigest()
        return SignedPayment(raw.hex(), txid, tuple(chosen), FEE)

    def broadcast(self, raw: str, txid: str) -> None:
        if self.is_away:
            raise WalletUnavailable("the node is away")
        known = self.sent.get(txid)
        if known is None:
            self._accept(json.loads(bytes.fromhex(raw)), txid)
        elif known.forgotten:
            self._remember(known, txid)
        if self.chance.random() < self.loses_answers:
            raise WalletUnavailable("the node's answer was lost")

    def placement(self, txid: str) -> Placement:
        self._answer()
        found = self.sent.get(txid)
        if found is None or found.forgotten:
            return Placement(None, waiting=False)
        if found.height is None:
            return Placement(None, waiting=True)
        name = hashlib.sha256(f"block {found.height}".encode()).hexdigest()
        return Placement(Block(name, found.height), waiting=False)

    # --- as the world

    def mine(self) -> None:
        self.height += 1
        for sent in self.sent.values():
            if sent.height is None and not sent.forgotten:
                sent.height = self.height

    def reorganise(self) -> None:
        """The newest block was on the losing side; a later one is mined in its place."""
        for sent in self.sent.values():
            if sent.height == self.height:
                sent.height = None
        self.height -= 1

    def forget_mempool(self) -> None:
        for txid, sent in self.sent.items():
            if sent.height is None and not sent.forgotten:
                sent.forgotten = True
                self.coins.pop(Outpoint(txid, 1), None)
                for coin in sent.inputs:
                    self.coins[coin] = self._value(coin)

    def paid(self, transfer_id: str) -> list[tuple[str, int]]:
        """Each payment that was ever accepted for this transfer: address and amount."""
        return [
            (sent.address, sent.amount)
            for sent in self.sent.values()
            if sent.reference == transfer_id
        ]

    def _answer(self) -> None:
        if self.is_away or self.chance.random() < self.loses_answers:
            raise WalletUnavailable("the node does not answer")

    def _value(self, coin: Outpoint) -> int:
        parent = self.sent.get(coin.txid)
        return COIN_BASE_UNITS if parent is None else parent.change

    def _accept(self, told: dict[str, Any], txid: str) -> None:
        inputs = tuple(Outpoint(*coin) for coin in told["inputs"])
        if any(coin not in self.coins for coin in inputs):
            raise WalletRefused("bad-txns-inputs-missingorspent")
        sent = _Transaction(
            told["reference"], inputs, told["address"], told["amount"], told["change"]
        )
        self.sent[txid] = sent
        self._spend(sent, txid)
        self.on_payment(sent.reference, txid)

    def _remember(self, sent: _Transaction, txid: str) -> None:
        if any(coin not in self.coins for coin in sent.inputs):
            raise WalletRefused("bad-txns-inputs-missingorspent")
        sent.forgotten = False
        self._spend(sent, txid)

    def _spend(self, sent: _Transaction, txid: str) -> None:
        for coin in sent.inputs:
            del self.coins[coin]
        if sent.change:
            self.coins[Outpoint(txid, 1)] = sent.change
