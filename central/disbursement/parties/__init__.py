"""Parties that hold accounts: their keys, and the ids each may speak for."""
