"""What a new request must be before it is written down."""

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from disbursement.errors import RequestRefused
from disbursement.house import House
from disbursement.wallets.wallet import Terms, Wallet

BASE_UNITS_MAX = 2**63 - 1  # a bigint of the database
TEXT_MAX = 500


@dataclass(frozen=True)
class Asked:
    """In the words of who asks; everything checked, the amount in base units."""

    requested_by: str
    requesting_app: str
    purpose: str
    amount_base_units: int
    coin: str
    coin_exponent: int
    network: str
    address: str


def terms_for(house: House, address: str, amount_base_units: int) -> Terms | None:
    """Asks the wallet. None: no address of its network, or the amount is less than can be sent there."""
    terms = house.wallet.terms(address)
    return terms if terms and amount_base_units >= max(1, terms.dust_limit) else None


def exact_base_units(amount: Decimal, wallet: Wallet) -> int:
    """Raises RequestRefused for what is no positive amount, or has more decimals than the coin."""
    smallest = Decimal(1).scaleb(-wallet.coin_exponent)
    if not isinstance(cast("object", amount), Decimal) or not amount.is_finite():
        raise RequestRefused(f"the amount must be a decimal number of {wallet.coin}, e.g. 0.0001")
    if not smallest <= amount <= smallest * BASE_UNITS_MAX:
        raise RequestRefused(
            f"the amount must be at least {smallest:f} {wallet.coin}, and one that exists"
        )
    numerator, denominator = (
        amount.as_integer_ratio()
    )  # exact: a decimal's own arithmetic would round
    base_units, rest = divmod(numerator * int(10**wallet.coin_exponent), denominator)
    if rest:
        raise RequestRefused(
            f"{wallet.coin} has {wallet.coin_exponent} decimals, not more: {amount:f}"
        )
    return base_units


def one_line(name: str, text: str) -> str:
    """Raises RequestRefused for nothing, or too much."""
    words = " ".join(text.split())
    if not words or len(words) > TEXT_MAX or not words.isprintable():
        raise RequestRefused(f"{name} must be 1 to {TEXT_MAX} printable characters")
    return words
