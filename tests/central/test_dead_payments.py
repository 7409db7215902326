"""Against a real bitcoind: a payment whose coin was spent by hand is paid anew once that is final, and never before."""

from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from disbursement.errors import NotOpen, WalletUnavailable
from disbursement.matters import open_matters, settle
from disbursement.sales import watch
from disbursement.sales.approvals import approve
from disbursement.sales.models import Payment, PaymentVersion, PayoutInput
from disbursement.sales.payments import FINAL_CONFIRMATIONS
from disbursement.wallets.bitcoind import BitcoindWallet
from disbursement.wallets.rpc import NodeRpc

pytestmark = pytest.mark.node

NOBODY = "raw(51)"  # a wallet that is paid by a block takes its time
HANDS_AMOUNT = Decimal("0.01")
HANDS_FEE = Decimal("0.0005")  # more than a payment's, so that it takes its place in the mempool


@pytest.fixture
def central(open_central: Any, tmp_path: Path, node: Any) -> Any:
    rpc = NodeRpc(node.rpc_url, node.rpc_user, node.rpc_password)
    return open_central(tmp_path, BitcoindWallet(rpc, "hot", "regtest"))


@pytest.fixture
def kiosk(central: Any) -> Any:
    return central.kiosk()


def stranger(node: Any) -> str:
    return str(node.rpc("getnewaddress", wallet="customers"))


def sold(kiosk: Any, node: Any, name: str = "1") -> str:
    address = stranger(node)
    assert kiosk.quote(name).status_code == 200
    assert kiosk.prepare(name, address=address).status_code == 200
    kiosk.credited(7_000, name)
    kiosk.finalized(7_000, name)
    assert kiosk.report().status_code == 200
    return address


def received(node: Any, address: str) -> int:
    return int(node.rpc("getreceivedbyaddress", address, wallet="customers") * 10**8)


def spent_by_hand(central: Any, node: Any, pays: str) -> str:
    """The bytes of a transaction of the first payment's coins, as from a copy of the wallet."""
    first = central.all(Payment)[0].payment_id
    coins = [row for row in central.all(PayoutInput) if row.payment_id == first]
    inputs = [{"txid": coin.txid, "vout": coin.vout} for coin in coins]
    rest = Decimal(sum(coin.value for coin in coins)).scaleb(-8) - HANDS_FEE - HANDS_AMOUNT
    change = node.rpc("getrawchangeaddress", wallet="hot")
    outputs = [{pays: str(HANDS_AMOUNT)}, {change: str(rest)}]
    unsigned = node.rpc("createrawtransaction", inputs, outputs)
    return str(node.rpc("signrawtransactionwithwallet", unsigned, wallet="hot")["hex"])


def in_a_block(node: Any, raw: str) -> str:
    return str(node.rpc("generateblock", NOBODY, [raw])["hash"])


def state(kiosk: Any, name: str = "1") -> str:
    return str(kiosk.transfer(name).json()["state"])


def matters(central: Any) -> dict[str, str]:
    house = central.house
    found = house.db.run(lambda s: open_matters(s, house.rules, central.clock()))
    return {matter.name: matter.text for matter in found}


def by_hand(central: Any) -> None:
    central.house.db.run(lambda s: settle(central.house, s, "transfer-1", "paid by hand, Ann"))


def demand_that_the_books_agree(central: Any) -> None:
    central.work()
    balances = central.balances()
    assert balances["wallet"] + balances["in_flight"] == central.house.wallet.balance()
    central.demand_sound_books()


@pytest.mark.parametrize("how", ["sent", "signed and never sent"])
def test_it_is_paid_anew_once_the_other_is_final_and_not_a_block_before(
    central: Any, kiosk: Any, node: Any, how: str
) -> None:
    address = sold(kiosk, node)
    was = "broadcast"
    if how == "sent":
        central.work()
    else:
        was, away = "signed", mock.Mock(side_effect=WalletUnavailable("no answer"))
        with mock.patch.object(BitcoindWallet, "broadcast", away):
            central.work()
    [version] = central.all(PaymentVersion)
    hand = spent_by_hand(central, node, stranger(node))
    other = node.rpc("sendrawtransaction", hand)  # it takes the payment's place in the mempool
    central.work()
    assert node.rpc("getrawmempool") == [other]
    assert (state(kiosk), central.all(Payment)[0].spent_by) == (was, None)
    block = in_a_block(node, hand)
    central.work()
    assert (state(kiosk), central.all(Payment)[0].spent_by) == (was, other)
    assert f"transaction {other}, none of ours, has spent" in matters(central)["transfer-1"]
    with pytest.raises(NotOpen, match="but not for good yet"):
        by_hand(central)
    node.rpc("invalidateblock", block)
    central.work()
    assert central.all(Payment)[0].spent_by is None
    node.rpc("reconsiderblock", block)
    node.mine(FINAL_CONFIRMATIONS - 2)
    central.work()
    central.work()
    assert (state(kiosk), central.all(PaymentVersion)[1:]) == (was, [])
    node.mine(1)
    watch.watch(central.house)
    assert state(kiosk) == "finalized"
    central.work()
    node.mine(1)
    demand_that_the_books_agree(central)
    told = kiosk.transfer().json()
    assert (told["state"], received(node, address)) == ("confirmed", told["amount_base_units"])
    assert [kept.raw for kept in central.all(PaymentVersion)][:1] == [version.raw]
    dead, alive = central.all(Payment)
    assert (dead.spent_by, dead.is_final, alive.txid) == (other, True, told["txid"])
    assert matters(central) == {}


