"""What the machine remembers between events. Frozen; written whole with every commit."""

from dataclasses import dataclass
from typing import Literal

from kiosk.screen_link.snapshot import Notice
from kiosk.wallet.destination import Destination
from kiosk_wire.messages import Quote
from kiosk_wire.pricing import coin_amount


@dataclass(frozen=True)
class Transit:
    """A bill between escrow and its end. `intent` was committed before the command left."""

    bill_id: str
    session_id: str | None
    value_minor: int
    currency: str
    intent: Literal["stack", "return"]
    doubt: str | None = (
        None  # what happened to the device while the bill was inside: it cannot vouch
    )


@dataclass(frozen=True)
class Unsettled:
    """A credit that is committed here, and that the device may still repeat."""

    bill_id: str
    value_minor: int | None  # None: neither the device nor the journal knows


@dataclass(frozen=True)
class Payout:
    amount_base_units: int
    txid: str | None
    confirmations: int


@dataclass(frozen=True)
class Sale:
    """One customer's purchase. The ids are minted and committed before anyone hears of them."""

    session_id: str
    claim_code: str
    language: str
    started_at_ms: int
    destination: Destination | None = None
    quote_id: str | None = None
    quote: Quote | None = None
    transfer_id: str | None = None
    limit_minor: int = 0  # what central has locked funds for; 0 until prepared
    least_minor: int = 0  # less than this cannot be sent as coins
    credited_minor: int = 0
    disputed_minor: int = 0
    disputed_bills: int = 0  # also those of unknown value
    finalized: bool = False
    payout: Payout | None = None
    refund_due: bool = False  # central holds the credit and cannot pay it as coins
    receipt: Literal["none", "printing", "printed", "unavailable"] = "none"
    receipt_job: str | None = None

    @property
    def is_sendable(self) -> bool:
        return self.expected_base_units > 0 and self.credited_minor >= self.least_minor

    @property
    def expected_base_units(self) -> int:
        """What the cash that is in buys at this quote."""
        if self.quote is None:
            return 0
        quote = self.quote
        return coin_amount(
            self.credited_minor, quote.fee_minor, quote.price_minor, quote.coin_exponent
        )


@dataclass(frozen=True)
class Memory:
    language: str
    sale: Sale | None = None
    transit: Transit | None = None
    unsettled: Unsettled | None = None
    lost_bill: Transit | None = (
        None  # the last disputed bill, in case the device finds it after all
    )
    unfinished: Sale | None = (
        None  # ended, or never begun, while a bill of it was still on its way
    )
    notice: Notice | None = None
    jam_code: str | None = None
