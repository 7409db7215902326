"""Wallets of Ethereum and the chains made like it: the chain's own coin, or a token on it."""