def test_a_reorganization_in_time_lets_the_payment_confirm_after_all(
    central: Any, kiosk: Any, node: Any
) -> None:
    address = sold(kiosk, node)
    central.work()
    [version] = central.all(PaymentVersion)
    block = in_a_block(node, spent_by_hand(central, node, stranger(node)))
    node.mine(FINAL_CONFIRMATIONS - 2)
    central.work()
    node.rpc("invalidateblock", block)
    in_a_block(node, version.raw)
    node.mine(FINAL_CONFIRMATIONS)
    demand_that_the_books_agree(central)
    told = kiosk.transfer().json()
    assert (told["state"], told["txid"]) == ("confirmed", version.txid)
    assert received(node, address) == told["amount_base_units"]
    assert len(central.all(PaymentVersion)) == 1


@pytest.mark.parametrize("then", ["settled", "approved"])
def test_where_the_other_pays_the_same_address_a_person_decides(
    central: Any, kiosk: Any, node: Any, then: str
) -> None:
    address = sold(kiosk, node)
    central.work()
    in_a_block(node, spent_by_hand(central, node, address))
    node.mine(FINAL_CONFIRMATIONS - 1)
    for _ in range(3):
        central.work()
    assert state(kiosk) == "finalized"
    assert "waits for approval" in matters(central)["transfer-1"]
    amount = kiosk.transfer().json()["amount_base_units"]
    if then == "settled":
        by_hand(central)
    else:
        approve(central.house, "transfer-1", "that was another order")
    central.work()
    node.mine(1)
    demand_that_the_books_agree(central)
    by_hands = int(HANDS_AMOUNT.scaleb(8))
    paid = {"settled": by_hands, "approved": by_hands + amount}[then]
    assert received(node, address) == paid
    assert state(kiosk) == {"settled": "refund_due", "approved": "confirmed"}[then]
    assert matters(central) == {}


def test_who_spends_its_change_dies_with_it(central: Any, kiosk: Any, node: Any) -> None:
    first = sold(kiosk, node)
    spendable = central.house.wallet.coins()
    central.work()
    spent = {row.txid for row in central.all(PayoutInput)}
    rest = [c.outpoint for c in spendable if c.outpoint.txid not in spent]
    node.rpc("lockunspent", False, [{"txid": c.txid, "vout": c.vout} for c in rest], wallet="hot")
    second = sold(kiosk, node, "2")
    central.work()
    node.rpc("lockunspent", True, wallet="hot")
    parent, heir = central.all(Payment)
    lost = [row for row in central.all(PayoutInput) if row.txid == parent.txid]
    assert [row.payment_id for row in lost] == [heir.payment_id]
    in_a_block(node, spent_by_hand(central, node, stranger(node)))
    node.mine(FINAL_CONFIRMATIONS - 1)
    central.work()
    node.mine(1)
    central.work()  # the heir is found dead
    central.work()
    node.mine(1)
    demand_that_the_books_agree(central)
    for name, address in (("1", first), ("2", second)):
        told = kiosk.transfer(name).json()
        assert (told["state"], received(node, address)) == ("confirmed", told["amount_base_units"])
    lost_to = [payment.spent_by for payment in central.all(Payment)]
    assert lost_to[0] == lost_to[1] is not None
    assert set(lost_to[2:]) == {None}


def test_the_node_tells_a_spender_of_pure_change_too(central: Any, node: Any) -> None:
    wallet = central.house.wallet
    coin = max(wallet.coins(), key=lambda c: c.value)
    assert wallet.spender([coin.outpoint], 0) is None
    change = node.rpc("getrawchangeaddress", wallet="hot")
    inputs = [{"txid": coin.outpoint.txid, "vout": coin.outpoint.vout}]
    outputs = [{change: str(Decimal(coin.value).scaleb(-8) - HANDS_FEE)}]
    unsigned = node.rpc("createrawtransaction", inputs, outputs)
    raw = node.rpc("signrawtransactionwithwallet", unsigned, wallet="hot")["hex"]
    txid = node.rpc("sendrawtransaction", raw)
    assert wallet.spender([coin.outpoint], 0) is None  # in no block
    node.mine(2)
    found = wallet.spender([coin.outpoint], 0)
    assert (found.txid, found.confirmations, found.pays) == (txid, 2, {change})
    assert found.spends == {coin.outpoint}
