"""The money that central keeps, in two sets of accounts that do not touch each other.

`books.py`, `ledger.py`, `holds.py`: the coins of kiosks' sales. `protocol/`: accounts that any party holds by
messages; `client/`: what such a party keeps.
"""
