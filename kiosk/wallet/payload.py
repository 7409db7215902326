"""What a QR code says: a destination, or why there is none.

Responsible for: whose code a text is, for every coin that is read, and which of them this kiosk sells.
Not responsible for: asking the customer, who sees the address before anything is quoted.
Sources: each family's module names its own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.wallet.bitcoin import read_bitcoin
from kiosk.wallet.bitcoin_cash import MAIN, TESTS, read_bitcoin_cash, read_test_network
from kiosk.wallet.destination import Destination
from kiosk.wallet.ethereum import read_ethereum
from kiosk.wallet.lightning import read_lightning
from kiosk.wallet.litecoin import MWEB_PREFIX, read_dogecoin, read_litecoin
from kiosk.wallet.lnurl import SCHEMES as LNURL_SCHEMES
from kiosk.wallet.lnurl import is_lightning_address
from kiosk.wallet.monero import read_monero
from kiosk.wallet.recognition import why_not
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode, Refused
from kiosk.wallet.script_address import BASE58_LETTERS, base58_version, coin_of
from kiosk.wallet.secret import is_secret
from kiosk.wallet.solana import is_key, read_solana
from kiosk.wallet.tron import VERSION as TRON_VERSION
from kiosk.wallet.tron import read_tron

MAX_PAYLOAD_CHARS = (
    4296  # what the largest QR code holds: ISO/IEC 18004, version 40-L, alphanumeric
)


@dataclass(frozen=True)
class Family:
    name: str
    read: Callable[[str], tuple[Destination, ...]]  # the best offer first; raises Refused


BITCOIN = Family("Bitcoin", read_bitcoin)
LIGHTNING = Family("Lightning", read_lightning)
LITECOIN = Family("Litecoin", read_litecoin)
DOGECOIN = Family("Dogecoin", read_dogecoin)
BITCOIN_CASH = Family("Bitcoin Cash", read_bitcoin_cash)
ETHEREUM = Family("Ethereum", read_ethereum)
TRON = Family("Tron", read_tron)
SOLANA = Family("Solana", read_solana)
MONERO = Family("Monero", read_monero)

SCHEMES = {
    "bitcoin": BITCOIN,
    "lightning": LIGHTNING,
    "litecoin": LITECOIN,
    "doge": DOGECOIN,
    "dogecoin": DOGECOIN,
    MAIN: BITCOIN_CASH,
    **{scheme: Family("Bitcoin Cash", read_test_network) for scheme in TESTS},
    "ethereum": ETHEREUM,
    "tron": TRON,
    "solana": SOLANA,
    "monero": MONERO,
}

_COINS = {"BTC": BITCOIN, "LTC": LITECOIN, "DOGE": DOGECOIN}
_SHAPES = (
    (LITECOIN, re.compile(rf"{MWEB_PREFIX}[0-9a-z]+", re.IGNORECASE)),
    (LIGHTNING, re.compile(r"ln(bc|tb|tbs|bcrt|o|i|r|url)[0-9a-z]*1[0-9a-z]+", re.IGNORECASE)),
    (ETHEREUM, re.compile(r"0[xX][0-9A-Za-z]{38,42}")),
    (TRON, re.compile(r"41[0-9a-fA-F]{40}")),
    (BITCOIN_CASH, re.compile(r"[qprz][0-9a-z]{41,}", re.IGNORECASE)),
    (MONERO, re.compile(rf"[4-9AB]{BASE58_LETTERS}{{94}}(?:{BASE58_LETTERS}{{11}})?")),
)
_SOLANA_SHAPE = re.compile(rf"{BASE58_LETTERS}{{32,44}}")

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
        _, offers = _offers(text.strip())
    except Refused as refused:
        return refused.refusal
    standing = [o for o in offers if o.expires_at_ms is None or now_ms < o.expires_at_ms]
    if not standing:
        return PayloadRefusal(RefusalCode.EXPIRED, "a payment request whose time is over")
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
    family, rest = _family(text)
    try:
        return family, family.read(rest)
    except Refused as refused:
        raise refused.of(family.name) from None


def _family(text: str) -> tuple[Family, str]:
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in LNURL_SCHEMES:
        return LIGHTNING, text
    if colon and scheme.lower() in SCHEMES:
        return SCHEMES[scheme.lower()], rest
    if colon:
        raise why_not(text)
    return _family_of_bare(text), text


def _family_of_bare(text: str) -> Family:
    if coin := coin_of(text):
        return _COINS[coin]
    if base58_version(text) == TRON_VERSION:
        return TRON
    if is_lightning_address(text):
        return LIGHTNING
    for family, shape in _SHAPES:
        if shape.fullmatch(text):
            return family
    if _SOLANA_SHAPE.fullmatch(text) and is_key(text):
        return SOLANA
    raise why_not(text)
