"""Payment links: `scheme:target?key=value&...`.

Responsible for: the grammar, which parameters may repeat, amounts and labels.
Not responsible for: whether an address in it is valid.
Sources: BIP-21, BIP-321; the links of Litecoin, Dogecoin and Bitcoin Cash are BIP-21's with another scheme.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from urllib.parse import unquote

from kiosk.wallet.amount import base_units
from kiosk.wallet.refusal import RefusalCode, Refused

_MAX_LABEL_CHARS = 80  # what fits two lines of the screen
_MAX_MARKS = 3  # on one letter: no script needs more
_QUOTATION_MARKS = frozenset('"“”„«»')
_AT_MOST_ONCE = ("amount", "label", "message", "pop")  # BIP-321, "Query Keys"


@dataclass(frozen=True)
class PaymentLink:
    target: str  # may be empty: then a parameter says where to pay
    parameters: tuple[tuple[str, str], ...]  # keys in lower case, values as they came

    def values(self, key: str) -> list[str]:
        return [value for name, value in self.parameters if name == key]

    def value(self, key: str) -> str | None:
        """Raises Refused when it is said twice."""
        values = self.values(key)
        if len(values) > 1:
            raise Refused(RefusalCode.UNSUPPORTED, "a payment link that says the same thing twice")
        return values[0] if values else None

    def amount(self, key: str, decimals: int, most: int | None = None) -> int | None:
        text = self.value(key)
        return None if text is None else base_units(text, decimals, most)

    def label(self, key: str = "label") -> str | None:
        return shown(unquote(self.value(key) or ""))


def read_link(after_scheme: str) -> PaymentLink:
    target, _, query = after_scheme.partition("?")
    pairs = (part.partition("=") for part in query.split("&") if part)
    return PaymentLink(target, tuple((key.lower(), value) for key, _, value in pairs))


def read_bip21(after_scheme: str) -> PaymentLink:
    """Raises Refused when the standard calls the link invalid."""
    link = read_link(after_scheme)
    counts = Counter(key for key, _ in link.parameters)
    if any(counts[key] > 1 for key in _AT_MOST_ONCE):
        raise Refused(RefusalCode.UNSUPPORTED, "a payment link that says the same thing twice")
    # `req-pop` too: the kiosk cannot hand a proof of payment back to the phone.
    if any(key.startswith("req-") for key in counts):
        raise Refused(RefusalCode.UNSUPPORTED, "a payment link that requires what we do not know")
    return link


def shown(text: str) -> str | None:
    """Safe to quote on a screen and a receipt: no control characters, no turned-around writing, no end of the
    quotation, no marks piled up over the line above."""
    kept, marks = "", 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if char.isprintable() and char not in _QUOTATION_MARKS and marks <= _MAX_MARKS:
            kept += char
    return kept.strip()[:_MAX_LABEL_CHARS] or None
