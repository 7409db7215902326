"""A wallet of a Bitcoin Core node (or Knots): RPC of version 26 and later.

Paying once rests on three facts (measured against bitcoin-knots 29): a transaction that was signed and
not broadcast is unknown to the wallet; broadcasting the same bytes again is harmless; two payments that
spend one coin cannot both confirm.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from disbursement.errors import InvalidSetup, WalletRefused
from disbursement.wallets import rpc
from disbursement.wallets.rpc import NodeRpc, RpcError
from disbursement.wallets.wallet import Block, Outpoint, Placement, SignedPayment, Terms

NETWORK_OF_CHAIN = {
    "main": "bitcoin",
    "test": "testnet",
    "testnet4": "testnet",
    "regtest": "regtest",
}
SATOSHI_EXPONENT = 8
CONFIRM_WITHIN_BLOCKS = 6
# Bitcoin Core, src/policy/policy.cpp GetDustThreshold, and its default DUST_RELAY_TX_FEE of 3 sat/vB:
# the size of the output, and of the input that will spend it.
DUST_SAT_PER_BYTE = 3
OUTPUT_OVERHEAD_BYTES = 9
SPENDING_INPUT_BYTES = 148
SPENDING_WITNESS_INPUT_BYTES = 67
# A payment of two outputs and up to six inputs is below 500 vB; twice that rides out a rise of the rate.
FEE_RESERVE_VBYTES = 1_000
FEE_RATE_WITHOUT_ESTIMATE = Decimal("0.0001")  # coins per kvB


@dataclass(frozen=True)
class BitcoindWallet:
    rpc: NodeRpc
    name: str
    network: str
    coin: str = "BTC"
    coin_exponent: int = SATOSHI_EXPONENT

    def check(self) -> None:
        chain = self.rpc.call("getblockchaininfo")["chain"]
        if NETWORK_OF_CHAIN.get(chain) != self.network:
            raise InvalidSetup(
                f"the node at {self.rpc.url} is on chain {chain!r}, but wallet.network says "
                f"{self.network!r}: correct one of them"
            )
        try:
            self._call("getwalletinfo")
        except RpcError as error:
            if error.code != rpc.RPC_WALLET_NOT_FOUND:
                raise
            self._load()

    def _load(self) -> None:
        try:
            self.rpc.call("loadwallet", self.name)
        except RpcError as error:
            raise InvalidSetup(
                f"the node at {self.rpc.url} has no wallet {self.name!r} ({error}): "
                f"create it with `bitcoin-cli createwallet {self.name}`"
            ) from error

    def balance(self) -> int:
        return _satoshi(self._call("getbalances")["mine"]["trusted"])

    def tip_height(self) -> int:
        return int(self.rpc.call("getblockcount"))

    def terms(self, address: str) -> Terms | None:
        told = self.rpc.call("validateaddress", address)
        if not told["isvalid"]:
            return None
        spending = SPENDING_WITNESS_INPUT_BYTES if told["iswitness"] else SPENDING_INPUT_BYTES
        script_bytes = len(told["scriptPubKey"]) // 2
        dust_limit = DUST_SAT_PER_BYTE * (OUTPUT_OVERHEAD_BYTES + script_bytes + spending)
        return Terms(dust_limit, fee_reserve=self._fee_reserve())

    def _fee_reserve(self) -> int:
        estimate = self.rpc.call("estimatesmartfee", CONFIRM_WITHIN_BLOCKS)
        per_kvb = estimate.get("feerate", FEE_RATE_WITHOUT_ESTIMATE)
        return _satoshi(per_kvb) * FEE_RESERVE_VBYTES // 1_000

    def sign(
        self, reference: str, address: str, amount: int, avoid: Collection[Outpoint]
    ) -> SignedPayment:
        self._lock(avoid)
        funded = self._call(
            "walletcreatefundedpsbt",
            [],
            [{address: _coins(amount)}],
            0,
            {"conf_target": CONFIRM_WITHIN_BLOCKS, "replaceable": True},
        )
        signed = self._call("walletprocesspsbt", funded["psbt"])
        final = self.rpc.call("finalizepsbt", signed["psbt"])
        if not final["complete"]:
            raise WalletRefused(
                f"wallet {self.name!r} cannot sign for {reference}: is it encrypted?"
            )
        decoded = self.rpc.call("decoderawtransaction", final["hex"])
        _demand_payment(decoded, address, amount)
        inputs = tuple(Outpoint(spent["txid"], spent["vout"]) for spent in decoded["vin"])
        return SignedPayment(final["hex"], decoded["txid"], inputs, _satoshi(funded["fee"]))

    def _lock(self, avoid: Collection[Outpoint]) -> None:
        """Coins of payments that the node has not seen yet; its own locks do not survive its restart."""
        locked = {Outpoint(of["txid"], of["vout"]) for of in self._call("listlockunspent")}
        for outpoint in set(avoid) - locked:
            try:
                coin = {"txid": outpoint.txid, "vout": outpoint.vout}
                self._call("lockunspent", False, [coin])  # false: do not unlock
            except RpcError:
                continue  # spent: the wallet will not choose it

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
        return Placement(block=None, waiting=self._is_in_mempool(txid))

    def _is_in_mempool(self, txid: str) -> bool:
        try:
            self.rpc.call("getmempoolentry", txid)
        except RpcError as error:
            if error.code != rpc.RPC_INVALID_ADDRESS_OR_KEY:
                raise
            return False
        return True

    def _call(self, method: str, *params: object) -> Any:
        return self.rpc.call(method, *params, wallet=self.name)


def _demand_payment(decoded: Any, address: str, amount: int) -> None:
    paid = [
        _satoshi(output["value"])
        for output in decoded["vout"]
        if output["scriptPubKey"].get("address") == address
    ]
    if paid != [amount]:
        raise WalletRefused(f"the node built a payment of {paid} to {address} instead of {amount}")


def _satoshi(coins: Decimal | int) -> int:
    units = Decimal(coins).scaleb(SATOSHI_EXPONENT)
    if units != units.to_integral_value():
        raise WalletRefused(f"{coins} is no whole number of base units")
    return int(units)


def _coins(satoshi: int) -> str:
    return f"{Decimal(satoshi).scaleb(-SATOSHI_EXPONENT):f}"
