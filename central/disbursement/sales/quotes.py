"""Quotes: what a coin costs now, mark-up and fee told apart. The same id gets the same answer for ever."""

from sqlalchemy.orm import Session

from disbursement.errors import Refused
from disbursement.house import House
from disbursement.sales.models import QuoteInput, QuoteRow
from kiosk_wire.messages import Quote, QuoteRequest, RefusalCode
from kiosk_wire.pricing import price_with_markup


def quote(house: House, speaker_id: str, request: QuoteRequest) -> Quote:
    return house.db.run(lambda session: _quote(house, session, speaker_id, request))


def _quote(house: House, session: Session, speaker_id: str, request: QuoteRequest) -> Quote:
    stored = session.get(QuoteRow, request.quote_id) or _make(house, session, speaker_id, request)
    asked = QuoteRequest.model_validate(
        {name: getattr(stored, name) for name in type(request).model_fields}
    )
    if stored.speaker_id != speaker_id or asked != request:
        raise Refused(409, RefusalCode.ID_REUSED, f"quote {request.quote_id} was asked otherwise")
    return as_message(stored)


def _make(house: House, session: Session, speaker_id: str, request: QuoteRequest) -> QuoteRow:
    rules, wallet = house.rules, house.wallet
    if (request.currency, request.coin) != (rules.currency, wallet.coin):
        detail = f"sold here is {wallet.coin} for {rules.currency}"
        raise Refused(422, RefusalCode.BAD_REQUEST, detail)
    market = house.prices.current()
    row = QuoteRow(
        **request.model_dump(),
        speaker_id=speaker_id,
        coin_exponent=wallet.coin_exponent,
        network=wallet.network,
        market_price_minor=market.minor,
        price_source=market.source,
        price_as_of_ms=market.as_of_ms,
        markup_bps=rules.markup_bps,
        price_minor=price_with_markup(market.minor, rules.markup_bps),
        fee_minor=rules.fee_minor,
        expires_at_ms=house.now_ms() + rules.quote_valid_s * 1_000,
    )
    session.add(row)
    session.flush()
    session.add_all(
        QuoteInput(
            quote_id=row.quote_id,
            source=told.source,
            price_minor=told.minor,
            as_of_ms=told.as_of_ms,
        )
        for told in market.drawn_from
    )
    return row


def as_message(row: QuoteRow) -> Quote:
    return Quote.model_validate({name: getattr(row, name) for name in Quote.model_fields})
