"""Whose code a text is: by its scheme, or bare by its shape.

Responsible for: the table of the families that are read. Adding one adds a module and a line.
Not responsible for: whether the text is valid, which its family says.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

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
from kiosk.wallet.script_address import BASE58_LETTERS, base58_version, coin_of
from kiosk.wallet.solana import is_key, read_solana
from kiosk.wallet.tron import VERSION as TRON_VERSION
from kiosk.wallet.tron import read_tron


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
    (
        LIGHTNING,
        re.compile(r"ln((bc|tb|tbs|bcrt)[0-9]*[a-z]?|o|i|r|url)1[0-9a-z]+", re.IGNORECASE),
    ),
    (ETHEREUM, re.compile(r"0[xX][0-9A-Za-z]{38,42}")),
    (TRON, re.compile(r"41[0-9a-fA-F]{40}")),
    (BITCOIN_CASH, re.compile(r"[qprz][0-9a-z]{41}(?:[0-9a-z]{19})?", re.IGNORECASE)),
    (MONERO, re.compile(rf"[4-9AB]{BASE58_LETTERS}{{94}}(?:{BASE58_LETTERS}{{11}})?")),
)
_SOLANA_SHAPE = re.compile(rf"{BASE58_LETTERS}{{32,44}}")


def family_of(text: str) -> tuple[Family, str]:
    """And what it reads of the text. Raises Refused when it is nobody's."""
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in LNURL_SCHEMES:
        return LIGHTNING, text
    if colon and scheme.lower() in SCHEMES:
        return SCHEMES[scheme.lower()], rest
    if colon:
        raise why_not(text)
    return family_of_bare(text), text


def family_of_bare(text: str) -> Family:
    """Raises Refused when it is nobody's."""
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
