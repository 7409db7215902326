"""Whether a text holds the key to somebody's coins. Asked first of every text, so that nothing else is said of it.

What its checksum proves is a key wherever it stands. What only looks like one is taken for a key where a
key or an address belongs: alone, behind a scheme, in a parameter; in the address of a web page the
same letters are the number of a transaction.
"""

import re
from urllib.parse import unquote_plus

from kiosk.wallet.script_address import BASE58_LETTERS, checked_base58
from kiosk.wallet.seed_words import has_seed_words

_WORD = re.compile(r"[0-9A-Za-z]+")
_PROVEN_LENGTHS = frozenset({51, 52, 58, 111, 112})
_ANYWHERE = re.compile(
    rf"6P{BASE58_LETTERS}{{56}}"  # BIP-38: under a passphrase, and still nobody's to see
    rf"|([xyztuvYZUV]pr|[LMt]tp|dgp)v{BASE58_LETTERS}{{90,112}}"  # BIP-32, and SLIP-132 for the other letters
    r"|(?i:nsec1[0-9a-z]{58})"  # NIP-19
    r"|(?i:ms1[0-9a-z]{45,124})"  # BIP-93
)
_WHERE_A_KEY_BELONGS = re.compile(
    rf"{BASE58_LETTERS}{{51,52}}"  # WIF of any coin: a version, 32 bytes, perhaps a flag, a checksum
    r"|(0[xX])?[0-9a-fA-F]{64}"  # 32 bytes in hex: Ethereum's, Monero's, anybody's
    rf"|{BASE58_LETTERS}{{86,88}}"  # 64 bytes: Solana's
    r"|([0-2][0-9]{3}){12}(([0-2][0-9]{3}){3}){0,4}"  # SeedQR: the words of a seed as numbers
    r"|S[A-Z2-7]{55}"  # Stellar's: SEP-23
)
_SAYS_SO = re.compile(
    r"^ur:(crypto-)?(seed|bip39|sskr)/"  # Blockchain Commons, BCR-2020-006 and 011
    r"|^monero[_-]wallet:"  # a whole wallet of Monero's
    r"|[?&](seed|mnemonic(_seed)?|(spend|view|secret|priv(ate)?)_?key)="
    r"|^\[\s*[0-9]{1,3}(\s*,\s*[0-9]{1,3}){31,63}\s*\]$",  # the file of a Solana key
    re.IGNORECASE,
)
_WEB = re.compile(r"(https?|lnurl[pwc]|keyauth):", re.IGNORECASE)
_NO_KEY = re.compile(r"\btx_payment_id=[^&]*", re.IGNORECASE)  # 32 bytes too, and meant to be seen


def is_secret(text: str) -> bool:
    return any(_is_secret(reading) for reading in {text, unquote_plus(text)})


def _is_secret(text: str) -> bool:
    words = _WORD.findall(text)
    if any(_ANYWHERE.fullmatch(word) or _is_proven(word) for word in words):
        return True
    if not _WEB.match(text):
        words = _WORD.findall(_NO_KEY.sub("", text))
        if _SAYS_SO.search(text) or any(_WHERE_A_KEY_BELONGS.fullmatch(word) for word in words):
            return True
    return has_seed_words(text)


def _is_proven(word: str) -> bool:
    octets = checked_base58(word) if len(word) in _PROVEN_LENGTHS else None
    match len(octets or b""):
        case 33 | 34:  # WIF
            return True
        case 78:  # BIP-32: before a private key stands a zero, before a public one its sign
            return octets is not None and octets[45] == 0
        case _:
            return False
