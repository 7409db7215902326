"""Bech32 texts of any length: their prefix and their data, when the checksum is right.

Segwit addresses are `script_address`'s: they have rules on top. Sources: BIP-173, BIP-350.
"""

from bip_utils.bech32.bech32 import Bech32Const, Bech32Encodings, Bech32Utils
from bip_utils.bech32.bech32_base import Bech32BaseConst

MAX_CHARS = 90  # BIP-173; a Lightning invoice may exceed it
BECH32, BECH32M = Bech32Encodings.BECH32, Bech32Encodings.BECH32M


def read_bech32(
    text: str, encoding: Bech32Encodings = BECH32, max_chars: int | None = MAX_CHARS
) -> tuple[str, list[int]] | None:
    """The prefix and the words of five bits, without the checksum; None when it is not valid."""
    if max_chars is not None and len(text) > max_chars:
        return None
    if not text.isascii() or text not in (text.lower(), text.upper()):
        return None
    prefix, _, data = text.lower().rpartition("1")
    words = [Bech32BaseConst.CHARSET.find(char) for char in data]
    if not prefix or not all("!" <= char <= "~" for char in prefix) or -1 in words:
        return None
    if len(words) < Bech32Const.CHECKSUM_STR_LEN:
        return None
    if not Bech32Utils.VerifyChecksum(prefix, words, encoding):
        return None
    return prefix, words[: -Bech32Const.CHECKSUM_STR_LEN]


def as_number(words: list[int]) -> int:
    number = 0
    for word in words:
        number = number << 5 | word
    return number


def as_bytes(words: list[int]) -> bytes:
    """Whole bytes; the bits that fill the last word are dropped."""
    bits = 5 * len(words)
    return (as_number(words) >> bits % 8).to_bytes(bits // 8, "big")
