"""Against a real bitcoind, and a real litecoind: the exact amount arrives, once, whatever is killed and reorganized."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chain_scan import paid_on_chain
from disbursement.config import RequestSection, load_config
from disbursement.errors import InvalidSetup, RequestRefused, WalletRefused, WalletUnavailable
from disbursement.requests.request import CryptoDisburseRequest
from disbursement.sales.models import Payment, PaymentVersion, Payout, PayoutInput
from disbursement.service import _await_wallet, open_wallet
from disbursement.wallets.bitcoind import BitcoindWallet
from disbursement.wallets.chains import BITCOIN, LITECOIN, Chain
from disbursement.wallets.coins import choose
from disbursement.wallets.rpc import NodeRpc
from disbursement.wallets.wallet import Order, Output, SignedPayment
from kiosk.wallet.families import family_of
from stater_demo.debian import BITCOIND, LITECOIND

pytestmark = pytest.mark.node


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Bitcoin's node and Litecoin's, one after the other."""
    if "node" in metafunc.fixturenames:
        programs = [BITCOIND, LITECOIND]
        metafunc.parametrize(
            "node", programs, ids=lambda program: program.name, indirect=True, scope="session"
        )


def chain_of(node: Any) -> Chain:
    return LITECOIN if node.program is LITECOIND else BITCOIN


def wallet_of(node: Any, name: str = "hot") -> BitcoindWallet:
    rpc, chain = NodeRpc(node.rpc_url, node.rpc_user, node.rpc_password), chain_of(node)
    return BitcoindWallet(rpc, name, chain.networks["regtest"], chain)


def signed(wallet: BitcoindWallet, address: str, amount: int, coins: Any = None) -> SignedPayment:
    """Paid from the first coin that suffices, at the node's own rate."""
    chosen = coins or choose(
        wallet.coins(), amount, partial(wallet.fee_at_most, outputs=1, fee_rate=10_000)
    )
    return wallet.sign(Order(1, (Output("t", address, amount),), tuple(chosen), wallet.fee_rate()))


def customer(node: Any, kind: str = "bech32") -> str:
    return str(node.rpc("getnewaddress", "", kind, wallet="customers"))


def received(node: Any, address: str) -> list[int]:
    """Every payment to this address, in satoshi: one entry for each transaction."""
    found = node.rpc("listtransactions", "*", 10_000, wallet="customers")
    mine = (tx for tx in found if tx.get("address") == address and tx["category"] == "receive")
    return [int(tx["amount"] * 10**8) for tx in mine]


def sell(kiosk: Any, name: str, address: str, cash_minor: int) -> None:
    assert kiosk.quote(name).status_code == 200
    answer = kiosk.prepare(name, address=address)
    assert answer.status_code == 200, answer.text
    kiosk.credited(cash_minor, name)
    kiosk.finalized(cash_minor, name)


@pytest.fixture
def central(open_central: Any, tmp_path: Path, node: Any) -> Any:
    return open_central(tmp_path, wallet_of(node))


@pytest.mark.parametrize("kind", ["legacy", "p2sh-segwit", "bech32", "bech32m"])
def test_the_exact_amount_arrives_and_is_confirmed(central: Any, node: Any, kind: str) -> None:
    if kind == "bech32m" and chain_of(node) is LITECOIN:
        pytest.skip("Litecoin Core 0.21 makes no such address")
    kiosk, address = central.kiosk(), customer(node, kind)
    sell(kiosk, "1", address, 7_000)
    kiosk.report()
    central.work()
    sent = kiosk.transfer().json()
    assert (sent["state"], sent["confirmations"]) == ("broadcast", 0)
    node.mine(1)
    central.work()
    assert kiosk.transfer().json()["state"] == "confirmed"
    node.mine(2)
    central.work()
    assert kiosk.transfer().json()["confirmations"] == 3
    assert received(node, address) == [sent["amount_base_units"]] == [99_633]
    central.demand_sound_books()


def test_payouts_share_a_transaction_and_each_gets_its_own_amount(central: Any, node: Any) -> None:
    kiosk = central.kiosk()
    addresses = {str(number): customer(node) for number in range(1, 5)}
    for name, address in addresses.items():
        sell(kiosk, name, address, 1_000 * int(name))
    kiosk.report()
    central.work()
    told = {name: kiosk.transfer(name).json() for name in addresses}
    assert len({transfer["txid"] for transfer in told.values()}) == 1
    block = node.mine(1)[0]
    central.work()
    for name, address in addresses.items():
        assert received(node, address) == [told[name]["amount_base_units"]]
        assert kiosk.transfer(name).json()["state"] == "confirmed"
    [payment] = central.all(Payment)
    assert payment.fee_base_units == sum(p.fee_base_units for p in central.all(Payout))
    balances = central.balances()
    assert balances["wallet"] == wallet_of(node).balance()
    central.demand_sound_books()
    node.rpc("invalidateblock", block)
    central.work()
    assert {kiosk.transfer(name).json()["state"] for name in addresses} == {"broadcast"}
    node.mine(1, customer(node))


