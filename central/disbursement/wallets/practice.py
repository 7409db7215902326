"""The practice wallet: pays nobody, and says so. For trying a kiosk without a node.

It keeps its payments in a table of its own, pays once, survives restarts, and runs out of funds. Its
network is called `practice` in every quote and transfer, so no screen can mistake it for money.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.database import Database
from disbursement.wallets.models import PracticePayment
from disbursement.wallets.wallet import (
    Block,
    Coin,
    GasPurse,
    Order,
    Outpoint,
    Placement,
    SignedPayment,
    Terms,
)

# The shape only: no checksum is verified, because nothing is sent there. BIP 173's and base58's alphabets.
ADDRESS = re.compile(
    r"(bc|tb|bcrt)1[02-9ac-hj-np-z]{11,87}|[123mn][1-9A-HJ-NP-Za-km-z]{25,34}", re.ASCII
)
DUST_LIMIT = 546  # the largest of Bitcoin's usual ones


@dataclass(frozen=True)
class PracticeWallet:
    db: Database
    funds: int
    name: str = "practice"
    network: str = "practice"
    coin: str = "BTC"
    coin_exponent: int = 8
    outputs_max: int = 1
    is_account: bool = False
    gas: GasPurse | None = None

    def check(self) -> None:
        """It is always there."""

    def balance(self) -> int:
        paid = self.db.run(lambda s: s.scalar(sa.select(sa.func.sum(PracticePayment.amount))))
        return max(0, self.funds - int(paid or 0))

    def tip(self) -> Block:
        tip = self.db.run(lambda s: s.scalar(sa.select(sa.func.max(PracticePayment.height))))
        return _block(int(tip or 0))

    def terms(self, address: str) -> Terms | None:
        return Terms(DUST_LIMIT, fee_reserve=0) if ADDRESS.fullmatch(address) else None

    def coins(self) -> list[Coin]:
        """A new one each time, worth all there is: no two payments meet."""
        return [Coin(Outpoint(uuid.uuid4().hex, 0), self.balance())]

    def fee_rate(self) -> int:
        return 0

    def least_raise(self, fee_rate: int) -> int:  # noqa: ARG002  # it is free
        return 1

    def fee_at_most(self, coins: int, outputs: int, fee_rate: int) -> int:  # noqa: ARG002  # it is free
        return 0

    def sign(self, order: Order) -> SignedPayment:
        [output] = order.outputs
        told = {"practice": output.transfer_id, "address": output.address, "amount": output.amount}
        raw = json.dumps(told).encode()
        txid = hashlib.sha256(raw).hexdigest()
        return SignedPayment(raw.hex(), txid, fee=0, change_address=None)

    def broadcast(self, raw: str, txid: str) -> None:
        told = json.loads(bytes.fromhex(raw))

        def pay_once(session: Session) -> None:
            if _find(session, txid) is None:
                session.add(
                    PracticePayment(txid=txid, address=told["address"], amount=told["amount"])
                )

        self.db.run(pay_once)

    def placement(self, txid: str) -> Placement:
        paid = self.db.run(lambda session: _find(session, txid))
        if paid is None:
            return Placement(block=None, waiting=False)
        return Placement(_block(paid.height), waiting=False)

    def spender(self, coins: Sequence[Outpoint], since_ms: int) -> None:
        """Nobody else has its coins."""


def _block(height: int) -> Block:
    return Block(hashlib.sha256(f"practice block {height}".encode()).hexdigest(), height)


def _find(session: Session, txid: str) -> PracticePayment | None:
    return session.scalar(sa.select(PracticePayment).where(PracticePayment.txid == txid))
