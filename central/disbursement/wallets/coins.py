"""Which coins a payment spends: few, whole, and confirmed ones if they suffice. Pure."""

from collections.abc import Callable, Sequence

from disbursement.errors import WalletRefused
from disbursement.wallets.wallet import Coin

# Bitcoin Core, src/policy/policy.h DEFAULT_ANCESTOR_LIMIT: the new transaction is one of them.
ANCESTORS_MAX = 25
COINS_MAX = 200  # of 148 vbytes: well below the 100,000 that nodes relay


def next_in_turn(coins: Sequence[Coin], needed: int) -> list[Coin]:
    """Of an account: its lowest number. Raises WalletRefused."""
    if not coins:
        raise WalletRefused(
            "as many payments wait for a block as the node keeps: the next waits too"
        )
    first = min(coins, key=lambda coin: coin.outpoint)
    if first.value < needed:
        raise WalletRefused(
            f"not enough coins: {needed} to be paid, {first.value} can be spent now"
        )
    return [first]


def choose(coins: Sequence[Coin], amount: int, fee_at_most: Callable[[int], int]) -> list[Coin]:
    """The smallest coin that covers amount and fee by itself; or else the largest ones, as few as do.
    Own change that is still unconfirmed only when confirmed coins do not suffice. Raises WalletRefused."""
    confirmed = [coin for coin in coins if coin.ancestors == 0]
    for among in (confirmed, coins):
        chosen = _fewest(among, lambda count: amount + fee_at_most(count))
        if chosen:
            return chosen
    spendable = sum(coin.value for coin in coins)
    raise WalletRefused(
        f"not enough coins: {amount} and the fee to be paid, {spendable} can be spent now"
    )


def _fewest(coins: Sequence[Coin], needed: Callable[[int], int]) -> list[Coin]:
    usable = sorted(
        (coin for coin in coins if coin.ancestors < ANCESTORS_MAX),
        key=lambda coin: (-coin.value, coin.outpoint),
    )
    enough = [coin for coin in usable if coin.value >= needed(1)]
    if enough:
        return [min(enough, key=lambda coin: (coin.value, coin.outpoint))]
    chosen: list[Coin] = []
    for coin in usable[:COINS_MAX]:
        if sum(c.ancestors for c in chosen) + coin.ancestors < ANCESTORS_MAX:
            chosen.append(coin)
        if chosen and sum(c.value for c in chosen) >= needed(len(chosen)):
            return chosen
    return []