def test_the_books_hold_what_the_node_holds(central: Any, node: Any) -> None:
    kiosk = central.kiosk()
    sell(kiosk, "1", customer(node), 7_000)
    kiosk.report()
    central.work()
    [payout] = central.all(Payout)
    balances = central.balances()
    assert balances["fees"] == payout.fee_base_units > 0
    assert balances["wallet"] == wallet_of(node).balance()
    owner = balances["owner"]
    node.rpc("sendtoaddress", customer(node), "0.5", wallet="hot")  # the operator takes coins out
    central.work()
    assert central.balances()["wallet"] == wallet_of(node).balance()
    assert owner - central.balances()["owner"] > 50_000_000  # and their network fee
    central.demand_sound_books()


def test_a_reorganized_payment_is_sent_and_confirmed_again(central: Any, node: Any) -> None:
    kiosk, address = central.kiosk(), customer(node)
    sell(kiosk, "1", address, 7_000)
    kiosk.report()
    central.work()
    [block] = node.mine(1)
    central.work()
    assert kiosk.transfer().json()["state"] == "confirmed"
    node.rpc("invalidateblock", block)
    central.work()
    assert kiosk.transfer().json()["state"] == "broadcast"
    node.mine(1, customer(node))  # to another one, or it would be the same block again
    central.work()
    assert kiosk.transfer().json()["state"] == "confirmed"
    assert len(received(node, address)) == 1


def test_a_hundred_blocks_are_reorganized_away_and_come_back(central: Any, node: Any) -> None:
    kiosk = central.kiosk()
    addresses = {name: customer(node) for name in "123"}
    for name, address in addresses.items():
        sell(kiosk, name, address, 7_000)
        kiosk.report()
        central.work()  # each in a transaction of its own, on the change of the one before
    [first, *_] = node.mine(100)
    central.work()

    def told() -> set[tuple[str, int]]:
        sales = (kiosk.transfer(name).json() for name in addresses)
        return {(sale["state"], sale["confirmations"]) for sale in sales}

    assert told() == {("confirmed", 100)}
    node.rpc("invalidateblock", first)
    central.work()
    assert told() == {("broadcast", 0)}
    assert set(node.rpc("getrawmempool")) == {payment.txid for payment in central.all(Payment)}
    node.rpc("reconsiderblock", first)
    central.work()
    assert told() == {("confirmed", 100)}
    [amount] = {kiosk.transfer(name).json()["amount_base_units"] for name in addresses}
    assert [received(node, address) for address in addresses.values()] == [[amount]] * 3
    assert len(central.all(PaymentVersion)) == 3  # nothing was built anew
    assert central.balances()["wallet"] == wallet_of(node).balance()
    central.demand_sound_books()


def test_a_longer_branch_takes_a_hundred_blocks_away_and_the_old_one_comes_back(
    central: Any, node: Any
) -> None:
    kiosk = central.kiosk()
    addresses = {name: customer(node) for name in "123"}
    for name, address in addresses.items():
        sell(kiosk, name, address, 1_000 * int(name))
        kiosk.report()
        central.work()
        node.mine(1)
    first = node.rpc("getblockhash", node.rpc("getblockcount") - 2)
    node.mine(97)

    def told() -> list[tuple[str, int]]:
        central.work()
        sales = [kiosk.transfer(name).json() for name in addresses]
        return [(sale["state"], sale["confirmations"]) for sale in sales]

    old = [("confirmed", 100), ("confirmed", 99), ("confirmed", 98)]
    assert told() == old
    node.rpc("invalidateblock", first)
    [rival, *_] = [empty_block(node, number) for number in range(101)]
    node.rpc("reconsiderblock", first)  # which is the shorter branch now
    assert told() == [("broadcast", 0)] * 3
    node.mine(1)
    assert told() == [("confirmed", 1)] * 3
    sell(kiosk, "4", customer(node), 4_000)
    kiosk.report()
    central.work()
    node.mine(1)
    assert told() == [("confirmed", 2)] * 3
    node.rpc("invalidateblock", rival)
    assert told() == old
    assert kiosk.transfer("4").json()["state"] == "broadcast"  # it was of the other branch
    node.mine(1)
    central.work()
    paid, sales = paid_on_chain(node), {name: kiosk.transfer(name).json() for name in "1234"}
    assert {sale["state"] for sale in sales.values()} == {"confirmed"}
    for name, address in addresses.items():
        assert paid[address] == [sales[name]["amount_base_units"]]
    assert len(central.all(PaymentVersion)) == 4  # nothing was built anew
    assert central.balances()["wallet"] == wallet_of(node).balance()
    central.demand_sound_books()


