"""Against a real anvil, on both databases: the exact amount arrives, once, whatever waits, fails or is reorganized."""

from pathlib import Path
from typing import Any

import pytest
from eth_account.typed_transactions import TypedTransaction
from hexbytes import HexBytes

from disbursement.config import WalletRules
from disbursement.errors import NotOpen
from disbursement.matters import open_matters, settle
from disbursement.sales import payments
from disbursement.sales.approvals import approve
from disbursement.sales.models import Payment, PaymentVersion, PayoutInput
from disbursement.sales.payouts import resume_all
from disbursement.sales.transfers import TransferMoved
from disbursement.sales.watch import FINAL_CONFIRMATIONS
from disbursement.wallets.evm.wallet import EvmWallet
from disbursement.wallets.wallet import Coin, Order, Outpoint, Output
from evm_bench import EvmBench, somebody

pytestmark = pytest.mark.node

GWEI = 10**9
# 7000 cents less the fee of 200, at 65000 and 5 % for a whole coin: 0.000996336... of it
GWEI_FOR_70 = 996_336
PRICE_GWEI = (
    3  # anvil's first base fee and tip are 1 gwei each; a base fee that falls leaves it at 2
)


def sell(kiosk: Any, name: str, address: str, coin: str = "ETH", cash_minor: int = 7_000) -> None:
    assert kiosk.quote(name, coin=coin).status_code == 200
    answer = kiosk.prepare(name, address=address)
    assert answer.status_code == 200, answer.text
    kiosk.credited(cash_minor, name)
    kiosk.finalized(cash_minor, name)
    assert kiosk.report().status_code == 200


def told(kiosk: Any, name: str = "1") -> tuple[str, int]:
    transfer = kiosk.transfer(name).json()
    return transfer["state"], transfer["confirmations"]


def listed(central: Any) -> list[str]:
    house = central.house
    found = house.db.run(lambda s: open_matters(s, house.rules, central.clock()))
    return [matter.text for matter in found]


def demand_books_agree(central: Any, wallet: EvmWallet) -> None:
    central.work()
    balances = central.balances()
    assert balances["wallet"] + balances["in_flight"] == wallet.balance()
    if wallet.gas is not None:
        assert balances["gas"] == wallet.gas.balance()
    central.demand_sound_books()


def pass_blocks(central: Any, bench: EvmBench, blocks: int) -> None:
    bench.node.mine(blocks)
    central.work()


@pytest.fixture
def wallet(bench: EvmBench, tmp_path: Path) -> EvmWallet:
    return bench.wallet(tmp_path)


@pytest.fixture
def central(open_central: Any, tmp_path: Path, wallet: EvmWallet) -> Any:
    return open_central(tmp_path, wallet)


def test_the_exact_amount_of_the_chains_coin_arrives(
    central: Any, bench: EvmBench, wallet: EvmWallet
) -> None:
    kiosk, address = central.kiosk(), somebody()
    sell(kiosk, "1", address)
    central.work()
    assert told(kiosk) == ("broadcast", 0)
    bench.node.mine()
    central.work()
    assert told(kiosk) == ("confirmed", 1)
    assert bench.ether_of(address) == GWEI_FOR_70 * GWEI
    [payment] = central.all(Payment)
    receipt = bench.node.rpc("eth_getTransactionReceipt", f"0x{payment.txid}")
    fee_wei = int(receipt["gasUsed"], 16) * int(receipt["effectiveGasPrice"], 16)
    assert (
        payment.fee_base_units * GWEI == fee_wei == 21_000 * int(receipt["effectiveGasPrice"], 16)
    )
    assert central.balances()["fees"] == payment.fee_base_units
    demand_books_agree(central, wallet)


