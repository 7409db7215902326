"""A wallet of a Bitcoin Core node (or Knots), RPC of version 26 and later, or of Litecoin Core 0.21.

Paying once rests on three facts (measured against bitcoin-knots 29): a transaction that was signed and
not broadcast is unknown to the wallet; broadcasting the same bytes again is harmless; two payments that
spend one coin cannot both confirm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from disbursement.errors import InvalidSetup, WalletUnavailable
from disbursement.wallets import fees, rpc, signing
from disbursement.wallets.chains import BITCOIN, Chain
from disbursement.wallets.coins import ANCESTORS_MAX
from disbursement.wallets.rpc import NodeRpc, RpcError
from disbursement.wallets.signing import SATOSHI_EXPONENT, in_satoshi
from disbursement.wallets.wallet import (
    Block,
    Coin,
    GasPurse,
    Order,
    Outpoint,
    Placement,
    SignedPayment,
    Spender,
    Terms,
)

CONFIRM_WITHIN_BLOCKS = 6
# A payment of two outputs and up to six inputs is below 500 vB; twice that rides out a rise of the rate.
FEE_RESERVE_VBYTES = 1_000
# Consensus lets a block be dated two hours ahead, or before its parent (validation.h MAX_FUTURE_BLOCK_TIME).
BLOCK_TIME_MAY_LIE_MS = 86_400_000
FEE_RATE_WITHOUT_ESTIMATE = Decimal("0.0001")  # coins per kvB


@dataclass(frozen=True)
class BitcoindWallet:
    rpc: NodeRpc
    name: str
    network: str
    chain: Chain = BITCOIN
    coin_exponent: int = SATOSHI_EXPONENT
    outputs_max: int = 100  # of 43 vbytes: a twentieth of what nodes relay
    is_account: bool = False
    gas: GasPurse | None = None

    @property
    def coin(self) -> str:
        return self.chain.coin

    def check(self) -> None:
        chain = self.rpc.call("getblockchaininfo")["chain"]
        maker = self.rpc.call("getnetworkinfo")["subversion"]
        if self.chain.network_of(maker, chain) != self.network:
            raise InvalidSetup(
                f"the node at {self.rpc.place}, {maker}, is on chain {chain!r}, but wallet.network says "
                f"{self.network!r}: correct one of them"
            )
        self._call("getwalletinfo")

    def _load(self) -> None:
        try:
            self.rpc.call("loadwallet", self.name)
        except RpcError as error:
            if error.code == rpc.RPC_WALLET_ALREADY_LOADED:
                return
            if error.code != rpc.RPC_WALLET_NOT_FOUND:  # another process has it loaded just now
                raise WalletUnavailable(str(error)) from error
            raise InvalidSetup(
                f"the node at {self.rpc.place} has no wallet {self.name!r} ({error}): "
                f"create it with `{self.chain.cli} createwallet {self.name}`"
            ) from error

    def balance(self) -> int:
        return in_satoshi(self._call("getbalances")["mine"]["trusted"])

    def tip(self) -> Block:
        told = self.rpc.call("getblockchaininfo")
        return Block(told["bestblockhash"], told["blocks"])

    def terms(self, address: str) -> Terms | None:
        told = self.rpc.call("validateaddress", address)
        if not told["isvalid"] or not told["scriptPubKey"]:  # an MWEB address has no script
            return None
        script_bytes = len(told["scriptPubKey"]) // 2
        dust_limit = self.chain.dust_limit(script_bytes, is_witness=told["iswitness"])
        return Terms(dust_limit, fee_reserve=self._fee_reserve())

    def _fee_reserve(self) -> int:
        return fees.fee_of(FEE_RESERVE_VBYTES, self.fee_rate())

    def fee_rate(self) -> int:
        estimate = self.rpc.call("estimatesmartfee", CONFIRM_WITHIN_BLOCKS)
        least = self.rpc.call("getmempoolinfo")["mempoolminfee"]
        per_kvb = estimate.get("feerate", FEE_RATE_WITHOUT_ESTIMATE)
        return in_satoshi(max(per_kvb, least))

    def least_raise(self, fee_rate: int) -> int | None:  # noqa: ARG002  # the same for any
        return fees.RAISE_MIN if self.chain.may_replace else None

    def fee_at_most(self, coins: int, outputs: int, fee_rate: int) -> int:
        return fees.fee_at_most(coins, outputs, fee_rate)

    def coins(self) -> list[Coin]:
        """Confirmed ones, and own change: what the node calls safe. What an operator locked is not told."""
        return [
            Coin(
                Outpoint(told["txid"], told["vout"]),
                in_satoshi(told["amount"]),
                0 if told["confirmations"] else self._ancestors(told),
            )
            for told in self._call("listunspent", 0)
            if told["spendable"] and told["safe"] and "vout" in told  # an MWEB coin has none
        ]

    def _ancestors(self, coin: Any) -> int:
        """Litecoin's wallet does not tell; its mempool does. Gone from there meanwhile, it is as good as none."""
        if "ancestorcount" in coin:
            return int(coin["ancestorcount"])
        entry = self._in_mempool(coin["txid"])
        return entry["ancestorcount"] if entry else ANCESTORS_MAX

    def sign(self, order: Order) -> SignedPayment:
        return signing.sign(self._call, order, self.chain.change_min)

    def broadcast(self, raw: str, txid: str) -> None:
        try:
            self.rpc.call("sendrawtransaction", raw)
        except RpcError as error:
            if error.code == rpc.RPC_VERIFY_ALREADY_IN_UTXO_SET:
                return
            if self.placement(txid).block is not None:
                return  # confirmed, and its outputs are spent already
            raise

    def placement(self, txid: str) -> Placement:
        try:
            told = self._call("gettransaction", txid)
        except RpcError as error:
            if error.code != rpc.RPC_INVALID_ADDRESS_OR_KEY:
                raise
            return Placement(block=None, waiting=False)
        if told["confirmations"] > 0:
            return Placement(Block(told["blockhash"], told["blockheight"]), waiting=False)
        return Placement(block=None, waiting=self._in_mempool(txid) is not None)

    def spender(self, coins: Sequence[Outpoint], since_ms: int) -> Spender | None:
        """Without an index of its own a node does not say who spent a coin; but whatever spends one of ours is in
        our wallet's history, and there every transaction tells its inputs."""
        spent = [c for c in coins if self.rpc.call("gettxout", c.txid, c.vout, False) is None]
        if not spent:
            return None
        for txid in self._spent_since(since_ms - BLOCK_TIME_MAY_LIE_MS):
            found = self._spender(txid)
            if found.confirmations > 0 and not found.spends.isdisjoint(spent):
                return found
        return None

    def _spent_since(self, since_ms: int) -> list[str]:
        """In blocks, the newest first. Change too: who pays only himself is listed by nothing else."""
        asked = ("", 1, False, False, True) if self.chain.tells_change else ("", 1, False, False)
        told = self._call("listsinceblock", *asked)["transactions"]
        spent = [t for t in told if t["category"] == "send" and t["confirmations"] > 0]
        recent = [t for t in spent if t["blocktime"] * 1_000 >= since_ms]
        in_turn = sorted(recent, key=lambda t: t["blocktime"], reverse=True)
        return list(dict.fromkeys(t["txid"] for t in in_turn))

    def _spender(self, txid: str) -> Spender:
        told = self._call("gettransaction", txid, False, True)
        inputs, outputs = told["decoded"]["vin"], told["decoded"]["vout"]
        return Spender(
            txid,
            told["confirmations"],
            frozenset(Outpoint(i["txid"], i["vout"]) for i in inputs if "txid" in i),
            frozenset(str(signing.address_of(o)) for o in outputs),
        )

    def _in_mempool(self, txid: str) -> Any | None:
        try:
            return self.rpc.call("getmempoolentry", txid)
        except RpcError as error:
            if error.code != rpc.RPC_INVALID_ADDRESS_OR_KEY:
                raise
            return None

    def _call(self, method: str, *params: object) -> Any:
        """A node that has started again knows only the wallets that it was told to load at its start."""
        try:
            return self.rpc.call(method, *params, wallet=self.name)
        except RpcError as error:
            if error.code != rpc.RPC_WALLET_NOT_FOUND:
                raise
        self._load()
        return self.rpc.call(method, *params, wallet=self.name)
