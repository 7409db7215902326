"""What every part of the service works with, put together once at start."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.orm import Session

from disbursement.accounts.books import Books
from disbursement.config import RequestSection, SaleSection, WalletRules
from disbursement.customers.desk import Desk
from disbursement.database import Database
from disbursement.sales.prices import PriceSource
from disbursement.wallets.wallet import Wallet


class PayoutQueue(Protocol):
    """The door to the workflow engine."""

    def enqueue(self, session: Session, transfer_id: str, number: int, delay_s: float) -> None:
        """In the caller's transaction: it happens if and only if that commits. The same transfer
        and number again is no second one."""


@dataclass
class Tip:
    """How high the chain was when the watch last looked, and when that was; and up to which block every
    payment was looked after."""

    height: int = 0
    seen_at_ms: int = 0
    watched_hash: str = ""


def system_now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class House:
    db: Database
    wallet: Wallet
    prices: PriceSource
    rules: SaleSection
    payouts: PayoutQueue
    now_ms: Callable[[], int] = system_now_ms
    paying: WalletRules = field(default_factory=WalletRules)
    tip: Tip = field(default_factory=Tip)
    requests: RequestSection = field(default_factory=RequestSection)
    desk: Desk | None = None  # without one, nobody is asked who they are

    @property
    def books(self) -> Books:
        wallet = self.wallet
        gas_coin = wallet.gas.coin if wallet.gas else None
        return Books(f"{wallet.network}/{wallet.name}", wallet.coin, gas_coin)
