"""The practice wallet: pays nobody, and says so. For trying a kiosk without a node.

It keeps its payments in a table of its own, pays once, survives restarts, and runs out of funds. Its
network is called `practice` in every quote and transfer, so no screen can mistake it for money.
"""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.database import Database
from disbursement.wallets.models import PracticePayment
from disbursement.wallets.wallet import Block, Outpoint, Placement, SignedPayment, Terms

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

    def check(self) -> None:
        """It is always there."""

    def balance(self) -> int:
        paid = self.db.run(lambda s: s.scalar(sa.select(sa.func.sum(PracticePayment.amount))))
        return max(0, self.funds - int(paid or 0))

    def tip_height(self) -> int:
        tip = self.db.run(lambda s: s.scalar(sa.select(sa.func.max(PracticePayment.height))))
        return int(tip or 0)

    def terms(self, address: str) -> Terms | None:
        return Terms(DUST_LIMIT, fee_reserve=0) if ADDRESS.fullmatch(address) else None

    def sign(
        self,
        reference: str,
        address: str,
        amount: int,
        avoid: Collection[Outpoint],  # noqa: ARG002  # each payment has a coin of its own
    ) -> SignedPayment:
        told = json.dumps({"practice": reference, "address": address, "amount": amount}).encode()
        coin = Outpoint(hashlib.sha256(reference.encode()).hexdigest(), 0)
        return SignedPayment(told.hex(), hashlib.sha256(told).hexdigest(), (coin,), fee=0)

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
        block_hash = hashlib.sha256(f"practice block {paid.height}".encode()).hexdigest()
        return Placement(Block(block_hash, paid.height), waiting=False)


def _find(session: Session, txid: str) -> PracticePayment | None:
    return session.scalar(sa.select(PracticePayment).where(PracticePayment.txid == txid))
