"""Litecoin and Dogecoin: addresses and payment links, which are Bitcoin's with other prefixes.

Not responsible for: MWEB addresses, which are another thing. A bare `3...` is read as Bitcoin's.
"""

from kiosk.wallet.destination import Destination
from kiosk.wallet.payment_link import read_bip21
from kiosk.wallet.refusal import RefusalCode, Refused
from kiosk.wallet.script_address import read_address

DECIMALS = 8
MWEB_PREFIX = "ltcmweb1"


def read_litecoin(after_scheme: str) -> tuple[Destination, ...]:
    """Raises Refused."""
    if after_scheme.lower().startswith(MWEB_PREFIX):
        raise Refused(RefusalCode.UNSUPPORTED, "an MWEB address")
    return _read("LTC", after_scheme)


def read_dogecoin(after_scheme: str) -> tuple[Destination, ...]:
    """Raises Refused."""
    return _read("DOGE", after_scheme)


def _read(coin: str, after_scheme: str) -> tuple[Destination, ...]:
    link = read_bip21(after_scheme)
    address = read_address(coin, link.target)
    requested, label = link.amount("amount", DECIMALS), link.label()
    return tuple(
        Destination(coin, network, address.text, requested, label) for network in address.networks
    )
