"""Wallets that pay: a Bitcoin node's, or the practice wallet."""
