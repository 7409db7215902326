"""Building and signing one transaction with a Bitcoin node's keys: coins and outputs are ours to say, the fee
is reckoned here in whole base units, and what the node hands back is compared with what was ordered."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from disbursement.errors import WalletRefused
from disbursement.wallets.fees import fee_of
from disbursement.wallets.wallet import Order, SignedPayment

Call = Callable[..., Any]  # of the node's wallet
SATOSHI_EXPONENT = 8


def sign(call: Call, order: Order, change_min: int) -> SignedPayment:
    """Signed twice: the first tells the size, and so the fee. Less change is left to the fee. Raises WalletRefused."""
    address = order.change_address or call("getrawchangeaddress")
    over = sum(coin.value for coin in order.coins) - sum(o.amount for o in order.outputs)
    outputs = [(o.address, o.amount) for o in order.outputs]
    with_change = [*outputs, (address, over)] if over >= change_min else outputs
    fee = fee_of(_signed(call, order, with_change)["vsize"], order.fee_rate)
    if over - fee >= change_min:
        final = _signed(call, order, [*outputs, (address, over - fee)])
        return SignedPayment(final["hex"], final["txid"], fee, address)
    final = _signed(call, order, outputs)
    least = fee_of(final["vsize"], order.fee_rate)
    if over < least:
        raise WalletRefused(f"the coins leave {over} for a fee of {least}")
    return SignedPayment(final["hex"], final["txid"], over, change_address=None)


def _signed(call: Call, order: Order, outputs: list[tuple[str, int]]) -> Any:
    """The outputs in the order of their amounts, as BIP 69 has them: it tells nobody which is the change."""
    coins = [{"txid": c.outpoint.txid, "vout": c.outpoint.vout} for c in order.coins]
    paid = [
        {address: in_coins(amount)}
        for address, amount in sorted(outputs, key=lambda output: (output[1], output[0]))
    ]
    unsigned = call("createpsbt", coins, paid, 0, True)  # replaceable
    final = call("finalizepsbt", call("walletprocesspsbt", unsigned)["psbt"])
    if not final["complete"]:
        raise WalletRefused("the wallet cannot sign: is it encrypted?")
    decoded = call("decoderawtransaction", final["hex"])
    _demand_the_order(decoded, order, outputs)
    return {**decoded, "hex": final["hex"]}


def _demand_the_order(decoded: Any, order: Order, outputs: list[tuple[str, int]]) -> None:
    spent = {(coin["txid"], coin["vout"]) for coin in decoded["vin"]}
    if spent != {(coin.outpoint.txid, coin.outpoint.vout) for coin in order.coins}:
        raise WalletRefused("the node signed for other coins than those ordered")
    paid = Counter((address_of(output), in_satoshi(output["value"])) for output in decoded["vout"])
    if paid != Counter(outputs):
        raise WalletRefused(f"the node signed a payment of {dict(paid)} instead of {outputs}")


def address_of(output: Any) -> str | None:
    """Nodes before Bitcoin Core 22 list several, for scripts that nobody uses."""
    script = output["scriptPubKey"]
    several = script.get("addresses", ())
    return script.get("address") or (several[0] if len(several) == 1 else None)


def in_satoshi(coins: Decimal | int) -> int:
    units = Decimal(coins).scaleb(SATOSHI_EXPONENT)
    if units != units.to_integral_value():
        raise WalletRefused(f"{coins} is no whole number of base units")
    return int(units)


def in_coins(satoshi: int) -> str:
    return f"{Decimal(satoshi).scaleb(-SATOSHI_EXPONENT):f}"
