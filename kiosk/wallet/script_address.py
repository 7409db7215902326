"""Addresses of Bitcoin and of the coins made from it: base58 with a version, segwit with a prefix.

Responsible for: checksums and lengths of base58 (P2PKH, P2SH), bech32 and bech32m addresses, and the
networks an address can belong to.
Sources: BIP-13, BIP-173, BIP-350; versions and prefixes from Bitcoin Core, kernel/chainparams.cpp, and
chainparams.cpp of Litecoin and Dogecoin.
"""

import re
from dataclasses import dataclass

from bip_utils.base58.base58 import Base58Decoder
from bip_utils.base58.base58_ex import Base58ChecksumError
from bip_utils.bech32.bech32_ex import Bech32ChecksumError
from bip_utils.bech32.segwit_bech32 import SegwitBech32Decoder

from kiosk.wallet.refusal import RefusalCode, Refused

BASE58_LETTERS = "[1-9A-HJ-NP-Za-km-z]"
_BASE58_BYTES = 21  # a version and a hash of 160 bits


@dataclass(frozen=True)
class Chain:
    network: str
    versions: frozenset[int]
    prefix: str | None = None  # None: the coin has no segwit


_TESTS = frozenset({0x6F, 0xC4})  # what test networks share
CHAINS: dict[str, tuple[Chain, ...]] = {
    "BTC": (
        Chain("bitcoin", frozenset({0, 5}), "bc"),
        Chain("testnet", _TESTS, "tb"),
        Chain("regtest", _TESTS, "bcrt"),
    ),
    "LTC": (
        Chain("litecoin", frozenset({48, 50, 5}), "ltc"),  # 5: the old form, Bitcoin's as well
        Chain("litecoin-testnet", _TESTS | {58}, "tltc"),
        Chain("litecoin-regtest", _TESTS | {58}, "rltc"),
    ),
    "DOGE": (Chain("dogecoin", frozenset({30, 22})),),
}

# The shape alone: long enough for no checksum to be wasted on a novel, wide enough for a wrong letter.
_PREFIXES = "|".join(
    chain.prefix for chains in CHAINS.values() for chain in chains if chain.prefix
)
_SEGWIT_SHAPE = re.compile(rf"({_PREFIXES})1[0-9a-z]{{6,87}}", re.IGNORECASE)
_BASE58_SHAPE = re.compile(r"[0-9A-Za-z]{25,36}")


@dataclass(frozen=True)
class ScriptAddress:
    text: str  # segwit in lower case, so that equal addresses are equal texts
    networks: tuple[str, ...]


def checked_base58(text: str) -> bytes | None:
    """The bytes before the checksum; None when it is wrong."""
    try:
        payload: bytes = Base58Decoder.CheckDecode(text)
    except (ValueError, Base58ChecksumError):
        return None
    return payload


def base58_version(text: str) -> int | None:
    """Of an address with a right checksum."""
    payload = checked_base58(text) if _BASE58_SHAPE.fullmatch(text) else None
    return payload[0] if payload is not None and len(payload) == _BASE58_BYTES else None


def segwit_prefix(text: str) -> str | None:
    """Of an address, or of one with wrong letters in it."""
    shape = _SEGWIT_SHAPE.fullmatch(text)
    return shape[1].lower() if shape else None


def coin_of(text: str) -> str | None:
    """Whose valid address it is, or whose prefix it has. What several have is the first one's."""
    version, prefix = base58_version(text), segwit_prefix(text)
    for coin, chains in CHAINS.items():
        if any(
            version in chain.versions or (prefix and prefix == chain.prefix) for chain in chains
        ):
            return coin
    return None


def read_address(coin: str, text: str) -> ScriptAddress:
    """Raises Refused when it is no valid address of the coin, on any of its networks."""
    if prefix := segwit_prefix(text):
        networks = tuple(chain.network for chain in CHAINS[coin] if chain.prefix == prefix)
        if networks and _is_segwit(prefix, text):
            return ScriptAddress(text.lower(), networks)
    elif (version := base58_version(text)) is not None:
        networks = tuple(chain.network for chain in CHAINS[coin] if version in chain.versions)
        if networks:
            return ScriptAddress(text, networks)
        if coin_of(text) is None:
            raise Refused(RefusalCode.WRONG_NETWORK, "an address of a network we do not know")
    raise Refused(RefusalCode.BAD_ADDRESS, "an address whose checksum is wrong")


def _is_segwit(prefix: str, text: str) -> bool:
    try:
        SegwitBech32Decoder.Decode(prefix, text)
    except (ValueError, Bech32ChecksumError):
        return False
    return True
