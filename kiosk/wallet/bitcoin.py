"""Bitcoin: addresses and payment links.

Sources: BIP-321, which replaces BIP-21; addresses as `script_address` reads them.
"""

from kiosk.wallet.destination import Destination
from kiosk.wallet.lightning import read_lightning
from kiosk.wallet.payment_link import PaymentLink, read_bip21
from kiosk.wallet.refusal import RefusalCode, Refused
from kiosk.wallet.script_address import CHAINS, read_address
from kiosk.wallet.second_opinion import agrees

DECIMALS = 8
_MOST = 21_000_000 * 10**DECIMALS  # there will never be more


def read_bitcoin(after_scheme: str) -> tuple[Destination, ...]:
    """A bare address, or a link: every way to pay that it offers. Raises Refused."""
    link = read_bip21(after_scheme)
    requested, label = link.amount("amount", DECIMALS, _MOST), link.label()
    on_chain = tuple(
        Destination("BTC", network, address, requested, label)
        for address, network in _on_chain(link)
    )
    return on_chain + _lightning(link, is_needed=not on_chain)


def _on_chain(link: PaymentLink) -> list[tuple[str, str]]:
    found = _addresses(link.target) if link.target else []
    for chain in CHAINS["BTC"]:
        for text in link.values(chain.prefix or ""):
            offered = [pair for pair in _addresses(text) if pair[1] == chain.network]
            if not offered:  # BIP-321: a `bc` holds a `bc1...`, or the whole link is invalid
                raise Refused(
                    RefusalCode.WRONG_NETWORK, "a payment link at odds about its network"
                )
            found += offered
    return found


def _addresses(text: str) -> list[tuple[str, str]]:
    address = read_address("BTC", text)
    if not all(agrees(address.text, network) for network in address.networks):
        raise Refused(RefusalCode.UNSUPPORTED, "an address that two libraries read differently")
    return [(address.text, network) for network in address.networks]


def _lightning(link: PaymentLink, *, is_needed: bool) -> tuple[Destination, ...]:
    """Beside an address on the chain a broken invoice is nobody's trouble."""
    try:
        offers = [offer for text in link.values("lightning") for offer in read_lightning(text)]
    except Refused as refused:
        if is_needed:
            raise refused.of("Lightning") from None
        return ()
    if is_needed and not offers:
        if link.parameters:
            raise Refused(
                RefusalCode.UNSUPPORTED, "a payment link without an address on the chain"
            )
        raise Refused(RefusalCode.BAD_ADDRESS, "a payment link without an address")
    return tuple(offers)
