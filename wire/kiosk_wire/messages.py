"""Requests, answers and events, as JSON over HTTPS, signed by the kiosk (RFC 9421; see `signing.py`).

    POST /v1/quotes                   QuoteRequest    -> Quote
    POST /v1/transfers                PrepareRequest  -> Transfer (state prepared)
    GET  /v1/transfers/{transfer_id}                  -> Transfer
    POST /v1/events                   EventBatch      -> EventAck
    GET  /healthz                                     -> Health
    what is asked of customers                        see `customers.py`
    anything refused                                  -> Refusal, with its HTTP status

Every id is made by the kiosk and committed before it is first sent; a repeat gets the stored answer.
Money is integers of the smallest unit with its currency beside it. Times are UTC milliseconds.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Coin = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,8}$")]
Minor = Annotated[int, Field(ge=0, le=10**12)]
BASE_UNITS_MAX = 10**18
BaseUnits = Annotated[int, Field(ge=0, le=BASE_UNITS_MAX)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# Bitcoin's are bitcoin, testnet, regtest; Litecoin's begin with litecoin; any other is a chain of Ethereum's kind, by the
# name that both sides were configured with. Practice pays nobody.
Network = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")]

EVENTS_PER_BATCH_MAX = 200
EVENT_BODY_BYTES_MAX = 16_384


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class QuoteRequest(Message):
    quote_id: Id
    session_id: Id
    currency: Currency
    coin: Coin


class Quote(Message):
    """A price that stands until `expires_at_ms`; preparing a transfer on it fixes it for that sale."""

    quote_id: Id
    session_id: Id
    currency: Currency
    coin: Coin
    coin_exponent: Annotated[int, Field(ge=0, le=18)]
    network: Network
    market_price_minor: Annotated[int, Field(gt=0, le=10**15)]  # for one whole coin
    price_source: Annotated[str, Field(min_length=1, max_length=64)]
    price_as_of_ms: int
    markup_bps: Annotated[int, Field(ge=0, le=10_000)]
    price_minor: Annotated[int, Field(gt=0, le=10**15)]  # market price and mark-up
    fee_minor: Minor  # taken once from the cash of a sale
    expires_at_ms: int


class PrepareRequest(Message):
    transfer_id: Id
    session_id: Id
    quote_id: Id
    address: Annotated[str, Field(min_length=8, max_length=128)]
    max_amount_minor: Annotated[int, Field(gt=0, le=10**12)]
    # Who proved a phone in this session. Left out without one: an older central knows no such field.
    customer_id: Annotated[Id | None, Field(exclude_if=lambda said: said is None)] = None


class TransferState(StrEnum):
    PREPARED = "prepared"  # funds locked, rate fixed
    DISMISSED = "dismissed"  # nothing to pay; the lock is released
    FINALIZED = "finalized"  # what to pay is known; the payout is ours to make
    SIGNED = "signed"  # signed bytes stored
    BROADCAST = "broadcast"  # the network has it
    CONFIRMED = "confirmed"
    REFUND_DUE = "refund_due"  # cash was taken that cannot be paid as coins: a person settles it


class Transfer(Message):
    transfer_id: Id
    session_id: Id
    state: TransferState
    network: Network
    address: str
    max_amount_minor: Minor
    min_amount_minor: Minor = (
        0  # less cash than this cannot be sent as coins: fee, rate, dust limit
    )
    committed_minor: Minor | None = None
    amount_base_units: BaseUnits | None = None
    txid: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    confirmations: Annotated[int, Field(ge=0)] = 0


class EventKind(StrEnum):
    """Facts of a kiosk. `body` is a JSON object; what each holds is said here."""

    KIOSK_STARTED = "kiosk_started"  # version
    SESSION_STARTED = "session_started"  # claim_code, language
    WALLET_DECLARED = (
        "wallet_declared"  # coin, network, address, language: "this is my own wallet"
    )
    TRANSFER_PREPARED = "transfer_prepared"  # transfer_id, quote_id, address, max_amount_minor
    BILL_ESCROWED = "bill_escrowed"  # bill_id, value_minor, currency
    STACK_DECIDED = "stack_decided"  # bill_id: the intent, written before the stack command leaves
    BILL_CREDITED = "bill_credited"  # bill_id, value_minor, currency, transfer_id
    BILL_RETURNED = "bill_returned"  # bill_id, value_minor, currency
    BILL_DISPUTED = "bill_disputed"  # bill_id, value_minor, currency, reason
    BILL_UNATTRIBUTED = "bill_unattributed"  # bill_id, value_minor (null: unknown), currency
    TRANSFER_FINALIZED = "transfer_finalized"  # transfer_id, committed_minor (0: dismissed)
    SESSION_ENDED = "session_ended"  # outcome
    FAULT_RAISED = "fault_raised"  # code, detail
    FAULT_CLEARED = "fault_cleared"  # code


class MoneyFault(StrEnum):
    """Codes of FAULT_RAISED that are about a bill disputed before (`detail` is its id): the device said
    later what became of it, and a person settles it."""

    DISPUTED_BILL_FOUND = "disputed-bill-found"  # it is in the cashbox
    DISPUTED_BILL_RETURNED = "disputed-bill-returned"  # it went back to the customer


class KioskEvent(Message):
    """One row of the kiosk's outbox. `hash` is over the row and the hash before it; see `chain.py`."""

    seq: Annotated[int, Field(ge=1)]
    event_id: Id
    session_id: Id | None
    at_ms: Annotated[int, Field(ge=0, le=10**15)]
    kind: EventKind
    body: Annotated[str, Field(max_length=EVENT_BODY_BYTES_MAX)]  # JSON text, as it was hashed
    previous_hash: Hash
    hash: Hash