@pytest.mark.parametrize(("decimals", "units"), [(6, 996), (18, 996_336 * GWEI), (0, None)])
def test_the_exact_amount_of_a_token_arrives_and_gas_is_kept_apart(
    open_central: Any, bench: EvmBench, tmp_path: Path, decimals: int, units: int | None
) -> None:
    wallet = bench.token_wallet(tmp_path, decimals)
    central = open_central(tmp_path, wallet)
    kiosk, address = central.kiosk(), somebody()
    if units is None:  # less than one of them is no sale
        assert kiosk.quote(coin="TST").json()["coin_exponent"] == 0
        assert kiosk.prepare(address=address).json()["code"] == "amount_out_of_range"
        return
    sell(kiosk, "1", address, "TST")
    central.work()
    bench.node.mine()
    central.work()
    assert told(kiosk) == ("confirmed", 1)
    assert bench.tokens_of(wallet.asset, address) == units
    assert bench.ether_of(address) == 0
    balances, [payment] = central.balances(), central.all(Payment)
    assert balances["fees"] == payment.fee_base_units == 0
    assert balances["gas_fees"] == payment.gas_fee > 21_000
    assert balances["gas"] + balances["gas_fees"] == balances["gas_owner"] == 100 * GWEI
    demand_books_agree(central, wallet)


def test_gas_that_was_not_used_is_not_booked(
    central: Any, bench: EvmBench, wallet: EvmWallet
) -> None:
    """A contract is given a quarter more than it was estimated to take."""
    kiosk, purse = central.kiosk(), bench.purse()
    sell(kiosk, "1", purse)
    central.work()
    signed = central.balances()["fees"]
    bench.node.mine()
    central.work()
    [version], [payment] = central.all(PaymentVersion), central.all(Payment)
    assert central.balances()["fees"] == payment.fee_base_units < version.fee_base_units == signed
    assert bench.ether_of(purse) == GWEI_FOR_70 * GWEI
    demand_books_agree(central, wallet)


def test_many_payments_use_one_number_each_in_turn(
    central: Any, bench: EvmBench, wallet: EvmWallet
) -> None:
    kiosk = central.kiosk()
    addresses = {str(number): somebody() for number in range(5)}
    for name, address in addresses.items():
        sell(kiosk, name, address)
    central.work()
    assert [spent.vout for spent in central.all(PayoutInput)] == [0, 1, 2, 3, 4]
    bench.node.mine()
    central.work()
    assert {told(kiosk, name) for name in addresses} == {("confirmed", 1)}
    assert {bench.ether_of(address) for address in addresses.values()} == {GWEI_FOR_70 * GWEI}
    demand_books_agree(central, wallet)


