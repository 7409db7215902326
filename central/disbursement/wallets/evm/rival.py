"""Who used a number of our account: the transaction in a block that has it, ours or not.

No node tells that directly. How many numbers were used at a block is asked backwards from the newest, in growing steps
and then in halves; a node that has forgotten so old a state leaves it unknown. What was found is kept, as the block
grows old, and asked for again by its hash.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from disbursement.wallets.evm.asset import payee_of
from disbursement.wallets.evm.node import EvmNode, Sent
from disbursement.wallets.rpc import RpcError
from disbursement.wallets.wallet import Block


@dataclass(frozen=True)
class Rivals:
    node: EvmNode
    address: str
    _found: dict[int, Block] = field(default_factory=dict, compare=False, repr=False)

    def at(self, number: int, tip: Block) -> tuple[Sent, Block] | None:
        """None as long as it is used by nothing in a block, or nobody knows by what."""
        if self.node.count(self.address, tip) <= number:
            return None
        block = self._found.get(number)
        if block is None or self.node.block_at(block.height) != block:
            try:
                height = first_height(lambda h: self._is_used(number, h), tip.height)
            except RpcError:
                return None
            block = self._found[number] = self.node.block_at(height)
        of_block = self.node.sent_in(block)
        mine = (s for s in of_block if (s.sender, s.nonce) == (self.address.lower(), number))
        sent = next(mine, None)
        return None if sent is None else (sent, block)

    def _is_used(self, number: int, height: int) -> bool:
        return self.node.count_at(self.address, height) > number


def first_height(holds: Callable[[int], bool], tip: int) -> int:
    """The lowest block from which on it holds, as it does at the tip."""
    high, step = tip, 1
    while high - step >= 0 and holds(high - step):
        high, step = high - step, 2 * step
    low = max(-1, high - step)  # it does not hold there, or there is no such block
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def paid_by(sent: Sent) -> frozenset[str]:
    """Every address that may have got something."""
    return frozenset(a for a in (sent.call.to, payee_of(sent.call.data)) if a is not None)
