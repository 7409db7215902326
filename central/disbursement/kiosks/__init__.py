"""The kiosks: their keys, their nonces, and the events they report."""
