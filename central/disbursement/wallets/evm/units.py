"""Amounts of the chain and of the books. Pure.

The chain counts a coin in 10**-18, which overflows a bigint of the database above 9.2 coins. So the books count in
10**-9 (gwei) and pay nothing finer: what is paid is exact. A token of at most nine decimals keeps its own unit.
"""

WEI_PER_GWEI = 10**9
GWEI_EXPONENT = 9


def exponent_of(decimals: int) -> int:
    """Of the books' base unit, for a coin or token of so many decimals."""
    return min(decimals, GWEI_EXPONENT)


def scale_of(decimals: int) -> int:
    """How many of the chain's units one base unit is."""
    return int(10 ** (decimals - exponent_of(decimals)))