def empty_block(node: Any, number: int) -> str:
    """With another reward each, or a branch might begin with the block that it replaces."""
    return str(node.rpc("generateblock", f"raw(02{number:04x})", [])["hash"])


@pytest.mark.parametrize("confirms", ["the second version", "the first after all"])
def test_a_payment_that_waits_too_long_gets_a_higher_fee(
    central: Any, node: Any, confirms: str
) -> None:
    demand_replaceable(node)
    kiosk, address = central.kiosk(), customer(node)
    sell(kiosk, "1", address, 7_000)
    kiosk.report()
    central.work()
    wait_blocks_in_vain(central, node, central.house.paying.replace_after_blocks)
    first, second = central.all(PaymentVersion)
    assert second.replaces == first.txid
    assert (first.fee_rate, second.fee_rate) == (10_000, 12_500)  # a quarter more
    assert second.fee_base_units > first.fee_base_units
    assert node.rpc("getrawmempool") == [second.txid]
    assert central.balances()["fees"] == second.fee_base_units
    assert kiosk.transfer().json()["txid"] == second.txid
    stands = second
    if confirms == "the first after all":
        stands = first
        node.rpc("generateblock", customer(node), [first.raw])
    else:
        node.mine(1)
    central.work()
    told = kiosk.transfer().json()
    assert (told["state"], told["txid"]) == ("confirmed", stands.txid)
    assert received(node, address) == [told["amount_base_units"]]
    assert central.balances()["fees"] == stands.fee_base_units
    assert central.all(Payout)[0].fee_base_units == stands.fee_base_units
    assert central.balances()["wallet"] == wallet_of(node).balance()
    central.demand_sound_books()


def test_a_version_that_a_block_forestalled_hides_nothing_from_the_books(
    central: Any, node: Any
) -> None:
    """It is never sent. What the wallet gets from then on is booked all the same."""
    demand_replaceable(node)
    kiosk = central.kiosk()
    sell(kiosk, "1", customer(node), 7_000)
    kiosk.report()
    central.work()
    for _ in range(central.house.paying.replace_after_blocks):
        node.rpc("generateblock", customer(node), [])
        central.work()
    assert [version.is_sent for version in central.all(PaymentVersion)] == [True, False]
    node.mine(1)
    central.work()
    assert kiosk.transfer().json()["state"] == "confirmed"
    before = wallet_of(node).balance()
    node.fund("hot")
    central.work()
    assert central.balances()["wallet"] == wallet_of(node).balance() > before
    central.demand_sound_books()


def test_a_payment_whose_change_is_spent_is_not_replaced(central: Any, node: Any) -> None:
    """Its heir would die with it."""
    demand_replaceable(node)
    kiosk, spendable = central.kiosk(), wallet_of(node).coins()
    sell(kiosk, "1", customer(node), 7_000)
    kiosk.report()
    central.work()
    spent = {row.txid for row in central.all(PayoutInput)}
    rest = [c.outpoint for c in spendable if c.outpoint.txid not in spent]
    node.rpc("lockunspent", False, [{"txid": c.txid, "vout": c.vout} for c in rest], wallet="hot")
    sell(kiosk, "2", customer(node), 7_000)
    kiosk.report()
    central.work()
    parent, heir = central.all(Payment)
    assert heir.payment_id in {
        row.payment_id for row in central.all(PayoutInput) if row.txid == parent.txid
    }
    wait_blocks_in_vain(central, node, central.house.paying.replace_after_blocks)
    versions = [version.payment_id for version in central.all(PaymentVersion)]
    assert versions == [parent.payment_id, heir.payment_id, heir.payment_id]
    node.mine(1)
    central.work()
    assert {kiosk.transfer(name).json()["state"] for name in "12"} == {"confirmed"}
    assert central.balances()["wallet"] == wallet_of(node).balance()
    node.rpc("lockunspent", True, wallet="hot")


def demand_replaceable(node: Any) -> None:
    if not chain_of(node).may_replace:
        pytest.skip("Litecoin's nodes take no replacement")


