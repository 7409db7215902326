"""Tron: addresses. No scheme for links is agreed on, so an amount in one is nobody's word.

Source: developers.tron.network, "Accounts": base58 with a checksum, or 21 bytes in hex, the first 0x41.
"""

import re

from bip_utils.base58.base58 import Base58Encoder

from kiosk.wallet.destination import Destination
from kiosk.wallet.refusal import RefusalCode, Refused
from kiosk.wallet.script_address import base58_version
from kiosk.wallet.tokens import refuse_contract

VERSION = 0x41
_HEX = re.compile(r"41[0-9a-fA-F]{40}")


def read_tron(after_scheme: str) -> tuple[Destination, ...]:
    """Raises Refused."""
    address, mark, _ = after_scheme.partition("?")
    if mark:
        raise Refused(RefusalCode.UNSUPPORTED, "a payment link nobody has agreed on")
    if _HEX.fullmatch(address):
        address = Base58Encoder.CheckEncode(bytes.fromhex(address))
    if base58_version(address) != VERSION:
        raise Refused(RefusalCode.BAD_ADDRESS, "an address whose checksum is wrong")
    refuse_contract(address)
    return (Destination("TRX", "tron", address, None, None),)
