"""What a Lightning wallet shows: invoices, LNURLs, Lightning addresses, offers.

Sources: BOLT-11, LUD-01, LUD-16, LUD-17; BOLT-12 offers are named and not read.
"""

from urllib.parse import parse_qs, urlsplit

from kiosk.wallet.bolt11 import read_invoice
from kiosk.wallet.destination import Destination
from kiosk.wallet.lnurl import SCHEMES, is_lightning_address, web_address
from kiosk.wallet.payment_link import shown
from kiosk.wallet.refusal import RefusalCode, Refused

_OFFERS = ("lno1", "lnr1", "lni1")  # BOLT-12
_NO_PAYEES = ("lnurlw:", "lnurlc:", "keyauth:")  # to withdraw, to open a channel, to log in
_NO_PAYEES_TAGS = frozenset({"login", "withdrawRequest", "channelRequest"})  # LUD-04, 03, 02


def read_lightning(after_scheme: str) -> tuple[Destination, ...]:
    """Raises Refused."""
    text = after_scheme.removeprefix("//")
    lower = text.lower()
    if lower.startswith(_OFFERS):
        raise Refused(RefusalCode.UNSUPPORTED, "a Lightning offer")
    if is_lightning_address(text) or lower.startswith(("lnurl1", *_schemes())):
        return (_lnurl(text),)
    return (_invoice(text),)


def _schemes() -> tuple[str, ...]:
    return tuple(f"{scheme}:" for scheme in SCHEMES)


def _lnurl(text: str) -> Destination:
    url = web_address(text)
    tags = set(parse_qs(urlsplit(url).query).get("tag", []))
    if text.lower().startswith(_NO_PAYEES) or tags & _NO_PAYEES_TAGS:
        raise Refused(RefusalCode.UNSUPPORTED, "an LNURL that is not there to be paid")
    label = text.lower() if is_lightning_address(text) else None
    return Destination("BTC", "lightning", url, None, label)


def _invoice(text: str) -> Destination:
    invoice = read_invoice(text)
    if invoice.amount_msat is not None:
        raise Refused(RefusalCode.FIXED_AMOUNT, "a Lightning invoice over a fixed amount")
    label = shown(invoice.description)
    return Destination(
        "BTC", invoice.network, text.lower(), None, label, expires_at_ms=invoice.expires_at_ms
    )
