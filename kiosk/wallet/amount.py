"""Amounts in payment links: decimals to integers, digits all the way, no float.

Source: BIP-21, "Transfer amount"; the links of other coins say it the same way.
"""

import re

from kiosk.wallet.refusal import RefusalCode, Refused

_AMOUNT = re.compile(r"([0-9]{0,12})(?:\.([0-9]{0,24}))?")


def base_units(text: str, decimals: int, most: int | None = None) -> int | None:
    """Nothing asked for is None, as no amount is. Raises Refused for what is no amount of the coin."""
    amount = _AMOUNT.fullmatch(text)
    if amount is None or not (amount[1] or amount[2]):
        raise Refused(RefusalCode.UNSUPPORTED, "an amount that is not a number of coins")
    fraction = (amount[2] or "").rstrip("0")
    if len(fraction) > decimals:
        raise Refused(RefusalCode.UNSUPPORTED, "an amount finer than the coin's smallest unit")
    units = int((amount[1] or "0") + fraction.ljust(decimals, "0"))
    if most is not None and units > most:
        raise Refused(RefusalCode.UNSUPPORTED, "an amount of more coins than there are")
    return units or None
