"""The wallet of an Ethereum chain, as the configuration has it."""

from disbursement.config import EvmSection
from disbursement.wallets.evm.asset import NativeCoin, Token
from disbursement.wallets.evm.key import read_key
from disbursement.wallets.evm.node import EvmNode
from disbursement.wallets.evm.wallet import EvmWallet, checked
from disbursement.wallets.rpc import NodeRpc


def open_account(section: EvmSection) -> EvmWallet:
    """Raises InvalidSetup."""
    node = EvmNode(NodeRpc(str(section.url), version="2.0"))
    key, token = read_key(section.key_file), section.token
    if token is None:
        return EvmWallet(node, key, section.chain_id, section.network, NativeCoin(section.coin))
    asset = Token(checked(token.contract), token.symbol, token.decimals)
    return EvmWallet(node, key, section.chain_id, section.network, asset, gas_coin=section.coin)
