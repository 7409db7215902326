"""The kiosks, and the events they report."""
