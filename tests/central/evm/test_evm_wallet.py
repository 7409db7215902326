"""One account against a real anvil: what it refuses, and what it makes of a node's words."""

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disbursement.errors import InvalidSetup, WalletRefused, WalletUnavailable
from disbursement.wallets.coins import next_in_turn
from disbursement.wallets.evm.asset import Token
from disbursement.wallets.evm.key import read_key
from disbursement.wallets.evm.rival import first_height
from disbursement.wallets.evm.units import exponent_of, scale_of
from disbursement.wallets.evm.wallet import IN_THE_AIR_MAX, NOBODY, EvmWallet, checked
from disbursement.wallets.fees import raised
from disbursement.wallets.rpc import NodeRpc
from disbursement.wallets.wallet import Coin, Order, Outpoint, Output, SignedPayment
from evm_bench import EvmBench, new_key, somebody
from kiosk.wallet.families import family_of

# EIP-55's own examples
MIXED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


@pytest.fixture
def wallet(bench: EvmBench, tmp_path: Path) -> EvmWallet:
    return bench.wallet(tmp_path)


def signed(
    wallet: EvmWallet, address: str, amount: int = 1, nonce: int = 0, rate: int = 3_000
) -> SignedPayment:
    account = wallet.coins()[0].outpoint.txid
    coin = Coin(Outpoint(account, nonce), wallet.balance())
    return wallet.sign(Order(1, (Output("t", address, amount),), (coin,), rate))


@pytest.mark.parametrize(
    "address",
    [
        MIXED.lower(),  # without a checksum
        MIXED.replace("A", "a", 1),
        MIXED[:-1],
        f"0x{'0' * 40}",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "vitalik.eth",
        "",
    ],
)
def test_what_is_no_address_is_refused(wallet: EvmWallet, address: str) -> None:
    assert wallet.terms(address) is None


def test_an_address_where_coins_are_lost_is_refused(bench: EvmBench, tmp_path: Path) -> None:
    wallet = bench.token_wallet(tmp_path)
    assert wallet.terms(MIXED) is not None
    for address in (NOBODY, wallet.key.address, wallet.asset.contract):
        assert wallet.terms(address) is None


def test_a_contract_that_takes_no_coins_is_refused(bench: EvmBench, wallet: EvmWallet) -> None:
    purse = bench.purse()
    assert wallet.terms(purse) is not None
    bench.close(purse)
    assert wallet.terms(purse) is None
    with pytest.raises(WalletRefused, match="revert"):
        signed(wallet, purse)


def test_an_account_without_any_says_so(bench: EvmBench, tmp_path: Path) -> None:
    poor = bench.wallet(tmp_path, ether=0)
    with pytest.raises(WalletUnavailable, match="holds no ETH"):
        poor.terms(MIXED)


def test_the_fee_that_is_reserved_covers_a_price_twice_as_high(wallet: EvmWallet) -> None:
    terms = wallet.terms(MIXED)
    assert terms is not None
    assert terms.fee_reserve == 2 * signed(wallet, MIXED, rate=wallet.fee_rate()).fee


def test_sending_again_is_harmless_whatever_became_of_it(
    bench: EvmBench, wallet: EvmWallet
) -> None:
    address = somebody()
    payment = signed(wallet, address)
    assert (wallet.placement(payment.txid).block, wallet.placement(payment.txid).waiting) == (
        None,
        False,
    )
    wallet.broadcast(payment.raw, payment.txid)
    wallet.broadcast(payment.raw, payment.txid)  # it waits
    assert wallet.placement(payment.txid).waiting is True
    bench.node.mine()
    wallet.broadcast(payment.raw, payment.txid)  # it is in a block
    placement = wallet.placement(payment.txid)
    assert (placement.failure, placement.fee) == ("", 21_000 * 3)
    assert bench.ether_of(address) == 10**9


def test_a_replaced_version_is_refused_and_the_new_one_is_mined(
    bench: EvmBench, wallet: EvmWallet
) -> None:
    address = somebody()
    first, second = (signed(wallet, address, rate=rate) for rate in (3_000, 5_000))
    wallet.broadcast(first.raw, first.txid)
    wallet.broadcast(second.raw, second.txid)
    with pytest.raises(WalletRefused, match="underpriced"):
        wallet.broadcast(first.raw, first.txid)
    bench.node.mine()
    with pytest.raises(WalletRefused, match="nonce too low"):
        wallet.broadcast(first.raw, first.txid)
    assert wallet.placement(second.txid).block == wallet.tip()
    assert bench.ether_of(address) == 10**9


def test_the_next_numbers_are_offered_and_each_is_worth_all_there_is(
    bench: EvmBench, wallet: EvmWallet
) -> None:
    payment = signed(wallet, MIXED)
    wallet.broadcast(payment.raw, payment.txid)
    assert [coin.outpoint.vout for coin in wallet.coins()] == list(range(IN_THE_AIR_MAX))
    bench.node.mine()
    coins = wallet.coins()
    assert [coin.outpoint.vout for coin in coins] == list(range(1, 1 + IN_THE_AIR_MAX))
    assert {coin.value for coin in coins} == {wallet.balance()}


def test_more_than_there_is_is_not_signed(bench: EvmBench, wallet: EvmWallet) -> None:
    with pytest.raises(WalletRefused):
        signed(wallet, MIXED, wallet.balance())  # the fee is not covered
    bench.fund(wallet.key.address, 10**18 + 21_000 * 3 * 10**9 - 1)
    with pytest.raises(WalletRefused, match="1000062999 gwei, and 1000063000 are needed"):
        signed(wallet, MIXED, 10**9)


