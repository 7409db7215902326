"""Ethereum: addresses, and links that pay ether or a token.

The same address is valid on every chain of the kind: without a chain's number the network is "evm", and
only the customer knows which. Sources: ERC-55 (the checksum), ERC-681 (links), ERC-20 (`transfer`).
"""

import re

from bip_utils.utils.crypto import Kekkak256

from kiosk.wallet.destination import Destination
from kiosk.wallet.payment_link import PaymentLink, read_link
from kiosk.wallet.refusal import RefusalCode, Refused
from kiosk.wallet.tokens import refuse_contract, token_of

ANY_CHAIN = "evm"
_NETWORKS = {None: ANY_CHAIN, "1": "ethereum"}  # EIP-155
_ADDRESS = re.compile(r"0[xX]([0-9a-fA-F]{40})")
_TARGET = re.compile(r"(?:pay-)?(?P<address>[^@/]+)(?:@(?P<chain>[0-9]+))?(?:/(?P<function>\w+))?")
_NUMBER = re.compile(r"\+?([0-9]{0,78})(?:\.([0-9]{1,78}))?(?:[eE]([0-9]{1,2}))?")
_LARGEST = 2**256 - 1  # ERC-681, a number is a uint256


def read_ethereum(after_scheme: str) -> tuple[Destination, ...]:
    """Raises Refused. A token's `transfer` names the payee in a parameter: the address before is the contract."""
    link = read_link(after_scheme)
    target = _TARGET.fullmatch(link.target)
    if target is None:
        raise Refused(RefusalCode.BAD_ADDRESS, "a payment link with a broken address")
    if target["chain"] not in _NETWORKS:
        raise Refused(RefusalCode.WRONG_NETWORK, "a link of a chain we do not know")
    address, network = read_address(target["address"]), _NETWORKS[target["chain"]]
    if target["function"] is None:
        refuse_contract(address.lower())
        return (Destination("ETH", network, address, _number(link, "value"), None),)
    if target["function"] != "transfer" or _number(link, "value"):
        raise Refused(RefusalCode.UNSUPPORTED, "a call of a contract")
    payee = read_address(link.value("address") or "")
    refuse_contract(payee.lower())
    coin = token_of(address.lower())
    return (Destination(coin, network, payee, _number(link, "uint256"), None),)


def read_address(text: str) -> str:
    """With its checksum written in. All in one case it came without one, and the customer must look twice.

    Raises Refused."""
    parts = _ADDRESS.fullmatch(text)
    if parts is None:
        if text.lower().startswith("0x"):
            raise Refused(RefusalCode.BAD_ADDRESS, "an address with too few or too many letters")
        raise Refused(RefusalCode.UNSUPPORTED, "a name instead of an address")
    letters = parts[1]
    address = "0x" + _in_checksum_case(letters.lower())
    if letters not in (letters.lower(), letters.upper()) and letters != address[2:]:
        raise Refused(RefusalCode.BAD_ADDRESS, "an address whose checksum is wrong")
    return address


def _in_checksum_case(letters: str) -> str:
    digest = Kekkak256.QuickDigest(letters).hex()
    return "".join(
        letter.upper() if nibble >= "8" else letter
        for letter, nibble in zip(letters, digest, strict=False)
    )


def _number(link: PaymentLink, key: str) -> int | None:
    """2.014e18 is a whole number of wei."""
    text = link.value(key)
    if text is None:
        return None
    parts = _NUMBER.fullmatch(text)
    if parts is None or not (parts[1] or parts[2]):
        raise Refused(RefusalCode.UNSUPPORTED, "an amount that is not a number")
    fraction = (parts[2] or "").rstrip("0")
    zeros = int(parts[3] or 0) - len(fraction)
    if zeros < 0:
        raise Refused(RefusalCode.UNSUPPORTED, "an amount finer than the coin's smallest unit")
    number = int(parts[1] + fraction or "0") * 10**zeros
    if number > _LARGEST:
        raise Refused(RefusalCode.UNSUPPORTED, "an amount of more coins than there are")
    return number or None