def test_a_payment_that_no_node_would_replace_waits_on(central: Any, node: Any) -> None:
    if chain_of(node).may_replace:
        pytest.skip("Bitcoin's nodes take a replacement")
    kiosk = central.kiosk()
    sell(kiosk, "1", customer(node), 7_000)
    kiosk.report()
    central.work()
    wait_blocks_in_vain(central, node, central.house.paying.replace_after_blocks)
    [version] = central.all(PaymentVersion)
    assert node.rpc("getrawmempool") == [version.txid]
    node.mine(1)
    central.work()
    assert kiosk.transfer().json()["state"] == "confirmed"


def wait_blocks_in_vain(central: Any, node: Any, blocks: int) -> None:
    for _ in range(blocks):
        node.rpc("generateblock", customer(node), [])
        central.work()
    central.work()  # what the last pass stored is sent


def test_a_request_is_paid_once_and_follows_the_chain(central: Any, node: Any) -> None:
    house = replace(central.house, requests=RequestSection(max_amount=Decimal("0.01")))
    address = customer(node)
    with pytest.raises(RequestRefused, match=r"no address of network .*regtest"):
        ask(house, "1HB5XMLmzFVj8ALj6mfBsbifRoD4miY36v")
    request = ask(house, address)
    request.approve(by="ben", note="as agreed")
    request.send_to_node()
    request.send_to_node()
    central.work()
    assert request.latest().state == "sent"
    [block] = node.mine(1)
    central.work()
    central.work()
    assert request.latest().state == "confirmed"
    node.rpc("invalidateblock", block)
    central.work()
    central.work()
    assert request.latest().state == "sent"
    node.mine(1, customer(node))  # to another one, or it would be the same block again
    central.work()
    central.work()
    assert request.latest().state == "confirmed"
    assert received(node, address) == [123_456]
    central.demand_sound_books()


def ask(house: Any, address: str) -> CryptoDisburseRequest:
    return CryptoDisburseRequest.submit(
        house,
        requested_by="anna",
        requesting_app="test",
        purpose="node",
        amount=Decimal("0.00123456"),
        crypto_currency=house.wallet.coin,
        crypto_address=address,
    )


def test_broadcasting_again_is_harmless_even_when_all_outputs_are_spent(node: Any) -> None:
    wallet, address = wallet_of(node), customer(node)
    payment = signed(wallet, address, 1_000_000)
    assert wallet.placement(payment.txid).waiting is False
    wallet.broadcast(payment.raw, payment.txid)
    wallet.broadcast(payment.raw, payment.txid)
    assert wallet.placement(payment.txid).waiting is True
    node.mine(1)
    wallet.broadcast(payment.raw, payment.txid)
    for name in ("hot", "customers"):  # spend the change and the payment
        everything = [
            {node.rpc("getnewaddress", wallet="hot"): str(node.rpc("getbalance", wallet=name))}
        ]
        node.rpc(
            "send",
            everything,
            None,
            "unset",
            None,
            {"subtract_fee_from_outputs": [0]},
            wallet=name,
        )
    node.mine(1)
    wallet.broadcast(payment.raw, payment.txid)
    assert wallet.placement(payment.txid).block is not None


def test_the_fee_is_the_rate_times_the_size_and_the_rest_is_change(node: Any) -> None:
    wallet = wallet_of(node)
    [coin, *_] = wallet.coins()
    payment = signed(wallet, customer(node), 1_000_000, [coin])
    told = node.rpc("decoderawtransaction", payment.raw)
    assert payment.fee == told["vsize"] * 10  # 0.0001 a kvB, as long as the node has no estimate
    assert sum(int(out["value"] * 10**8) for out in told["vout"]) == coin.value - payment.fee
    assert payment.fee <= wallet.fee_at_most(1, 1, wallet.fee_rate())
    assert node.rpc("getaddressinfo", payment.change_address, wallet="hot")["ismine"] is True
    assert all(spent["sequence"] < 0xFFFF_FFFE for spent in told["vin"])  # BIP 125: replaceable


def test_change_too_small_to_be_sent_is_left_to_the_fee(node: Any) -> None:
    wallet = wallet_of(node)
    [coin, *_] = wallet.coins()
    address = customer(node)
    fee = signed(wallet, address, 1_000_000, [coin]).fee
    payment = signed(wallet, address, coin.value - fee - 500, [coin])
    assert (payment.fee, payment.change_address) == (fee + 500, None)
    assert node.rpc("testmempoolaccept", [payment.raw])[0]["allowed"] is True


