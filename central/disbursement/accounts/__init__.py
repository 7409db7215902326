"""The money that central keeps: one ledger, for its own wallet and for every party.

`protocol/`: accounts, locks and movements, and the messages by which any party has some; `client/`: what such a party
keeps. `books.py`, `ledger.py`, `holdings.py`: central's own accounts among them, from which sales are paid.
"""
