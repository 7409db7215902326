"""The code a customer quotes: minted by the kiosk, read out on the phone, typed by whoever helps.

Responsible for: its letters, and what a person may have meant by what was typed.
Not responsible for: which cases there are.
"""

import difflib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is mistaken for another when spoken
GROUP = 4
_ALIKE = str.maketrans("0QD1IL8B5S2Z6GUV", "OOO111BBSSZZGGVV")  # on paper and in handwriting
NEAR_MISSES_MAX = 5


def mint_claim_code() -> str:
    """Eight letters in two groups, 40 bits: quoted by a person, found by an operator."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(2 * GROUP))
    return f"{letters[:GROUP]}-{letters[GROUP:]}"


def read_claim_code(typed: str) -> str:
    """As it is minted, whatever was typed between the letters."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return f"{letters[:GROUP]}-{letters[GROUP:]}"


@dataclass(frozen=True)
class Meant:
    code: str | None  # when it is clear which one
    near: list[str]  # when it is not

    def __str__(self) -> str:
        return f"; did you mean {' or '.join(self.near)}?" if self.near else ""


def meant_by(typed: str, known: Iterable[str]) -> Meant:
    """Letters that look alike are taken for each other as long as one code alone is meant; a wrong letter never is."""
    code, codes = read_claim_code(typed), sorted(set(known))
    if code in codes:
        return Meant(code, [])
    alike = [other for other in codes if other.translate(_ALIKE) == code.translate(_ALIKE)]
    if len(alike) == 1:
        return Meant(alike[0], [])
    return Meant(
        None, alike or difflib.get_close_matches(code, codes, NEAR_MISSES_MAX, cutoff=0.75)
    )
