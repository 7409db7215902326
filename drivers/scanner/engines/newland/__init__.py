"""Newland engines: unified commands in ASCII between 7E 01 and 03."""
