"""CashCode CCNET, spoken from the validator's end."""