def test_coins_that_do_not_cover_the_fee_are_refused(node: Any) -> None:
    wallet = wallet_of(node)
    [coin, *_] = wallet.coins()
    with pytest.raises(WalletRefused, match="leave 1000 for a fee of"):
        signed(wallet, customer(node), coin.value - 1_000, [coin])


def test_addresses_are_the_nodes_to_judge(node: Any) -> None:
    wallet = wallet_of(node)
    assert wallet.terms("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4") is None  # another network
    kinds, limits = ["legacy", "bech32", "bech32m"], [546, 294, 330]
    if chain_of(node) is LITECOIN:  # its DUST_RELAY_TX_FEE is ten times as high
        kinds, limits = ["legacy", "bech32"], [5460, 2940]
        assert wallet.terms(customer(node, "mweb")) is None
    # Bitcoin Core, src/policy/policy.cpp: 546 for P2PKH, 294 for P2WPKH; 330 for P2TR
    terms = [wallet.terms(customer(node, kind)) for kind in kinds]
    assert [each.dust_limit for each in terms if each] == limits


def test_a_payment_of_just_the_dust_limit_is_accepted(node: Any) -> None:
    wallet, address = wallet_of(node), customer(node)
    terms = wallet.terms(address)
    assert terms is not None
    enough = signed(wallet, address, terms.dust_limit)
    assert node.rpc("testmempoolaccept", [enough.raw])[0]["allowed"] is True
    short = signed(wallet, address, terms.dust_limit - 1)
    assert node.rpc("testmempoolaccept", [short.raw])[0]["allowed"] is False


def test_a_node_that_is_away_is_told_from_one_that_refuses() -> None:
    nowhere = BitcoindWallet(NodeRpc("http://127.0.0.1:1"), "hot", "regtest")
    with pytest.raises(WalletUnavailable) as away:
        nowhere.balance()
    assert str(away.value) == "no answer from the node at http://127.0.0.1:1: Connection refused"


def test_a_node_that_has_started_again_loads_its_wallet_when_it_is_asked_for(node: Any) -> None:
    """At start it loads only what it was told to; central may have started long before."""
    wallet = wallet_of(node)
    held = wallet.balance()
    node.rpc("unloadwallet", "hot")
    assert wallet.balance() == held
    node.rpc("unloadwallet", "hot")
    with ThreadPoolExecutor() as pool:  # several processes at once
        list(pool.map(lambda _: _await_wallet(wallet_of(node)), range(4)))
    with pytest.raises(InvalidSetup, match=r"has no wallet 'none' .* create it with"):
        wallet_of(node, "none").check()


def test_a_cookie_that_is_not_there_is_told_by_the_name_of_its_key(tmp_path: Path) -> None:
    cookie = tmp_path / ".cookie"
    nowhere = BitcoindWallet(NodeRpc("http://127.0.0.1:1", cookie_file=cookie), "hot", "regtest")
    with pytest.raises(WalletUnavailable) as away:
        nowhere.balance()
    told = f"cannot read wallet.cookie_file, {cookie}: No such file or directory; "
    assert str(away.value).startswith(told)


def test_a_node_of_another_chain_is_a_mistake_in_the_setup(node: Any) -> None:
    """On regtest both call their chain so."""
    wallet = wallet_of(node)
    wallet.check()
    other = BITCOIN if wallet.chain is LITECOIN else LITECOIN
    stranger = replace(wallet, chain=other, network=other.networks["regtest"])
    with pytest.raises(InvalidSetup, match=r"is on chain 'regtest', but wallet.network says"):
        stranger.check()


def test_the_kiosk_reads_the_same_coin_and_network_from_a_wallets_code(node: Any) -> None:
    wallet, address = wallet_of(node), customer(node)
    family, offer = family_of(f"{'litecoin' if wallet.coin == 'LTC' else 'bitcoin'}:{address}")
    [read] = family.read(offer)
    assert (read.coin, read.network, read.address) == (wallet.coin, wallet.network, address)


def test_the_configuration_makes_this_wallet(node: Any, tmp_path: Path) -> None:
    wallet, file = wallet_of(node), tmp_path / "central.toml"
    file.write_text(
        f'[price]\nsource = "fixed"\n[wallet]\nkind = "{node.program.name}"\nname = "hot"\n'
        f'network = "{wallet.network}"\nurl = "{node.rpc_url}"\n'
        f'user = "{node.rpc_user}"\npassword = "{node.rpc_password}"\n'
    )
    made: Any = open_wallet(load_config(file), None)
    assert replace(made, rpc=wallet.rpc) == wallet
    assert made.balance() == wallet.balance()
