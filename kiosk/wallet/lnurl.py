"""LNURL and Lightning addresses: the web address behind them, which is asked for an invoice.

Sources: LUD-01 (bech32), LUD-16 (user@domain), LUD-17 (schemes).
"""

import re
from urllib.parse import urlsplit

from kiosk.wallet.bech32 import as_bytes, read_bech32
from kiosk.wallet.refusal import RefusalCode, Refused

SCHEMES = ("lnurlp", "lnurlw", "lnurlc", "keyauth")  # LUD-17
_ADDRESS = re.compile(r"([a-z0-9._+-]+)@([a-z0-9.-]+\.[a-z]+)", re.IGNORECASE)


def is_lightning_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text))


def web_address(text: str) -> str:
    """Raises Refused for what none of the documents describes."""
    if parts := _ADDRESS.fullmatch(text):
        return _of_host(parts[2].lower(), f"/.well-known/lnurlp/{parts[1].lower()}")
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in SCHEMES:
        host, slash, path = rest.removeprefix("//").partition("/")
        return _of_host(host, slash + path)
    return _checked(_decoded(text))


def _decoded(text: str) -> str:
    parts = read_bech32(text, max_chars=None)
    if parts is None or parts[0] != "lnurl":
        raise Refused(RefusalCode.BAD_ADDRESS, "an LNURL whose checksum is wrong")
    return as_bytes(parts[1]).decode("utf-8", "replace")


def _of_host(host: str, path: str) -> str:
    is_onion = host.partition(":")[0].lower().endswith(".onion")
    return _checked(f"{'http' if is_onion else 'https'}://{host}{path}")


def _checked(url: str) -> str:
    """LUD-01: https, or a hidden service without it."""
    try:
        parts = urlsplit(url)
        is_onion = (parts.hostname or "").endswith(".onion")
    except ValueError:
        raise Refused(RefusalCode.UNSUPPORTED, "an LNURL of no web address") from None
    allowed = parts.scheme == "https" or (parts.scheme == "http" and is_onion)
    plain = url.isascii() and url.isprintable() and "@" not in parts.netloc
    if not (allowed and parts.hostname and plain):
        raise Refused(RefusalCode.UNSUPPORTED, "an LNURL of no safe web address")
    return url