def test_a_number_that_was_reserved_and_never_signed_is_used_first(
    central: Any, bench: EvmBench, wallet: EvmWallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, first, second = central.kiosk(), somebody(), somebody()
    sell(kiosk, "1", first)

    def die(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EvmWallet, "sign", die)
        with pytest.raises(KeyboardInterrupt):
            central.work()
    assert [(row.vout, row.payment_id) for row in central.all(PayoutInput)] == [(0, 1)]
    sell(kiosk, "2", second)
    central.work()
    assert [(row.vout, row.payment_id) for row in central.all(PayoutInput)] == [(0, 2)]
    assert told(kiosk, "2") == ("broadcast", 0)
    resume_all(central.house)
    central.work()
    bench.node.mine()
    central.work()
    assert (told(kiosk, "1"), told(kiosk, "2")) == (("confirmed", 1), ("confirmed", 1))
    assert bench.ether_of(first) == bench.ether_of(second) == GWEI_FOR_70 * GWEI


def test_no_number_is_taken_while_a_lower_one_is_not_signed(
    central: Any, bench: EvmBench, wallet: EvmWallet
) -> None:
    """Two attempts at once: had the second the next number, and the first died, it would wait for ever."""
    kiosk = central.kiosk()
    for name in "12":
        sell(kiosk, name, somebody())
    house, coins = central.house, wallet.coins()

    def reserve(name: str) -> Any:
        return house.db.run(lambda s: payments.reserve(house, s, f"transfer-{name}", coins, 3_000))

    order = reserve("1")
    with pytest.raises(TransferMoved, match="payment 1 comes first"):
        reserve("2")
    signed = wallet.sign(order)
    house.db.run(lambda s: payments.store(house, s, order, signed))
    assert reserve("2").coins[0].outpoint.vout == 1


@pytest.mark.parametrize("mined", ["the second version", "the first after all"])
def test_a_payment_that_waits_too_long_gets_a_higher_fee(
    open_central: Any, tmp_path: Path, bench: EvmBench, wallet: EvmWallet, mined: str
) -> None:
    central = open_central(tmp_path, wallet, paying=WalletRules(replace_after_blocks=2))
    kiosk, address = central.kiosk(), somebody()
    sell(kiosk, "1", address)
    central.work()
    central.work()  # it is seen to wait
    [first] = central.all(PaymentVersion)
    bench.node.rpc("anvil_dropTransaction", f"0x{first.txid}")  # nobody mines it
    for _ in range(2):
        central.work()
        bench.node.rpc("anvil_dropTransaction", f"0x{first.txid}")
        bench.node.mine()
    central.work()
    central.work()  # what the last pass stored is sent
    first, second = central.all(PaymentVersion)
    prices = [_prices(bench, version) for version in (first, second)]
    assert second.replaces == first.txid
    assert all(new * 10 >= old * 11 for old, new in zip(*prices, strict=True))
    assert central.balances()["fees"] == second.fee_base_units
    stands = second
    if mined == "the first after all":
        stands = first
        bench.node.rpc("anvil_dropTransaction", f"0x{second.txid}")
        bench.node.rpc("eth_sendRawTransaction", f"0x{first.raw}")
    bench.node.mine()
    central.work()
    transfer = kiosk.transfer().json()
    assert (transfer["state"], transfer["txid"]) == ("confirmed", stands.txid)
    assert central.balances()["fees"] == stands.fee_base_units
    assert bench.ether_of(address) == GWEI_FOR_70 * GWEI
    assert bench.count(wallet) == 1
    demand_books_agree(central, wallet)


def _prices(bench: EvmBench, version: PaymentVersion) -> tuple[int, int]:
    fields = TypedTransaction.from_bytes(HexBytes(version.raw)).as_dict()
    return fields["maxFeePerGas"], fields["maxPriorityFeePerGas"]


def test_a_reorganized_payment_is_sent_and_confirmed_again(
    central: Any, bench: EvmBench, wallet: EvmWallet
) -> None:
    kiosk, address = central.kiosk(), somebody()
    sell(kiosk, "1", address)
    central.work()
    bench.node.mine()
    central.work()
    assert told(kiosk) == ("confirmed", 1)
    bench.node.rpc("anvil_reorg", 1, [])
    assert bench.ether_of(address) == 0
    central.work()
    assert told(kiosk) == ("broadcast", 0)
    bench.node.mine()
    central.work()
    assert told(kiosk) == ("confirmed", 1)
    assert bench.ether_of(address) == GWEI_FOR_70 * GWEI
    assert bench.count(wallet) == len(central.all(PaymentVersion)) == 1
    demand_books_agree(central, wallet)


def test_a_reverted_payment_is_not_told_as_paid_and_made_anew_once_its_block_is_deep(
    central: Any, bench: EvmBench, wallet: EvmWallet
) -> None:
    kiosk, purse = central.kiosk(), bench.purse()
    sell(kiosk, "1", purse)
    central.work()
    bench.close(purse)
    bench.node.mine()
    central.work()
    assert told(kiosk) == ("broadcast", 0)
    [text] = listed(central)
    assert "paid nobody as ordered: it was reverted; made anew once that block is deep" in text
    balances = central.balances()
    assert (balances["sold"], balances["in_flight"]) == (0, GWEI_FOR_70)
    assert balances["fees"] > 0
    demand_books_agree(central, wallet)
    pass_blocks(central, bench, FINAL_CONFIRMATIONS - 2)
    assert told(kiosk) == ("broadcast", 0)
    pass_blocks(central, bench, 2)
    assert told(kiosk) == ("finalized", 0)
    central.work()  # it would be reverted again: nothing is signed
    assert len(central.all(PaymentVersion)) == 1
    assert "revert" in listed(central)[0]
    bench.close(purse, closed=False)
    for _ in range(2):
        central.work()
        bench.node.mine()
    central.work()
    assert told(kiosk)[0] == "confirmed"
    assert bench.ether_of(purse) == GWEI_FOR_70 * GWEI
    assert bench.count(wallet) == 2
    assert listed(central) == []
    demand_books_agree(central, wallet)


def test_a_revert_that_is_reorganized_away_is_a_payment_again(
    central: Any, bench: EvmBench, wallet: EvmWallet
) -> None:
    kiosk, purse = central.kiosk(), bench.purse()
    sell(kiosk, "1", purse)
    central.work()
    bench.close(purse)
    bench.node.mine()
    central.work()
    assert listed(central) != []
    bench.node.rpc("anvil_reorg", 1, [])
    bench.close(purse, closed=False)
    central.work()
    assert told(kiosk) == ("broadcast", 0)
    assert listed(central) == []
    assert central.balances()["sold"] == GWEI_FOR_70
    bench.node.mine()
    central.work()
    assert told(kiosk) == ("confirmed", 1)
    assert bench.ether_of(purse) == GWEI_FOR_70 * GWEI
    demand_books_agree(central, wallet)


def test_a_token_that_answers_nothing_pays(
    open_central: Any, bench: EvmBench, tmp_path: Path
) -> None:
    wallet = bench.token_wallet(tmp_path)
    bench.behave(wallet.asset, 3)
    central = open_central(tmp_path, wallet)
    kiosk, address = central.kiosk(), somebody()
    sell(kiosk, "1", address, "TST")
    central.work()
    bench.node.mine()
    central.work()
    assert told(kiosk) == ("confirmed", 1)
    assert bench.tokens_of(wallet.asset, address) == 996


@pytest.mark.parametrize(
    ("manners", "why"),
    [
        (2, "the token tells of nothing moved"),
        (4, "the token moved 987 of its units, not 996"),
    ],
)
def test_a_token_that_moved_otherwise_is_for_a_person_and_never_tried_again(
    open_central: Any, bench: EvmBench, tmp_path: Path, manners: int, why: str
) -> None:
    wallet = bench.token_wallet(tmp_path)
    central = open_central(tmp_path, wallet)
    kiosk, address = central.kiosk(), somebody()
    sell(kiosk, "1", address, "TST")
    central.work()
    bench.behave(wallet.asset, manners)  # after it was signed
    bench.node.mine()
    central.work()
    with pytest.raises(NotOpen):
        central.house.db.run(lambda s: settle(central.house, s, "transfer-1", "too early"))
    for _ in range(2):
        assert told(kiosk) == ("broadcast", 0)
        [text] = listed(central)
        assert f"{why}; never tried again by itself: look at the chain" in text
        pass_blocks(central, bench, FINAL_CONFIRMATIONS)
    assert len(central.all(Payment)) == bench.count(wallet) == 1
    house = central.house
    house.db.run(lambda s: settle(house, s, "transfer-1", "sent the rest by hand, Ann"))
    assert (told(kiosk)[0], listed(central)) == ("refund_due", [])
    demand_books_agree(central, wallet)


def test_a_token_that_says_no_is_not_even_signed(
    open_central: Any, bench: EvmBench, tmp_path: Path
) -> None:
    wallet = bench.token_wallet(tmp_path)
    central = open_central(tmp_path, wallet)
    kiosk = central.kiosk()
    sell(kiosk, "1", somebody(), "TST")
    bench.behave(wallet.asset, 2)
    central.work()
    assert central.all(PaymentVersion) == []
    assert "the token says no" in listed(central)[0]
    bench.behave(wallet.asset, 0)
    central.work()
    bench.node.mine()
    central.work()
    assert told(kiosk) == ("confirmed", 1)


def test_a_token_is_sold_only_while_there_is_gas_for_every_open_sale(
    open_central: Any, bench: EvmBench, tmp_path: Path
) -> None:
    wallet = bench.token_wallet(tmp_path)
    central = open_central(tmp_path, wallet)
    kiosk, address = central.kiosk(), somebody()
    reserve_gwei = 100 * GWEI // wallet.terms(address).payable
    bench.fund(wallet.key.address, 3 * reserve_gwei * GWEI - 1)
    for name in "12":
        assert kiosk.quote(name, coin="TST").status_code == 200
        assert kiosk.prepare(name, address=address).status_code == 200
    assert kiosk.quote("3", coin="TST").status_code == 200
    short = kiosk.prepare("3", address=address).json()
    assert short["code"] == "funds_unavailable"
    assert "too little of the coin that its fees are paid in" in short["detail"]
    kiosk.finalized(0, "1")  # a sale less
    kiosk.report()
    assert kiosk.prepare("3", address=address).status_code == 200


def test_a_payment_that_the_account_cannot_cover_waits_and_is_sent_once_it_can(
    central: Any, bench: EvmBench, wallet: EvmWallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, address = central.kiosk(), somebody()
    sell(kiosk, "1", address)
    sign = EvmWallet.sign

    def drained(self: EvmWallet, order: Any) -> Any:
        signed = sign(self, order)
        bench.fund(wallet.key.address, 0)
        return signed

    with monkeypatch.context() as patch:
        patch.setattr(EvmWallet, "sign", drained)
        central.work()
    assert "insufficient funds" in listed(central)[0].lower()
    bench.fund(wallet.key.address, 10**18)
    central.work()
    bench.node.mine()
    central.work()
    assert told(kiosk)[0] == "confirmed"
    assert bench.ether_of(address) == GWEI_FOR_70 * GWEI
    assert bench.count(wallet) == len(central.all(PaymentVersion)) == 1


@pytest.mark.parametrize("pays", ["somebody else", "the customer"])
def test_a_number_that_another_use_of_the_key_took_is_lost_and_its_payout_is_paid_anew(
    central: Any, bench: EvmBench, wallet: EvmWallet, pays: str
) -> None:
    kiosk, first, second = central.kiosk(), somebody(), somebody()
    sell(kiosk, "1", first)
    central.work()
    [version], [coin] = central.all(PaymentVersion), central.all(PayoutInput)
    bench.node.rpc("anvil_dropTransaction", f"0x{version.txid}")
    address = first if pays == "the customer" else somebody()
    rival = wallet.sign(
        Order(
            1,
            (Output("by hand", address, 5),),
            (Coin(Outpoint(coin.txid, coin.vout), coin.value),),
            9_000,
        )
    )
    wallet.broadcast(rival.raw, rival.txid)
    bench.node.mine()
    central.work()
    assert told(kiosk) == ("broadcast", 0)
    assert rival.txid in listed(central)[0]
    sell(kiosk, "2", second)  # it holds up no other
    central.work()
    bench.node.mine()
    central.work()
    assert told(kiosk, "2") == ("confirmed", 1)
    pass_blocks(central, bench, FINAL_CONFIRMATIONS)
    if pays == "the customer":
        assert "waits for approval" in listed(central)[0]
        approve(central.house, "transfer-1", "the 5 gwei were a gift, Ann")
    for _ in range(2):
        central.work()
        bench.node.mine()
    central.work()
    assert told(kiosk)[0] == "confirmed"
    gift = 5 if pays == "the customer" else 0
    assert bench.ether_of(first) == (GWEI_FOR_70 + gift) * GWEI
    assert bench.count(wallet) == 3
    demand_books_agree(central, wallet)
