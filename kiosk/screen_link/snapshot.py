"""What the screen shows: the whole truth each time, immutable, in plain values.

Amounts are integers of the smallest unit (`_minor` of the fiat currency, `_base_units` of the coin).
Texts are codes; the screen owns the words in every language.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ScreenState(StrEnum):
    """Which screen. One for each state of a sale, and two for a machine without one."""

    IDLE = "idle"
    OUT_OF_SERVICE = "out_of_service"
    WARNING = "warning"  # scam warning and terms
    SCANNING = "scanning"
    SCANNING_AGAIN = "scanning_again"  # the same code once more, where the operator asks for it
    CONFIRMING_WALLET = "confirming_wallet"
    QUOTING = "quoting"  # asking central for a price
    PREPARING = "preparing"  # central locks the funds
    INSERTING = "inserting"
    STACKING = "stacking"  # a bill is on its way to the cashbox
    RETURNING = "returning"  # a bill is on its way back to the customer
    JAMMED = "jammed"
    REVIEWING = "reviewing"
    PAYING = "paying"
    PAID = "paid"
    QUEUED = "queued"  # recorded, central unreachable: will be paid later
    DISPUTED = "disputed"  # nobody can say where a bill is, and no other cash is in
    CANCELLED = "cancelled"
    RECOVERING = "recovering"  # after a restart: asking the devices what they did


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServiceView(_Frozen):
    """Whether this machine can sell. `reasons` are fault codes of `kiosk/faults.py`."""

    status: str  # in_service | degraded | out_of_service
    reasons: tuple[str, ...] = ()


class DeadlineView(_Frozen):
    """When this screen ends by itself. `left_ms` counts from the moment the snapshot was made."""

    left_ms: int
    total_ms: int


class QuoteView(_Frozen):
    """The price, with market price, mark-up and fee apart. Prices are minor units for one whole coin."""

    market_price_minor: int
    price_minor: int
    markup_bps: int  # hundredths of a percent
    fee_minor: int
    price_source: str
    price_age_ms: int  # when the snapshot was made: the screen needs no clock of the world


class CashView(_Frozen):
    """Cash of this sale. `takes_up_to_minor` is the largest bill that would still be taken, 0 for none."""

    credited_minor: int = 0
    disputed_minor: int = 0
    disputed_bills: int = 0  # also those whose value nobody knows
    limit_minor: int = 0
    takes_up_to_minor: int = 0
    in_transit_minor: int = 0  # the bill that is being stacked or returned


class PayoutView(_Frozen):
    amount_base_units: int
    txid: str | None = None
    confirmations: int = 0


class Notice(_Frozen):
    """One thing to say above the rest of the screen. Known codes and their `amount_minor`:

    bill_over_limit (the largest bill that would be taken), bill_rejected_<RejectReason>, bill_returned,
    qr_unreadable, qr_not_the_same_wallet, qr_wrong_coin, qr_wrong_network, qr_bad_address, qr_expired, qr_fixed_amount, qr_token_contract,
    qr_unsupported, qr_private_key, qr_web_page, qr_contact, qr_not_a_wallet,
    central_unreachable, central_refused, central_confused, funds_unavailable, timed_out, cancelled_by_customer,
    bill_disputed (the bill, if its value is known), amount_too_small, storage, restarted, device_fault (fault_code says which).
    """

    code: str
    amount_minor: int | None = None
    fault_code: str | None = None


class Snapshot(_Frozen):
    state: ScreenState
    service: ServiceView
    kiosk_name: str
    operator_name: str
    support_phone: str
    currency: str  # ISO 4217
    currency_exponent: int = 2
    network: str  # bitcoin | testnet | regtest | practice; practice: no coins are sent, and every screen says so
    coin: str = "BTC"
    coin_exponent: int = 8
    language: str = "en"  # what the customer chose on the idle screen, or the kiosk's first
    languages: tuple[str, ...] = ("en", "es")
    session_id: str | None = None
    claim_code: str | None = None  # what the customer quotes to get help
    deadline: DeadlineView | None = None
    notice: Notice | None = None
    address: str | None = None
    wallet_label: str | None = None  # the wallet's own words in its code, unproven
    requested_base_units: int | None = (
        None  # what the code asks for, unproven; the customer decides
    )
    quote: QuoteView | None = None
    cash: CashView = CashView()
    expected_base_units: int = 0  # for the cash that is in, at this quote
    payout: PayoutView | None = None
    receipt: str = "none"  # none | printing | printed | unavailable
    jam_code: str | None = None  # fault code while JAMMED
    can_cancel: bool = False
    can_finish: bool = False
