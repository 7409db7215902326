"""Which coins are spent, and what it costs: whole numbers, derived by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disbursement.errors import WalletRefused
from disbursement.wallets.coins import ANCESTORS_MAX, choose
from disbursement.wallets.fees import RAISE_MIN, fee_at_most, fee_of, raised, shares
from disbursement.wallets.wallet import Coin, Outpoint


def coins(*values: int, ancestors: int = 0) -> list[Coin]:
    return [
        Coin(Outpoint(f"{number:064x}", ancestors), value, ancestors)
        for number, value in enumerate(values)
    ]


def values(chosen: list[Coin]) -> list[int]:
    return [coin.value for coin in chosen]


@pytest.mark.parametrize(
    ("have", "amount", "spent"),
    [
        ([5, 900, 300, 200], 190, [200]),  # the smallest that does it alone: 190 and a fee of 10
        ([5, 900, 300, 200], 191, [300]),
        ([400, 500, 300], 880, [500, 400]),  # else the largest, as few as do: 880 and a fee of 20
        ([400, 500, 300], 881, [500, 400, 300]),
    ],
)
def test_few_coins_are_spent(have: list[int], amount: int, spent: list[int]) -> None:
    assert values(choose(coins(*have), amount, lambda count: 10 * count)) == spent


def test_unconfirmed_change_only_when_confirmed_coins_do_not_suffice() -> None:
    have = coins(500, 100) + coins(1_000, ancestors=1)
    assert values(choose(have, 600, lambda _: 0)) == [500, 100]
    assert values(choose(have, 601, lambda _: 0)) == [1_000]


def test_no_chain_longer_than_nodes_relay() -> None:
    long, longer = coins(1_000, ancestors=ANCESTORS_MAX - 1), coins(1_000, ancestors=ANCESTORS_MAX)
    assert choose(long, 1, lambda _: 0) == long
    with pytest.raises(WalletRefused):
        choose(longer, 1, lambda _: 0)
    twelve = coins(10, 10, 10, ancestors=12)  # two of them and the new one make 25
    assert len(choose(twelve, 20, lambda _: 0)) == 2
    with pytest.raises(WalletRefused):
        choose(twelve, 30, lambda _: 0)


def test_too_few_coins_are_told_in_words() -> None:
    with pytest.raises(WalletRefused, match=r"not enough coins: 600 .* 500 can be spent now"):
        choose(coins(300, 200), 600, lambda _: 0)


@given(st.lists(st.integers(1, 10_000), max_size=12), st.integers(1, 30_000))
def test_what_is_chosen_covers_amount_and_fee(have: list[int], amount: int) -> None:
    try:
        chosen = choose(coins(*have), amount, lambda count: 7 * count)
    except WalletRefused:
        assert sum(sorted(have)) < amount + 7 * len(have)
        return
    assert sum(values(chosen)) >= amount + 7 * len(chosen)
    assert len(set(chosen)) == len(chosen)


@given(st.integers(0, 10**9), st.integers(1, 200))
def test_shares_differ_by_one_unit_at_most_and_sum_to_the_fee(fee: int, count: int) -> None:
    each = shares(fee, count)
    assert sum(each) == fee
    assert max(each) - min(each) <= 1
    assert each == sorted(each, reverse=True)


def test_a_fee_is_rounded_up() -> None:
    assert [fee_of(141, 1_000), fee_of(141, 1_001), fee_of(1, 1)] == [141, 142, 1]
    assert fee_at_most(1, 1, 10_000) == (11 + 148 + 2 * 43) * 10


@pytest.mark.parametrize(
    ("rate", "estimate", "most", "higher"),
    [
        (10_000, 8_000, 200_000, 12_500),  # a quarter more
        (10_000, 30_000, 200_000, 30_000),  # what is estimated now
        (4_000, 1_000, 200_000, 6_000),  # never less than nodes accept as a replacement
        (10_000, 30_000, 12_000, 12_000),  # at most what is allowed
        (10_000, 30_000, 11_999, None),
    ],
)
def test_a_raise_is_real_and_bounded(
    rate: int, estimate: int, most: int, higher: int | None
) -> None:
    assert raised(rate, estimate, most, RAISE_MIN) == higher
