"""Accounts of coins: holds that lock funds, and a ledger whose debits equal its credits."""
