"""What the receipt says, in the customer's language: paid, queued, disputed or to be refunded.

Responsible for: which fields, in which order. Not responsible for: how a printer draws them.
"""

from datetime import UTC, datetime
from decimal import Decimal

from drivers.printer.document import Document, Element, Heading, Line, Pair, Rule
from kiosk.config import Config
from kiosk.receipt_words import WORDS, Words
from kiosk.session.memory import Sale

_GROUP = 4


def compose_receipt(config: Config, sale: Sale, now_ms: int) -> Document:
    words = WORDS[sale.language]
    return Document(
        (
            *_head(config, words, now_ms),
            *_verdict(config, sale, words),
            *_in_doubt(config, sale, words),
            Rule(),
            *_cash(config, sale, words),
            *_price(config, sale, words),
            *_where_to(sale, words),
            Rule(),
            Line(words["claim_code"], align="centre"),
            Heading(sale.claim_code),
            Pair(words["sale"], sale.session_id),
            Line(f"{words['help']} {config.operator.support_phone}", align="centre"),
            Line(words["keep"], align="centre"),
        )
    )


def _head(config: Config, words: Words, now_ms: int) -> tuple[Element, ...]:
    when = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    network = words.get(f"network_{config.kiosk.network}")
    licence = config.operator.licence
    return (
        Heading(config.operator.name),
        Line(config.kiosk.name, align="centre"),
        *((Line(f"{words['licence']} {licence}", align="centre"),) if licence else ()),
        Line(when, align="centre"),
        *((Line(network, align="centre", bold=True),) if network else ()),
        Rule(),
    )


def _verdict(config: Config, sale: Sale, words: Words) -> tuple[Element, ...]:
    cash = money(sale.credited_minor, config.kiosk.currency, words)
    if sale.payout is not None and config.kiosk.network == "practice":
        return (Heading(words["practice"]), Line(words["practice_text"]))
    if sale.payout is not None:
        return (Heading(words["paid"]), Line(words["paid_text"]))
    if sale.refund_due or (sale.credited_minor and sale.finalized and not sale.is_sendable):
        return (Heading(words["refund"]), Line(words["refund_text"]))
    if sale.credited_minor and sale.finalized:
        return (Heading(words["queued"]), Line(words["queued_text"].format(cash=cash)))
    if sale.credited_minor:
        safe = words["recorded_text"].format(cash=cash)
        return (Heading(words["stuck"]), Line(safe), Line(words["stuck_text"]))
    if sale.disputed_bills:
        return ()
    return (Heading(words["stuck"]), Line(words["stuck_text"]))


def _in_doubt(config: Config, sale: Sale, words: Words) -> tuple[Element, ...]:
    """What is safe, then what happens next; the code follows below."""
    if not sale.disputed_bills:
        return ()
    cash = money(sale.disputed_minor, config.kiosk.currency, words)
    text = words["disputed_text" if sale.disputed_minor else "unknown_bill_text"]
    return (Heading(words["disputed"]), Line(text.format(cash=cash)))


def _cash(config: Config, sale: Sale, words: Words) -> tuple[Element, ...]:
    currency = config.kiosk.currency
    rows = []
    if sale.credited_minor or not sale.disputed_bills:
        rows.append(Pair(words["cash_in"], money(sale.credited_minor, currency, words), bold=True))
    if sale.disputed_bills:
        known = money(sale.disputed_minor, currency, words)
        rows.append(Pair(words["in_dispute"], known if sale.disputed_minor else words["unknown"]))
    return tuple(rows)


def _buys(sale: Sale) -> bool:
    """The order to pay is given, and can be met with coins."""
    return sale.finalized and sale.is_sendable and not sale.refund_due


def _price(config: Config, sale: Sale, words: Words) -> tuple[Element, ...]:
    if sale.quote is None or not _buys(sale):
        return ()
    quote, currency = sale.quote, config.kiosk.currency
    as_of = datetime.fromtimestamp(quote.price_as_of_ms / 1000, UTC).strftime("%H:%M:%S UTC")
    base_units = sale.payout.amount_base_units if sale.payout else sale.expected_base_units
    bought = coins(base_units, quote.coin_exponent, words)
    return (
        Pair(words["fee"], money(quote.fee_minor, currency, words)),
        Pair(words["market_price"], money(quote.market_price_minor, currency, words)),
        Pair(words["source"], f"{quote.price_source}, {as_of}"),
        Pair(words["markup"], f"{decimal(quote.markup_bps, 2, words)} %"),
        Pair(words["your_price"], money(quote.price_minor, currency, words)),
        Rule(),
        Pair(words[_bought(config)], f"{bought} {quote.coin}", bold=True),
    )


def _bought(config: Config) -> str:
    return "bought_in_practice" if config.kiosk.network == "practice" else "bought"


def _where_to(sale: Sale, words: Words) -> tuple[Element, ...]:
    if sale.destination is None or not _buys(sale):
        return ()
    txid = sale.payout.txid if sale.payout else None
    return (
        Line(words["wallet"], bold=True),
        Line(grouped(sale.destination.address)),
        *((Line(words["transaction"], bold=True), Line(txid)) if txid else ()),
    )


def money(amount_minor: int, currency: str, words: Words) -> str:
    """40.00 USD: the code and not the sign, which several currencies share."""
    return f"{decimal(amount_minor, 2, words)} {currency}"


def coins(base_units: int, exponent: int, words: Words) -> str:
    return decimal(base_units, exponent, words)


def decimal(units: int, exponent: int, words: Words) -> str:
    text = f"{Decimal(units).scaleb(-exponent):,.{exponent}f}"
    return text.translate(str.maketrans(",.", words["thousands"] + words["point"]))


def grouped(address: str) -> str:
    """In fours, as a person compares it."""
    return " ".join(address[i : i + _GROUP] for i in range(0, len(address), _GROUP))
