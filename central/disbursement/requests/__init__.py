"""Disbursement requests: a person or a program asks for coins, another person approves, and they are paid once."""
