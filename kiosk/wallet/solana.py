"""Solana: addresses, which have no checksum, and links of Solana Pay.

An address off the curve is a program's and has no key. Source: Solana Pay specification 1.0, "Transfer request".
"""

from urllib.parse import unquote

from bip_utils.addr.sol_addr import SolAddrDecoder
from bip_utils.base58.base58 import Base58Decoder

from kiosk.wallet.destination import Destination
from kiosk.wallet.payment_link import PaymentLink, read_link
from kiosk.wallet.refusal import RefusalCode, Refused
from kiosk.wallet.tokens import DECIMALS, refuse_contract, token_of

SOL_DECIMALS = 9
_KEY_BYTES = 32


def read_solana(after_scheme: str) -> tuple[Destination, ...]:
    """Raises Refused."""
    link = read_link(after_scheme)
    if unquote(link.target).lower().startswith("https:"):
        raise Refused(RefusalCode.UNSUPPORTED, "a transaction that a web page writes")
    if link.value("memo") is not None:
        raise Refused(RefusalCode.UNSUPPORTED, "a payment that is lost without its memo")
    address = link.target
    refuse_contract(address)
    _check_payee(address)
    coin, requested = _asked_for(link)
    return (Destination(coin, "solana", address, requested, link.label()),)


def _check_payee(address: str) -> None:
    if not is_key(address):
        raise Refused(RefusalCode.BAD_ADDRESS, "an address that is not one")
    try:
        SolAddrDecoder.DecodeAddr(address)
    except ValueError:
        raise Refused(RefusalCode.UNSUPPORTED, "an account that a program owns") from None


def is_key(text: str) -> bool:
    try:
        return len(Base58Decoder.Decode(text)) == _KEY_BYTES
    except ValueError:
        return False


def _asked_for(link: PaymentLink) -> tuple[str, int | None]:
    mint = link.value("spl-token")
    if mint is None:
        return "SOL", link.amount("amount", SOL_DECIMALS)
    coin = token_of(mint)
    if coin not in DECIMALS:
        raise Refused(RefusalCode.UNSUPPORTED, "a token we do not know")
    return coin, link.amount("amount", DECIMALS[coin])
