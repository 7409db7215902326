"""Zebra's Simple Serial Interface: packets with a checksum, each acknowledged."""
