"""Honeywell engines: menu commands in ASCII, trigger by three bytes."""
