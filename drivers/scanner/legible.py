"""Which texts of codes are passed on: those that a person could read aloud.

Contacts and notes have line breaks. What else does not print has no place in a wallet's code, turns writing around,
or is what a noisy line left of a text.
"""

TEXT_CHARS_MAX = 4296  # ISO/IEC 18004: version 40-L, alphanumeric


def is_legible(text: str) -> bool:
    prints = all(char.isprintable() or char in "\r\n\t" for char in text)
    return prints and len(text) <= TEXT_CHARS_MAX
