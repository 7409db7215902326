"""Monero: addresses, subaddresses, integrated addresses, and payment links.

Sources: getmonero.org, "Address" (network bytes); docs of the Monero URI scheme (`tx_amount`, `tx_payment_id`).
"""

from urllib.parse import unquote

from bip_utils.addr.xmr_addr import XmrIntegratedAddrDecoder
from bip_utils.base58.base58_xmr import Base58XmrDecoder, Base58XmrEncoder

from kiosk.wallet.destination import Destination
from kiosk.wallet.payment_link import read_link, shown
from kiosk.wallet.refusal import RefusalCode, Refused

DECIMALS = 12
_MAIN = frozenset({18, 19, 42})  # standard, integrated, subaddress
_PAYMENT_ID = slice(65, 73)  # after the network byte and two keys; an integrated address has it


def read_monero(after_scheme: str) -> tuple[Destination, ...]:
    """Raises Refused."""
    link = read_link(after_scheme)
    if link.value("tx_payment_id"):
        raise Refused(RefusalCode.UNSUPPORTED, "a payment that is lost without its id")
    if ";" in link.target:
        raise Refused(RefusalCode.UNSUPPORTED, "a payment to several at once")
    if _network_byte(link.target) not in _MAIN:
        raise Refused(RefusalCode.WRONG_NETWORK, "an address of a test network")
    requested = link.amount("tx_amount", DECIMALS)
    label = shown(unquote(link.value("recipient_name") or ""))
    return (Destination("XMR", "monero", link.target, requested, label),)


def _network_byte(address: str) -> int:
    try:
        octets: bytes = Base58XmrDecoder.Decode(address)
        XmrIntegratedAddrDecoder.DecodeAddr(
            address, net_ver=octets[:1], payment_id=octets[_PAYMENT_ID]
        )
        is_canonical = Base58XmrEncoder.Encode(octets) == address
    except ValueError:
        is_canonical = False
    if not is_canonical:
        raise Refused(RefusalCode.BAD_ADDRESS, "an address whose checksum is wrong")
    return octets[0]
