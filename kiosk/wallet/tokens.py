"""Tokens that live on another coin's chain: their contracts, which are no payees.

Sources: the token lists of Ethereum, Tron and Solana agree. Before a kiosk sells one of these, its
issuer's own page must say the same.
"""

from kiosk.wallet.refusal import RefusalCode, Refused

DECIMALS = {"USDT": 6}
_TICKERS = {
    "0xdac17f958d2ee523a2206206994597c13d831ec7": "USDT",  # Ethereum
    "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t": "USDT",  # Tron
    "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB": "USDT",  # Solana
}


def token_of(contract: str) -> str:
    """Its ticker, or the contract itself when we know no more of it."""
    return _TICKERS.get(contract, contract)


def refuse_contract(address: str) -> None:
    """Raises Refused: what is sent to a token instead of its holder is lost."""
    if address in _TICKERS:
        raise Refused(RefusalCode.TOKEN_CONTRACT, "a token's contract, which is nobody's wallet")
