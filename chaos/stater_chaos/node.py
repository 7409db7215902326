"""The coins' network as central's wallet meets it: what it accepted once is true, whatever became of the answer.

The truth about payments, apart from everybody's books. Each signing is a new transaction, as with a real wallet:
who signs twice and sends both has paid twice, unless both spend the same coin.
"""

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from disbursement.errors import WalletRefused, WalletUnavailable
from disbursement.wallets.wallet import (
    Block,
    Coin,
    GasPurse,
    Order,
    Outpoint,
    Placement,
    SignedPayment,
    Spender,
    Terms,
)

FEE = 300  # at the usual rate
FEE_RATE = 1_000
DUST_LIMIT = 546
COINS = 400
COIN_BASE_UNITS = 5_000_000


@dataclass
class _Transaction:
    outputs: dict[str, tuple[str, int]]  # for each transfer: address and amount
    inputs: tuple[Outpoint, ...]
    change: int
    height: int | None = None  # None: in the mempool
    forgotten: bool = False  # fell out of the mempool, or its block was reorganised away

    @property
    def paid(self) -> list[tuple[str, int]]:
        return list(self.outputs.values())


@dataclass
class Node:
    chance: random.Random
    network: str = "regtest"
    name: str = "hot"
    coin: str = "BTC"
    coin_exponent: int = 8
    outputs_max: int = 10
    is_account: bool = False
    gas: GasPurse | None = None
    is_away: bool = False
    loses_answers: float = 0.0  # it did what it was asked, and nobody hears so
    height: int = 100
    coins_left: dict[Outpoint, int] = field(default_factory=dict)  # unspent, ours
    sent: dict[str, _Transaction] = field(default_factory=dict)
    on_payment: Callable[[str, str], None] = lambda _transfer_id, _txid: None

    def __post_init__(self) -> None:
        for number in range(COINS):
            origin = hashlib.sha256(f"coin {number}".encode()).hexdigest()
            self.coins_left[Outpoint(origin, 0)] = COIN_BASE_UNITS

    # --- as a wallet (disbursement.wallets.wallet.Wallet)

    def check(self) -> None:
        self._answer()

    def balance(self) -> int:
        self._answer()
        return sum(self.coins_left.values())

    def tip(self) -> Block:
        self._answer()
        return _block(self.height)

    def terms(self, address: str) -> Terms | None:
        self._answer()
        return Terms(DUST_LIMIT, FEE) if address else None

    def coins(self) -> list[Coin]:
        self._answer()
        return [
            Coin(coin, value, self._ancestors(coin)) for coin, value in self.coins_left.items()
        ]

    def fee_rate(self) -> int:
        self._answer()
        return FEE_RATE

    def least_raise(self, fee_rate: int) -> int:  # noqa: ARG002  # the same for any
        return 1

    def fee_at_most(self, coins: int, outputs: int, fee_rate: int) -> int:  # noqa: ARG002  # all cost the same
        return FEE * fee_rate // FEE_RATE

    def sign(self, order: Order) -> SignedPayment:
        self._answer()
        fee = self.fee_at_most(len(order.coins), len(order.outputs), order.fee_rate)
        spent = sum(coin.value for coin in order.coins)
        told = {
            "inputs": [[coin.outpoint.txid, coin.outpoint.vout] for coin in order.coins],
            "outputs": {out.transfer_id: [out.address, out.amount] for out in order.outputs},
            "change": spent - sum(out.amount for out in order.outputs) - fee,
            "signature": self.chance.getrandbits(64),
        }
        raw = json.dumps(told).encode()
        return SignedPayment(raw.hex(), hashlib.sha256(raw).hexdigest(), fee, "our own")

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
        return Placement(_block(found.height), waiting=False)

    def spender(self, coins: Sequence[Outpoint], since_ms: int) -> Spender | None:  # noqa: ARG002
        self._answer()
        for txid, sent in self.sent.items():
            if sent.height is not None and not sent.forgotten and set(coins) & set(sent.inputs):
                pays = frozenset(address for address, _ in sent.paid)
                depth = self.height - sent.height + 1
                return Spender(txid, depth, frozenset(sent.inputs), pays)
        return None

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
                self.coins_left.pop(Outpoint(txid, 1), None)
                for coin in sent.inputs:
                    self.coins_left[coin] = self._value(coin)

    def paid(self, transfer_id: str) -> list[tuple[str, int]]:
        """Each payment that was ever accepted for this transfer: address and amount. Those that spend the same
        coin count as one: no two of them can stand."""
        standing: list[_Transaction] = []
        for sent in self.sent.values():
            rivals = any(set(sent.inputs) & set(other.inputs) for other in standing)
            if transfer_id in sent.outputs and not rivals:
                standing.append(sent)
        return [sent.outputs[transfer_id] for sent in standing]

    def _answer(self) -> None:
        if self.is_away or self.chance.random() < self.loses_answers:
            raise WalletUnavailable("the node does not answer")

    def _value(self, coin: Outpoint) -> int:
        parent = self.sent.get(coin.txid)
        return COIN_BASE_UNITS if parent is None else parent.change

    def _ancestors(self, coin: Outpoint) -> int:
        parent = self.sent.get(coin.txid)
        if parent is None or parent.height is not None:
            return 0
        return 1 + sum(self._ancestors(spent) for spent in parent.inputs)

    def _accept(self, told: dict[str, Any], txid: str) -> None:
        inputs = tuple(Outpoint(*coin) for coin in told["inputs"])
        outputs = {name: (address, amount) for name, (address, amount) in told["outputs"].items()}
        sent = _Transaction(outputs, inputs, told["change"])
        self._demand_unspent(sent)
        self.sent[txid] = sent
        self._spend(sent, txid)
        for transfer_id in outputs:
            self.on_payment(transfer_id, txid)

    def _remember(self, sent: _Transaction, txid: str) -> None:
        self._demand_unspent(sent)
        sent.forgotten = False
        self._spend(sent, txid)

    def _demand_unspent(self, sent: _Transaction) -> None:
        if any(coin not in self.coins_left for coin in sent.inputs):
            raise WalletRefused("bad-txns-inputs-missingorspent")

    def _spend(self, sent: _Transaction, txid: str) -> None:
        for coin in sent.inputs:
            del self.coins_left[coin]
        if sent.change:
            self.coins_left[Outpoint(txid, 1)] = sent.change


def _block(height: int) -> Block:
    return Block(hashlib.sha256(f"block {height}".encode()).hexdigest(), height)
