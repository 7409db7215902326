"""Lightning invoices: checked, and what the payer must know of one.

Responsible for: the rules of a reader in the document, its signature included.
Not responsible for: whether the kiosk wants to pay it, and when it is too late to.
Sources: BOLT-11; the features of invoices from BOLT-9.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from coincurve import PublicKey

from kiosk.wallet.bech32 import as_bytes, as_number, read_bech32
from kiosk.wallet.refusal import RefusalCode, Refused

_PREFIX = re.compile(r"ln(bcrt|bc|tbs|tb)(?:([1-9][0-9]*)([munp]?))?")
_NETWORKS = {
    "bc": "lightning",
    "tb": "lightning-testnet",
    "tbs": "lightning-signet",
    "bcrt": "lightning-regtest",
}
_PICO_BTC = {"": 10**12, "m": 10**9, "u": 10**6, "n": 10**3, "p": 1}
_PICO_BTC_PER_MSAT = 10

_TIME_WORDS = 7
_SIGNATURE_WORDS = 104
_HASH_WORDS = 52
_KEY_WORDS = 53
_DEFAULT_EXPIRY_S = 3600
_LONGEST_EXPIRY_S = 2**35  # as far as the time of an invoice reaches
_KNOWN_FEATURES = frozenset({8, 14, 16, 24, 36, 48})  # the even bits: those that may be required
_CURVE_ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141  # SEC 2

_PAYMENT_HASH, _EXPIRY, _DESCRIPTION, _SECRET, _PAYEE, _FEATURES = 1, 6, 13, 16, 19, 5
_LENGTHS = {_PAYMENT_HASH: _HASH_WORDS, _SECRET: _HASH_WORDS, _PAYEE: _KEY_WORDS}


@dataclass(frozen=True)
class Invoice:
    network: str
    amount_msat: int | None
    expires_at_ms: int
    description: str


def read_invoice(text: str) -> Invoice:
    """Raises Refused when the document tells a reader to fail the payment."""
    parts = read_bech32(text, max_chars=None)
    if parts is None:
        raise Refused(RefusalCode.BAD_ADDRESS, "a Lightning invoice whose checksum is wrong")
    prefix, words = parts
    kind = _PREFIX.fullmatch(prefix)
    if kind is None or len(words) < _TIME_WORDS + _SIGNATURE_WORDS:
        raise _unsound("its prefix or its length")
    data, signature = words[:-_SIGNATURE_WORDS], as_bytes(words[-_SIGNATURE_WORDS:])
    fields = _fields(data[_TIME_WORDS:])
    _check_required(fields)
    _check_signature(prefix, data, signature, fields.get(_PAYEE))
    expiry_s = as_number(fields[_EXPIRY]) if _EXPIRY in fields else _DEFAULT_EXPIRY_S
    return Invoice(
        network=_NETWORKS[kind[1]],
        amount_msat=_amount_msat(kind[2], kind[3]) if kind[2] else None,
        expires_at_ms=(as_number(data[:_TIME_WORDS]) + min(expiry_s, _LONGEST_EXPIRY_S)) * 1000,
        description=as_bytes(fields.get(_DESCRIPTION, [])).decode("utf-8", "replace"),
    )


def _unsound(what: str) -> Refused:
    return Refused(RefusalCode.UNSUPPORTED, f"a Lightning invoice with something wrong: {what}")


def _amount_msat(digits: str, multiplier: str) -> int:
    msat, rest = divmod(int(digits) * _PICO_BTC[multiplier], _PICO_BTC_PER_MSAT)
    if rest:
        raise _unsound("an amount finer than a thousandth of a satoshi")
    return msat


def _fields(words: list[int]) -> dict[int, list[int]]:
    """The first of each type; of a length that is not its type's, none."""
    fields: dict[int, list[int]] = {}
    while words:
        length = as_number(words[1:3])
        field, rest = words[3 : 3 + length], words[3 + length :]
        if len(words) < 3 + length:
            raise _unsound("it ends in the middle of a field")
        if length == _LENGTHS.get(words[0], length):
            fields.setdefault(words[0], field)
        words = rest
    return fields


def _check_required(fields: dict[int, list[int]]) -> None:
    if _PAYMENT_HASH not in fields or _SECRET not in fields:
        raise _unsound("a required field is missing")
    features = as_number(fields.get(_FEATURES, []))
    required = {bit for bit in range(0, features.bit_length(), 2) if features >> bit & 1}
    if required - _KNOWN_FEATURES:
        raise _unsound("it requires what we do not know")


def _check_signature(
    prefix: str, data: list[int], signature: bytes, payee: list[int] | None
) -> None:
    filled = data + [0] * (-len(data) % 8)  # to whole bytes; what is too much is dropped
    message = prefix.encode() + as_bytes(filled)[: (5 * len(data) + 7) // 8]
    try:
        signer = PublicKey.from_signature_and_message(signature, sha256(message).digest(), None)
    except Exception as error:  # coincurve raises Exception itself
        raise _unsound("its signature") from error
    if payee is None:
        return
    is_low = int.from_bytes(signature[32:64], "big") <= _CURVE_ORDER // 2
    if not is_low or signer.format() != as_bytes(payee):
        raise _unsound("its signature is not the payee's")
