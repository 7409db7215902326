"""A receipt as the core hands it over: what to print, not how."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Heading:
    """Large, bold, centred."""

    text: str


@dataclass(frozen=True)
class Line:
    """A paragraph; wrapped at word boundaries to the width of the paper."""

    text: str
    align: Literal["left", "centre"] = "left"
    bold: bool = False


@dataclass(frozen=True)
class Pair:
    """A label on the left and its value on the right; over two lines when one is too narrow."""

    label: str
    value: str
    bold: bool = False


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class QrCode:
    text: str


Element = Heading | Line | Pair | Rule | QrCode


@dataclass(frozen=True)
class Document:
    """Printed top to bottom, then cut."""

    elements: tuple[Element, ...]
