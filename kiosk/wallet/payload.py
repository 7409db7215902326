"""What a QR code says: a destination, or why there is none.

Responsible for: the order of the questions, and what of all that can be read this kiosk sells.
Not responsible for: asking the customer, who sees the address before anything is quoted.
"""

from dataclasses import replace

from kiosk.wallet.destination import Destination
from kiosk.wallet.families import BITCOIN, LIGHTNING, Family, family_of, family_of_bare
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode, Refused
from kiosk.wallet.secret import is_secret

MAX_PAYLOAD_CHARS = (
    4296  # what the largest QR code holds: ISO/IEC 18004, version 40-L, alphanumeric
)

# Practice takes the addresses of regtest: nobody's real address can be taken for one.
_CHAIN_OF = {
    "bitcoin": "bitcoin",
    "testnet": "testnet",
    "regtest": "regtest",
    "practice": "regtest",
}


def read_payload(text: str, now_ms: int) -> Destination | PayloadRefusal:
    """Whatever coin it is of. Whatever the text is, nothing is raised."""
    try:
        family, offers = _offers(text.strip())
    except Refused as refused:
        return refused.refusal
    standing = [o for o in offers if o.expires_at_ms is None or now_ms < o.expires_at_ms]
    if not standing:
        why = "a payment request whose time is over"
        return PayloadRefusal(RefusalCode.EXPIRED, why, family.name)
    return standing[0]


def parse_payload(text: str, network: str) -> Destination | PayloadRefusal:
    """What a kiosk that sells bitcoin on `network` (bitcoin, testnet, regtest, practice) can pay.

    On the chain nothing expires, so no time is asked for. Nothing is raised."""
    try:
        family, offers = _offers(text.strip())
    except Refused as refused:
        return _as_seen_from_bitcoin(refused.refusal)
    for offer in offers:
        if (offer.coin, offer.network) == ("BTC", _CHAIN_OF[network]):
            return replace(offer, network=network)
    if family is not BITCOIN or offers[0].network.startswith("lightning"):
        return _not_sold(LIGHTNING.name if family is BITCOIN else family.name)
    theirs = " or ".join(sorted({offer.network for offer in offers}))
    return PayloadRefusal(RefusalCode.WRONG_NETWORK, f"an address of {theirs}", family.name)


def _as_seen_from_bitcoin(refusal: PayloadRefusal) -> PayloadRefusal:
    """What is wrong with another coin's code helps nobody here."""
    if refusal.family in (None, BITCOIN.name):
        return refusal
    return _not_sold(refusal.family)


def _not_sold(family: str) -> PayloadRefusal:
    if family == LIGHTNING.name:
        return PayloadRefusal(RefusalCode.UNSUPPORTED, "a Lightning code", family)
    return PayloadRefusal(RefusalCode.WRONG_COIN, f"a code of {family}", family)


def _offers(text: str) -> tuple[Family, tuple[Destination, ...]]:
    if is_secret(text):
        raise Refused(RefusalCode.PRIVATE_KEY, "a private key or a wallet's seed")
    if len(text) > MAX_PAYLOAD_CHARS:
        raise Refused(RefusalCode.NOT_A_WALLET, f"a text of {len(text)} characters")
    family, rest = family_of(text)
    try:
        return family, family.read(rest)
    except Refused as refused:
        if refused.refusal.code is RefusalCode.BAD_ADDRESS:
            _check_misplaced(family, rest.partition("?")[0])
        raise refused.of(family.name) from None


def _check_misplaced(family: Family, target: str) -> None:
    """Raises Refused when what is broken as one family's address is another's."""
    try:
        other = family_of_bare(target)
    except Refused as why_not:
        if why_not.refusal.code is RefusalCode.UNSUPPORTED:
            raise
        return
    if other is not family:
        code = RefusalCode.UNSUPPORTED if other is LIGHTNING else RefusalCode.WRONG_COIN
        why = f"an address of {other.name} in a link of {family.name}"
        raise Refused(code, why, family.name) from None
