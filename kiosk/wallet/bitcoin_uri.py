"""Bitcoin payment links: `bitcoin:<address>?amount=...`.

Responsible for: the grammar, which parameters may repeat, amounts and labels.
Not responsible for: whether an address in it is valid.
Sources: BIP-21, BIP-321.
"""

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import unquote

from kiosk.wallet.refusal import RefusalCode, Refused

SCHEME = "bitcoin"
SATOSHI_PER_BTC = 10**8
_MAX_BTC = 21_000_000  # there will never be more
_MAX_LABEL_CHARS = 80  # what fits two lines of the screen

_AT_MOST_ONCE = ("amount", "label", "message", "pop")  # BIP-321, "Query Keys"
_AMOUNT = re.compile(r"([0-9]{0,8})(?:\.([0-9]{0,18}))?")


@dataclass(frozen=True)
class BitcoinUri:
    address: str  # may be empty: then a parameter says where to pay
    parameters: tuple[tuple[str, str], ...]  # keys in lower case, values as they came
    requested_base_units: int | None
    label: str | None

    def values(self, key: str) -> list[str]:
        return [value for name, value in self.parameters if name == key]


def read_uri(after_scheme: str) -> BitcoinUri:
    """Raises Refused when the standard calls the link invalid."""
    address, _, query = after_scheme.partition("?")
    pairs = (part.partition("=") for part in query.split("&") if part)
    parameters = tuple((key.lower(), value) for key, _, value in pairs)
    _check_keys(parameters)
    found = dict(parameters)
    return BitcoinUri(
        address=address,
        parameters=parameters,
        requested_base_units=_satoshi(found["amount"]) if "amount" in found else None,
        label=_shown(found.get("label", "")) or None,
    )


def _check_keys(parameters: tuple[tuple[str, str], ...]) -> None:
    counts = Counter(key for key, _ in parameters)
    if any(counts[key] > 1 for key in _AT_MOST_ONCE):
        raise Refused(RefusalCode.UNSUPPORTED, "a payment link that says the same thing twice")
    # `req-pop` too: the kiosk cannot hand a proof of payment back to the phone.
    if any(key.startswith("req-") for key in counts):
        raise Refused(RefusalCode.UNSUPPORTED, "a payment link that requires what we do not know")


def _satoshi(text: str) -> int | None:
    """Digits all the way, no float. Nothing asked for is None, as no amount is."""
    amount = _AMOUNT.fullmatch(text)
    if amount is None or not (amount[1] or amount[2]):
        raise Refused(RefusalCode.UNSUPPORTED, "an amount that is not a number of bitcoin")
    whole, fraction = int(amount[1] or 0), (amount[2] or "").rstrip("0")
    if len(fraction) > 8:
        raise Refused(RefusalCode.UNSUPPORTED, "an amount finer than a satoshi")
    satoshi = whole * SATOSHI_PER_BTC + int(fraction.ljust(8, "0"))
    if satoshi > _MAX_BTC * SATOSHI_PER_BTC:
        raise Refused(RefusalCode.UNSUPPORTED, "an amount of more bitcoin than there are")
    return satoshi or None


def _shown(label: str) -> str:
    """Safe to put on a screen and a receipt: no control characters, no turned-around writing."""
    text = "".join(char for char in unquote(label) if char.isprintable())
    return text.strip()[:_MAX_LABEL_CHARS]
