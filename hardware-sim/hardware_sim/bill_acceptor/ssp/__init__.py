"""Innovative Technology's SSP and its encrypted form, eSSP, spoken from the validator's end."""
