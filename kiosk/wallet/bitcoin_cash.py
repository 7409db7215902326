"""Bitcoin Cash: CashAddr, with its prefix or without, and the old form in a link.

Sources: bitcoincash.org, spec/cashaddr.md; CHIP-2022-02-CashTokens for the token-aware types; links as BIP-21.
A bare address of the old form is read as Bitcoin's, whose form it is.
"""

from bip_utils.bech32.bch_bech32 import BchBech32Const, BchBech32Encoder, BchBech32Utils
from bip_utils.bech32.bech32_base import Bech32BaseConst, Bech32BaseUtils

from kiosk.wallet.destination import Destination
from kiosk.wallet.payment_link import read_bip21
from kiosk.wallet.refusal import RefusalCode, Refused
from kiosk.wallet.script_address import checked_base58

MAIN = "bitcoincash"
TESTS = ("bchtest", "bchreg")
DECIMALS = 8

_SIZES = (20, 24, 28, 32, 40, 48, 56, 64)  # by the last three bits of the version
# P2PKH, P2SH, and both for tokens. Only these lock coins so that a person gets them back.
_PAID = {(0, 20), (1, 20), (1, 32), (2, 20), (3, 20), (3, 32)}
_OLD_VERSIONS = {0: b"\x00", 5: b"\x08"}  # base58's of P2PKH and P2SH to CashAddr's


def read_cashaddr(text: str) -> tuple[str, int, bytes] | None:
    """Prefix, type and payload of `prefix:payload`; None when it is not valid."""
    if not has_checksum(text):
        return None
    prefix, _, data = text.lower().partition(":")
    words = [Bech32BaseConst.CHARSET.find(char) for char in data]
    octets = Bech32BaseUtils.ConvertBits(
        words[: -BchBech32Const.CHECKSUM_STR_LEN], 5, 8, pad=False
    )
    if not octets or octets[0] >> 7 or len(octets) - 1 != _SIZES[octets[0] & 7]:
        return None
    return prefix, octets[0] >> 3, bytes(octets[1:])


def has_checksum(text: str) -> bool:
    prefix, _, data = text.lower().partition(":")
    words = [Bech32BaseConst.CHARSET.find(char) for char in data]
    if not text.isascii() or text not in (text.lower(), text.upper()) or -1 in words:
        return False
    return bool(prefix) and BchBech32Utils.VerifyChecksum(prefix, words)


def read_bitcoin_cash(after_scheme: str) -> tuple[Destination, ...]:
    """Raises Refused."""
    link = read_bip21(after_scheme)
    address = _payee(link.target)
    return (Destination("BCH", MAIN, address, link.amount("amount", DECIMALS), link.label()),)


def _payee(text: str) -> str:
    old = checked_base58(text)
    if old is not None and len(old) == 21 and old[0] in _OLD_VERSIONS:
        converted: str = BchBech32Encoder.Encode(MAIN, _OLD_VERSIONS[old[0]], old[1:])
        return converted
    whole = f"{MAIN.upper() if text.isupper() else MAIN}:{text}"
    parts = read_cashaddr(whole)
    if parts is None:
        raise Refused(RefusalCode.BAD_ADDRESS, "an address whose checksum is wrong")
    _, kind, payload = parts
    if (kind, len(payload)) not in _PAID:
        raise Refused(RefusalCode.UNSUPPORTED, "an address of a kind nobody uses")
    return whole.lower()


def read_test_network(_: str) -> tuple[Destination, ...]:
    """Raises Refused."""
    raise Refused(RefusalCode.WRONG_NETWORK, "an address of a test network")
