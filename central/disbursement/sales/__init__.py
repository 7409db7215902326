"""Selling coins for cash: price, quote, transfer, payout."""