def test_a_number_of_another_account_is_not_signed(wallet: EvmWallet) -> None:
    coin = Coin(Outpoint(f"1:{wallet.key.address}", 0), 10**9)
    with pytest.raises(WalletRefused, match="reserved for account 1:0x"):
        wallet.sign(Order(1, (Output("t", MIXED, 1),), (coin,), 3_000))


def test_a_payment_that_takes_too_much_gas_is_none(bench: EvmBench, wallet: EvmWallet) -> None:
    frugal = replace(wallet, asset=replace(wallet.asset, gas_max=20_999))
    assert frugal.terms(MIXED) is None
    with pytest.raises(WalletRefused, match="takes 21000 gas: more than a payment may"):
        signed(frugal, MIXED)


def test_another_chain_or_token_than_configured_is_a_mistake_in_the_setup(
    bench: EvmBench, tmp_path: Path
) -> None:
    wallet = bench.token_wallet(tmp_path)
    wallet.check()
    token: Any = wallet.asset
    with pytest.raises(InvalidSetup, match="is on chain 31337, but"):
        replace(wallet, chain_id=1).check()
    for other, why in (
        (replace(token, decimals=18), "calls itself 'TST' with 6 decimals, not 'TST' with 18"),
        (replace(token, coin="USDT"), "calls itself 'TST' with 6 decimals, not 'USDT' with 6"),
        (Token(MIXED, "TST", 6), "calls itself ''"),
        (Token(bench.purse(), "TST", 6), "calls itself ''"),
    ):
        with pytest.raises(InvalidSetup, match=why):
            replace(wallet, asset=other).check()
    with pytest.raises(InvalidSetup, match="no address with a right checksum"):
        checked(token.contract.lower())


def test_the_kiosk_reads_the_same_coin_and_address_from_a_wallets_code(
    wallet: EvmWallet,
) -> None:
    family, offer = family_of(f"ethereum:{MIXED.lower()}@1")
    [read] = family.read(offer)
    assert (read.coin, read.network) == (wallet.coin, "ethereum")
    assert wallet.terms(read.address) is not None


def test_a_key_is_read_in_hex_or_as_bytes(tmp_path: Path) -> None:
    path, secret = new_key(tmp_path), secrets.token_bytes(32)
    addresses = set()
    for content in (secret, secret.hex().encode(), f"0x{secret.hex().upper()}\n".encode()):
        path.write_bytes(content)
        addresses.add(read_key(path).address)
    assert len(addresses) == 1


@pytest.mark.parametrize("content", ["", "secret" * 10, "ab" * 31, "ab" * 33, "0" * 64, "f" * 64])
def test_what_is_no_key_is_told_without_showing_it(tmp_path: Path, content: str) -> None:
    path = new_key(tmp_path)
    path.write_text(content)
    with pytest.raises(InvalidSetup, match="not a private key") as mistake:
        read_key(path)
    assert not content or content not in f"{mistake.value!r} {mistake.value.__cause__!r}"


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = new_key(tmp_path)
    path.chmod(0o640)
    with pytest.raises(InvalidSetup, match=r"others may read it \(mode 640\): `chmod 600"):
        read_key(path)
    with pytest.raises(InvalidSetup, match="cannot be read: No such file"):
        read_key(tmp_path / "none")


def test_nobody_is_shown_the_key_or_the_path_of_a_hosted_node(tmp_path: Path) -> None:
    path = new_key(tmp_path)
    key = read_key(path)
    assert path.read_text() not in repr(key)
    node = NodeRpc("http://127.0.0.1:1/v3/a-key", version="2.0")
    with pytest.raises(WalletUnavailable) as away:
        node.call("eth_chainId")
    assert str(away.value) == "no answer from the node at http://127.0.0.1:1: Connection refused"
    assert "a-key" not in repr(node)


@given(st.integers(1, 10**6), st.integers(0, 10**7), st.integers(1_000, 10**7))
def test_a_replacement_raises_both_prices_by_a_tenth_at_least(
    rate_gwei: int, estimate: int, most: int
) -> None:
    rate = rate_gwei * 1_000
    wallet: Any = EvmWallet
    higher = raised(rate, estimate, most, wallet.least_raise(None, rate))
    if higher is not None:
        assert higher <= most
        price, new_price = (wallet._price_gwei(None, r) for r in (rate, higher))
        assert new_price * 10 >= price * 11


@given(st.integers(0, 36), st.integers(0, 10**30))
def test_what_is_paid_is_whole_in_the_chains_units(decimals: int, base_units: int) -> None:
    units = base_units * scale_of(decimals)
    assert exponent_of(decimals) <= 9
    assert units * 10 ** exponent_of(decimals) == base_units * 10**decimals


@given(st.sets(st.integers(0, 100)), st.integers(1, 10), st.integers(0, 12))
def test_the_lowest_number_is_next_or_none(numbers: set[int], value: int, needed: int) -> None:
    coins = [Coin(Outpoint("1:0x", number), value) for number in numbers]
    if not numbers or needed > value:
        with pytest.raises(WalletRefused):
            next_in_turn(coins, needed)
    else:
        assert next_in_turn(coins, needed) == [Coin(Outpoint("1:0x", min(numbers)), value)]


@given(st.integers(0, 5_000), st.data())
def test_the_first_block_is_found_in_few_steps(tip: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, tip))
    asked: list[int] = []

    def holds(height: int) -> bool:
        asked.append(height)
        return height >= first

    assert first_height(holds, tip) == first
    assert all(0 <= height <= tip for height in asked)
    assert len(asked) <= 2 * (tip - first + 2).bit_length() + 1
