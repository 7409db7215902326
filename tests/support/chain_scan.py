"""What the chain itself says was paid: read block by block, and from no wallet's memory."""

from collections import defaultdict
from typing import Any

from disbursement.wallets.signing import address_of


def paid_on_chain(node: Any) -> dict[str, list[int]]:
    """Of each address, what every output to it holds, in satoshi. Rewards of the miners are left out."""
    paid: dict[str, list[int]] = defaultdict(list)
    for height in range(1, node.rpc("getblockcount") + 1):
        block = node.rpc("getblock", node.rpc("getblockhash", height), 2)
        for transaction in block["tx"][1:]:
            for output in transaction["vout"]:
                paid[str(address_of(output))].append(int(output["value"] * 10**8))
    return paid
