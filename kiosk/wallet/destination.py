"""Where the coins go: what a wallet's code says, checked.

Responsible for: which codes the kiosk pays on which network, and why it does not pay another.
Not responsible for: asking the customer, who sees the address before anything is quoted.
Sources: BIP-321 for links; bare addresses as `bitcoin_address` reads them.
"""

from dataclasses import dataclass

from kiosk.wallet.bitcoin_address import PREFIXES, read_address
from kiosk.wallet.bitcoin_uri import SCHEME, BitcoinUri, read_uri
from kiosk.wallet.recognition import why_not
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode, Refused

MAX_PAYLOAD_CHARS = (
    4296  # what the largest QR code holds: ISO/IEC 18004, version 40-L, alphanumeric
)

# Practice takes the addresses of regtest: nobody's real address can be taken for one.
_CHAIN_OF = {
    "bitcoin": "bitcoin",
    "testnet": "testnet",
    "regtest": "regtest",
    "practice": "regtest",
}


@dataclass(frozen=True)
class Destination:
    coin: str
    network: str
    address: str
    requested_base_units: int | None  # what the code asks for; the customer decides by inserting
    label: str | None  # the wallet's own words, unproven


def parse_payload(text: str, network: str) -> Destination | PayloadRefusal:
    """`network` is one of bitcoin, testnet, regtest, practice. Whatever the text is, nothing is raised."""
    try:
        return _read(text.strip(), network)
    except Refused as refused:
        return refused.refusal


def _read(text: str, network: str) -> Destination:
    if len(text) > MAX_PAYLOAD_CHARS:
        raise Refused(RefusalCode.NOT_A_WALLET, f"a text of {len(text)} characters")
    chain = _CHAIN_OF[network]
    scheme, colon, rest = text.partition(":")
    if not (colon and scheme.lower() == SCHEME):
        return Destination("BTC", network, _payable(text, chain), None, None)
    uri = read_uri(rest)
    address = _address_in(uri, chain)
    return Destination("BTC", network, address, uri.requested_base_units, uri.label)


def _payable(text: str, chain: str) -> str:
    address = read_address(text)
    if address is None:
        raise why_not(text)
    if chain not in address.chains:
        theirs = " or ".join(sorted(address.chains))
        raise Refused(RefusalCode.WRONG_NETWORK, f"an address of {theirs}")
    return address.text


def _address_in(uri: BitcoinUri, chain: str) -> str:
    if uri.address:
        return _payable_in_link(uri.address, chain)
    offered = [_payable_in_link(value, chain) for value in uri.values(PREFIXES[chain])]
    if offered:
        return offered[0]
    if any(uri.values(prefix) for prefix in PREFIXES.values()):
        raise Refused(RefusalCode.WRONG_NETWORK, "a payment link of another Bitcoin network")
    if uri.parameters:
        raise Refused(RefusalCode.UNSUPPORTED, "a payment link without an address on the chain")
    raise Refused(RefusalCode.BAD_ADDRESS, "a payment link without an address")


def _payable_in_link(text: str, chain: str) -> str:
    """The link says that it is Bitcoin, so what is no code at all is a broken address."""
    try:
        return _payable(text, chain)
    except Refused as refused:
        if refused.refusal.code is RefusalCode.NOT_A_WALLET:
            raise Refused(
                RefusalCode.BAD_ADDRESS, "a payment link with a broken address"
            ) from None
        raise
