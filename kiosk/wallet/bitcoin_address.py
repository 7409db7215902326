"""Bitcoin addresses: what a text is the address of.

Responsible for: checksums and lengths of base58 (P2PKH, P2SH), bech32 and bech32m addresses, and the
networks an address can belong to.
Sources: BIP-13, BIP-173, BIP-350; version bytes and prefixes from Bitcoin Core, kernel/chainparams.cpp.
"""

import re
from dataclasses import dataclass

from bip_utils.base58.base58 import Base58Decoder
from bip_utils.base58.base58_ex import Base58ChecksumError
from bip_utils.bech32.bech32_ex import Bech32ChecksumError
from bip_utils.bech32.segwit_bech32 import SegwitBech32Decoder

_MAIN = frozenset({"bitcoin"})
_TESTS = frozenset({"testnet", "regtest"})  # they share their base58 versions

_BASE58_CHAINS = {0x00: _MAIN, 0x05: _MAIN, 0x6F: _TESTS, 0xC4: _TESTS}
_BASE58_BYTES = 21  # a version and a hash of 160 bits

PREFIXES = {"bitcoin": "bc", "testnet": "tb", "regtest": "bcrt"}  # of segwit addresses
_PREFIX_CHAINS = {prefix: frozenset({chain}) for chain, prefix in PREFIXES.items()}

# The shape alone: long enough for no checksum to be wasted on a novel, wide enough for a wrong letter.
_BASE58_SHAPE = re.compile(r"[13mn2][0-9A-Za-z]{24,34}")
_SEGWIT_SHAPE = re.compile(r"(bc|tb|bcrt)1[0-9a-z]{6,87}", re.IGNORECASE)


@dataclass(frozen=True)
class BitcoinAddress:
    text: str  # segwit in lower case, so that equal addresses are equal texts
    chains: frozenset[str]


def looks_like_address(text: str) -> bool:
    """An address or one with wrong letters in it."""
    return bool(_BASE58_SHAPE.fullmatch(text) or _SEGWIT_SHAPE.fullmatch(text))


def read_address(text: str) -> BitcoinAddress | None:
    """None when it is no valid address of any Bitcoin network."""
    if segwit := _SEGWIT_SHAPE.fullmatch(text):
        return _read_segwit(segwit[1].lower(), text)
    if _BASE58_SHAPE.fullmatch(text):
        return _read_base58(text)
    return None


def _read_segwit(prefix: str, text: str) -> BitcoinAddress | None:
    try:
        SegwitBech32Decoder.Decode(prefix, text)
    except (ValueError, Bech32ChecksumError):
        return None
    return BitcoinAddress(text.lower(), _PREFIX_CHAINS[prefix])


def _read_base58(text: str) -> BitcoinAddress | None:
    try:
        payload = Base58Decoder.CheckDecode(text)
    except (ValueError, Base58ChecksumError):
        return None
    if len(payload) != _BASE58_BYTES or payload[0] not in _BASE58_CHAINS:
        return None
    return BitcoinAddress(text, _BASE58_CHAINS[payload[0]])
