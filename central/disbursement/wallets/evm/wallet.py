"""A wallet that is one account of an Ethereum chain.

Its *coins* are the account's nonces. A nonce is used by one transaction for ever, as a coin of Bitcoin is spent by one:
so what is reserved, signed, sent again and replaced by a higher fee is kept by the same tables, and at most one version
of a payment can ever be in the chain. A nonce can be mined only when all before it are; who reserves takes the
lowest, and none while a lower one is not signed (`payments.reserve`). So no gap comes to be.

Fees are in the chain's own coin. Where a token is paid they are not of its books, and `gas` tells what is there for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from eth_utils.address import is_checksum_address

from disbursement.errors import InvalidSetup, WalletRefused, WalletUnavailable
from disbursement.wallets.evm import node as chain
from disbursement.wallets.evm.asset import Asset
from disbursement.wallets.evm.key import Gas, Key
from disbursement.wallets.evm.node import Call, EvmNode
from disbursement.wallets.evm.rival import Rivals, paid_by
from disbursement.wallets.evm.units import GWEI_EXPONENT, WEI_PER_GWEI
from disbursement.wallets.rpc import RpcError
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

NOBODY = f"0x{'0' * 40}"
# go-ethereum, core/txpool/legacypool DefaultConfig.AccountSlots: so many of one account a full node keeps for sure.
IN_THE_AIR_MAX = 16
PLAIN_GAS = 21_000  # to an address without code: always this
RATE_GAS = 1_000  # a fee rate is base units of gas's coin for so much gas: 1000 is 1 gwei
RESERVE_TIMES = 2  # rides out a rise of the price
# A base fee rises by an eighth a block at most (EIP-1559): what is paid covers two full blocks.
RISE = (9 * 9, 8 * 8)


@dataclass(frozen=True)
class EvmWallet:
    node: EvmNode
    key: Key
    chain_id: int
    network: str
    asset: Asset
    gas_coin: str | None = None  # where it is not the asset itself
    outputs_max: int = 1
    is_account: bool = True

    @cached_property
    def rivals(self) -> Rivals:
        return Rivals(self.node, self.key.address)

    @property
    def name(self) -> str:
        return f"{self.key.address}{f'/{self.asset.coin}' if self.gas_coin else ''}"

    @property
    def coin(self) -> str:
        return self.asset.coin

    @property
    def coin_exponent(self) -> int:
        return self.asset.exponent

    @property
    def gas(self) -> GasPurse | None:
        if self.gas_coin is None:
            return None
        return GasPurse(self.gas_coin, GWEI_EXPONENT, self._gas_gwei)

    def check(self) -> None:
        told = self.node.chain_id()
        if told != self.chain_id:
            raise InvalidSetup(
                f"the node at {self.node.rpc.place} is on chain {told}, but wallet.chain_id says "
                f"{self.chain_id}: correct one of them"
            )
        if self.node.base_fee_wei() is None:
            raise InvalidSetup(f"chain {told} has no base fee (EIP-1559): it cannot be paid on")
        self.asset.check(self.node)

    def balance(self) -> int:
        return self.asset.balance(self.node, self.key.address, self.tip())

    def tip(self) -> Block:
        return self.node.tip()

    def terms(self, address: str) -> Terms | None:
        """Only in the spelling that has a checksum (EIP-55); not where coins are lost; and not what would
        refuse them now."""
        if not is_checksum_address(address) or self._is_lost_at(address):
            return None
        if self.balance() == 0:
            raise WalletUnavailable(f"the account {self.key.address} holds no {self.coin}")
        try:
            limit = self._gas_limit(self.asset.pay(address, 1))
        except WalletRefused as refused:
            if isinstance(refused, RpcError) and "revert" not in str(refused).lower():
                raise WalletUnavailable(str(refused)) from refused
            return None
        reserve = RESERVE_TIMES * Gas(limit, self._price_gwei(self.fee_rate())).fee_gwei
        if self.gas_coin is None:
            return Terms(dust_limit=1, fee_reserve=reserve)
        return Terms(1, fee_reserve=0, payable=self._gas_gwei() // reserve)

    def _is_lost_at(self, address: str) -> bool:
        return address in (NOBODY, self.key.address) or self.asset.is_own(address)

    def coins(self) -> list[Coin]:
        """The next nonces. Each is worth all there is."""
        tip = self.tip()
        first = self.node.count(self.key.address, tip)
        value = self.asset.balance(self.node, self.key.address, tip)
        return [
            Coin(Outpoint(self._account, nonce), value)
            for nonce in range(first, first + IN_THE_AIR_MAX)
        ]

    @property
    def _account(self) -> str:
        return f"{self.chain_id}:{self.key.address}"

    def fee_rate(self) -> int:
        base_wei = self.node.base_fee_wei() or 0
        price_wei = base_wei * RISE[0] // RISE[1] + self.node.tip_wei()
        return max(1, -(-price_wei // WEI_PER_GWEI)) * RATE_GAS

    def least_raise(self, fee_rate: int) -> int:
        """go-ethereum, core/txpool/legacypool DefaultConfig.PriceBump: a tenth, of both prices; and whole gwei."""
        return fee_rate // 10 + RATE_GAS

    def fee_at_most(self, coins: int, outputs: int, fee_rate: int) -> int:  # noqa: ARG002  # of one account
        """To an address without code; what another takes is known when it is signed."""
        return 0 if self.gas_coin else Gas(PLAIN_GAS, self._price_gwei(fee_rate)).fee_gwei

    def sign(self, order: Order) -> SignedPayment:
        [output], [coin] = order.outputs, order.coins
        if coin.outpoint.txid != self._account:
            raise WalletRefused(f"reserved for account {coin.outpoint.txid}, not {self._account}")
        call = self.asset.pay(output.address, output.amount)
        self.asset.demand_works(self.node, self.key.address, call)
        gas = Gas(self._gas_limit(call), self._price_gwei(order.fee_rate))
        self._demand_covered(call, gas)
        raw, txid = self.key.sign(self.chain_id, coin.outpoint.vout, call, gas)
        fee = 0 if self.gas_coin else gas.fee_gwei
        return SignedPayment(raw, txid, fee, change_address=self.key.address)

    def broadcast(self, raw: str, txid: str) -> None:
        """Whatever words a node has for what it knows already: it is asked."""
        try:
            self.node.send(raw)
        except RpcError:
            placement = self.placement(txid)
            if placement.block is None and not placement.waiting:
                raise

    def placement(self, txid: str) -> Placement:
        receipt = self.node.receipt(txid)
        if receipt is None:
            return Placement(block=None, waiting=self.node.call(txid) is not None)
        in_block = partial(Placement, chain.block_of(receipt), waiting=False)
        fee = -(-chain.fee_wei(receipt) // WEI_PER_GWEI)
        if chain.is_reverted(receipt):
            return in_block(fee=fee, failure="it was reverted", is_void=True)
        call = self.node.call(txid)
        if call is None:
            raise WalletUnavailable(f"the node has a receipt of {txid}, and nothing else of it")
        return in_block(fee=fee, failure=self.asset.failure(receipt, call, self.key.address))

    def spender(self, coins: Sequence[Outpoint], since_ms: int) -> Spender | None:  # noqa: ARG002
        [coin] = coins
        tip = self.tip()
        found = self.rivals.at(coin.vout, tip)
        if found is None:
            return None
        sent, block = found
        depth = tip.height - block.height + 1
        return Spender(sent.txid, depth, frozenset(coins), paid_by(sent))

    def _gas_gwei(self) -> int:
        return self.node.balance_wei(self.key.address, self.tip()) // WEI_PER_GWEI

    def _gas_limit(self, call: Call) -> int:
        """Raises RpcError when it would revert."""
        estimate = self.node.estimate_gas(self.key.address, call)
        limit = estimate if estimate == PLAIN_GAS else estimate * 5 // 4
        if limit > self.asset.gas_max:
            raise WalletRefused(f"paying {call.to} takes {estimate} gas: more than a payment may")
        return limit

    def _price_gwei(self, fee_rate: int) -> int:
        """Rounded down: never above what the configuration allows."""
        return max(1, fee_rate // RATE_GAS)

    def _demand_covered(self, call: Call, gas: Gas) -> None:
        needed = -(-call.value_wei // WEI_PER_GWEI) + gas.fee_gwei
        held = self._gas_gwei()
        if held < needed:
            raise WalletRefused(
                f"the account {self.key.address} holds {held} gwei, and {needed} are needed"
            )


def checked(address: str) -> str:
    """A contract's address, as a person typed it into the configuration. Raises InvalidSetup."""
    if not is_checksum_address(address):
        raise InvalidSetup(f"wallet.token: {address!r} is no address with a right checksum")
    return address
