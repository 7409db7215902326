"""Prepare before cash: the rate is fixed and the funds for the largest amount are locked."""

from sqlalchemy.orm import Session

from disbursement.channels import owing
from disbursement.customers import standing
from disbursement.customers.models import Buyer
from disbursement.customers.sanctions.attempts import demand_unlisted
from disbursement.errors import FundsUnavailable, Refused, WalletUnavailable
from disbursement.house import House
from disbursement.sales import limits
from disbursement.sales.models import QuoteRow, TransferRow
from disbursement.sales.transfers import as_message, open_transfer
from disbursement.wallets.wallet import Terms
from kiosk_wire.messages import (
    BASE_UNITS_MAX,
    PrepareRequest,
    RefusalCode,
    Transfer,
    TransferState,
)
from kiosk_wire.pricing import coin_amount, smallest_cash


def prepare(house: House, speaker_id: str, request: PrepareRequest) -> Transfer:
    """Idempotent on the transfer's id, however much later the repeat comes."""
    repeated = house.db.run(lambda session: _repeat(house, session, speaker_id, request))
    if repeated is not None:
        return repeated
    terms = _terms(house, request.address)  # asks the node: not inside a transaction
    demand_unlisted(house, speaker_id, request)
    standing.screen(house, request.customer_id)
    return house.db.run(
        lambda session: (
            _repeat(house, session, speaker_id, request)
            or _prepare(house, session, speaker_id, request, terms)
        )
    )


def _repeat(
    house: House, session: Session, speaker_id: str, request: PrepareRequest
) -> Transfer | None:
    row = session.get(TransferRow, request.transfer_id)
    if row is None:
        return None
    if row.speaker_id == speaker_id and row.state == TransferState.DISMISSED:
        detail = f"transfer {row.transfer_id} was dismissed"
        raise Refused(409, RefusalCode.TRANSFER_CLOSED, detail)
    if row.speaker_id == speaker_id and row.quote_id is None:
        detail = f"transfer {row.transfer_id} was finalized before it was prepared"
        raise Refused(409, RefusalCode.TRANSFER_CLOSED, detail)
    buyer = session.get(Buyer, row.transfer_id)
    if (buyer.customer_id if buyer else None) != request.customer_id:
        detail = f"transfer {row.transfer_id} was prepared for another customer"
        raise Refused(409, RefusalCode.ID_REUSED, detail)
    names = type(request).model_fields.keys() - {"customer_id"}
    if row.speaker_id != speaker_id or any(getattr(row, n) != getattr(request, n) for n in names):
        detail = f"transfer {row.transfer_id} was prepared otherwise"
        raise Refused(409, RefusalCode.ID_REUSED, detail)
    return as_message(session, row, house.tip.height)


def _terms(house: House, address: str) -> Terms:
    try:
        terms = house.wallet.terms(address)
    except WalletUnavailable as away:
        detail = "the wallet does not answer now"
        raise Refused(503, RefusalCode.FUNDS_UNAVAILABLE, detail) from away
    if terms is None:
        detail = f"not an address of network {house.wallet.network}"
        raise Refused(422, RefusalCode.BAD_ADDRESS, detail)
    return terms


def _prepare(
    house: House, session: Session, speaker_id: str, request: PrepareRequest, terms: Terms
) -> Transfer:
    standing.demand_shown(house, session, speaker_id, request)
    quote = _valid_quote(house, session, speaker_id, request)
    least = _least_cash(house, quote, request, terms)
    amount = coin_amount(
        request.max_amount_minor, quote.fee_minor, quote.price_minor, quote.coin_exponent
    )
    if amount > BASE_UNITS_MAX:
        raise Refused(409, RefusalCode.FUNDS_UNAVAILABLE, "more than any wallet could cover")
    row = TransferRow(
        **request.model_dump(exclude={"customer_id"}),
        speaker_id=speaker_id,
        network=quote.network,
        fee_reserve=terms.fee_reserve,
        min_amount_minor=least,
        lock_base_units=amount,
        state=TransferState.PREPARED,
    )
    # First of all: a repeat that came meanwhile meets its key, and not the funds that this one locked.
    open_transfer(session, row, "prepared", house.now_ms())
    try:
        locked = amount + terms.fee_reserve
        house.books.lock(session, row.transfer_id, locked, house.now_ms())
    except FundsUnavailable as short:
        detail = "the wallet cannot cover this sale"
        raise Refused(409, RefusalCode.FUNDS_UNAVAILABLE, detail) from short
    owing.demand_within(house, session, speaker_id)
    limits.demand_within(house, session)
    limits.demand_payable(session, terms)
    standing.note_buyer(session, request)
    standing.demand_within(house, session, speaker_id, request)
    return as_message(session, row, house.tip.height)


def _valid_quote(
    house: House, session: Session, speaker_id: str, request: PrepareRequest
) -> QuoteRow:
    quote = session.get(QuoteRow, request.quote_id)
    if quote is None or (quote.speaker_id, quote.session_id) != (speaker_id, request.session_id):
        raise Refused(404, RefusalCode.NOT_FOUND, f"no quote {request.quote_id} in this session")
    if quote.expires_at_ms < house.now_ms():
        raise Refused(409, RefusalCode.QUOTE_EXPIRED, "the quote has expired: ask for a new one")
    return quote


def _least_cash(house: House, quote: QuoteRow, request: PrepareRequest, terms: Terms) -> int:
    """Less than this cannot be sent as coins. Raises Refused unless the cash asked for is between
    it and the most that is sold at once."""
    most = house.rules.max_amount_minor
    if request.max_amount_minor > most:
        detail = f"at most {house.rules.in_words(most, quote.currency)} are taken at once"
        raise Refused(422, RefusalCode.AMOUNT_OUT_OF_RANGE, detail)
    least = smallest_cash(
        max(1, terms.dust_limit), quote.fee_minor, quote.price_minor, quote.coin_exponent
    )
    if request.max_amount_minor < least:
        cash = house.rules.in_words(request.max_amount_minor, quote.currency)
        detail = f"{cash} buy too little to be sent"
        raise Refused(422, RefusalCode.AMOUNT_OUT_OF_RANGE, detail)
    return least
