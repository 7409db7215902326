"""CashCode CCNET."""
