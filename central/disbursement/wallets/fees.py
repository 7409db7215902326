"""Fees, in whole base units. A rate is base units for each 1000 vbytes. Pure."""

RATE_VBYTES = 1_000
# The sizes in vbytes that no standard coin or address exceeds: P2PKH spends most, P2TR and P2WSH are the
# longest to pay to (Bitcoin Core, src/policy/policy.cpp GetDustThreshold, and BIP 141 for the overhead).
OVERHEAD_VBYTES = 11
COIN_VBYTES_MAX = 148
OUTPUT_VBYTES_MAX = 43
# BIP 125, rule 4: a replacement pays for its own relay, 1 a vbyte at Bitcoin Core's default (policy.h
# DEFAULT_INCREMENTAL_RELAY_FEE). Twice that, as a signature may be a byte longer than the one before.
RAISE_MIN = 2_000


def fee_of(vbytes: int, rate: int) -> int:
    """Rounded up: a fee just below a node's least would be refused."""
    return -(-vbytes * rate // RATE_VBYTES)


def fee_at_most(coins: int, outputs: int, rate: int) -> int:
    """Of a transaction with that many, and change."""
    vbytes = OVERHEAD_VBYTES + coins * COIN_VBYTES_MAX + (outputs + 1) * OUTPUT_VBYTES_MAX
    return fee_of(vbytes, rate)


def raised(rate: int, estimate: int, most: int, least_raise: int | None) -> int | None:
    """A quarter more, or what is estimated now; None when the most that is allowed is no real raise, or none is
    taken."""
    if least_raise is None:
        return None
    higher = min(most, max(estimate, rate * 5 // 4, rate + least_raise))
    return higher if higher >= rate + least_raise else None


def shares(fee: int, count: int) -> list[int]:
    """Of each payout in the fee of the transaction they share: the same, and the units that remain one
    each to the first. Their sum is the fee."""
    each, rest = divmod(fee, count)
    return [each + (number < rest) for number in range(count)]
