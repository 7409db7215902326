"""Innovative Technology SSP, and eSSP, its encrypted form."""
