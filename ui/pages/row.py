"""One line of an account: what, and how much."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    label: str
    value: str