class EventBatch(Message):
    events: Annotated[tuple[KioskEvent, ...], Field(min_length=1, max_length=EVENTS_PER_BATCH_MAX)]


class EventAck(Message):
    """Everything up to and with `through_seq` is stored and without a gap."""

    through_seq: Annotated[int, Field(ge=0)]


class Health(Message):
    """The answer of GET /healthz, which alone needs no signature: a kiosk whose clock is wrong can ask."""

    ok: bool
    network: Network
    practice: bool
    now_ms: Annotated[
        int, Field(ge=0, lt=253_402_300_800_000)
    ]  # central's UTC, before the year 10000


class RefusalCode(StrEnum):
    BAD_REQUEST = "bad_request"
    UNKNOWN_SPEAKER = "unknown_speaker"
    NOT_ALLOWED = "not_allowed"  # not for this kind of speaker
    BAD_SIGNATURE = "bad_signature"
    NOT_FOUND = "not_found"
    PRICE_STALE = "price_stale"  # no fresh price: central will not quote
    QUOTE_EXPIRED = "quote_expired"
    FUNDS_UNAVAILABLE = "funds_unavailable"  # the wallet cannot cover this sale
    BAD_ADDRESS = "bad_address"
    ADDRESS_REFUSED = "address_refused"  # a good address, to which nothing may be sent
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    IDENTITY_NEEDED = "identity_needed"  # so much only to who has shown more: `detail` says what
    IDENTITY_NOT_SHOWN = "identity_not_shown"  # this customer has proved nothing in this session
    CUSTOMER_REFUSED = "customer_refused"  # a person must decide first
    ENROLMENT_UNAVAILABLE = "enrolment_unavailable"  # this central sends no codes
    BAD_PHONE = "bad_phone"  # no mobile number of a country that is served
    CODE_WRONG = "code_wrong"
    CODE_SPENT = "code_spent"  # used, expired, or guessed at too often: ask for a new one
    TRY_LATER = "try_later"  # too many codes for now
    TRANSFER_CLOSED = "transfer_closed"  # already dismissed
    ID_REUSED = "id_reused"  # the same id with another content
    BAD_IDEMPOTENCY_KEY = (
        "bad_idempotency_key"  # missing where it is demanded, or not as it must be
    )
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"  # for another request
    STILL_RUNNING = "still_running"  # the first request with this idempotency key
    TOO_OFTEN = "too_often"
    OUT_OF_TIME = "out_of_time"  # it took too long, here or on the way
    LIMIT_REACHED = "limit_reached"  # what the operator allows, this channel or anyone
    CHAIN_BROKEN = "chain_broken"  # an event differs from what is stored under its number
    BUSY = "busy"  # too much waits already: try again
    OTHER = "other"  # what the other side, being newer, has a word for: `detail` says it

    @classmethod
    def _missing_(cls, _value: object) -> "RefusalCode":
        return cls.OTHER


# Central has not looked into it: the same is asked again later, and not before Retry-After.
ASK_AGAIN = frozenset(
    {
        RefusalCode.STILL_RUNNING,
        RefusalCode.TOO_OFTEN,
        RefusalCode.OUT_OF_TIME,
        RefusalCode.BUSY,
    }
)


class Refusal(Message):
    code: RefusalCode
    detail: Annotated[str, Field(max_length=500)]
