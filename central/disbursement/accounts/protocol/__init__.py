"""Accounts by messages: any party opens, configures, pays from and closes accounts, over a lossy line."""
