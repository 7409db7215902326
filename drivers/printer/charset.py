"""Text as a receipt printer has the letters for it: code page 1252, Western European.

It holds Spanish, its accents and marks, and the euro, and most printers have it. What it lacks gets
the nearest it has; what has no near one becomes a dot, once, however much of it there was.
"""

import re
import unicodedata

CODE_PAGE = "CP1252"

_UNKNOWN = "\ufffd"
_DOT = "·"
_STAND_INS = {
    "₿": "BTC",
    "→": "->",
    "←": "<-",
    "≈": "~",
    "≤": "<=",
    "≥": ">=",
    "−": "-",  # noqa: RUF001  # the minus sign
    "‐": "-",  # noqa: RUF001  # the hyphen
    "‑": "-",  # noqa: RUF001  # the one that does not break
    "′": "'",  # noqa: RUF001  # the prime
    "✓": "v",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ı": "i",  # noqa: RUF001  # without its dot
}


def printable(text: str) -> str:
    """Line breaks stay; other control characters, which could be commands to the printer, go."""
    letters = "".join(_letter(char) for char in unicodedata.normalize("NFC", text))
    return re.sub(f"{_UNKNOWN}+", _DOT, letters)


def _letter(char: str) -> str:
    if char == "\n":
        return char
    if char.isspace():
        return " "
    if not char.isprintable():
        return ""
    if _is_on_page(char):
        return char
    if char in _STAND_INS:
        return _STAND_INS[char]
    parts = unicodedata.normalize("NFKD", char)
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return plain if _is_on_page(plain) else _UNKNOWN


def _is_on_page(text: str) -> bool:
    try:
        text.encode(CODE_PAGE)
    except UnicodeEncodeError:
        return False
    return True
