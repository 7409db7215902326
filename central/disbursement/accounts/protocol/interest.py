"""What an amount becomes with time, at an annual rate. Integers in and out, decimals between; pure.

Growth is continuous, so it does not matter into how many steps the time is cut. Only what is owned
grows or shrinks: who is below zero pays no interest.
"""

from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from functools import lru_cache

from disbursement.accounts.protocol.limits import YEAR_MS

NANO = 10**9  # interest is kept in billionths of the coin's smallest unit
PPM = 10**6  # rates are kept in millionths a year
DIGITS = 120  # 78 of the largest balance, and the billionths, with room to spare


def grown(amount: int, rate_ppm: int, elapsed_ms: int) -> int:
    """Rounded down: never more than is due."""
    if amount <= 0 or rate_ppm == 0 or elapsed_ms <= 0:
        return amount
    with localcontext(Context(prec=DIGITS)):
        factor = (_yearly(rate_ppm) * elapsed_ms / YEAR_MS).exp()
        return int((amount * factor).to_integral_value(ROUND_FLOOR))


@lru_cache(maxsize=1024)
def _yearly(rate_ppm: int) -> Decimal:
    with localcontext(Context(prec=DIGITS)):
        return (1 + Decimal(rate_ppm) / PPM).ln()


@lru_cache(maxsize=1024)
def percent(rate_ppm: int) -> Decimal:
    return Decimal(rate_ppm).scaleb(-4)


def in_units(nano: int) -> Decimal:
    with localcontext(Context(prec=DIGITS)):
        return Decimal(nano).scaleb(-9)
