"""A document as rows of so many columns, the same for paper and for the eye. Pure."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from drivers.printer.charset import printable
from drivers.printer.document import Document, Element, Heading, Line, Pair, QrCode, Rule


@dataclass(frozen=True)
class Row:
    text: str
    centred: bool = False
    bold: bool = False
    double: bool = False  # twice as wide and as high: each letter takes two columns

    @property
    def style(self) -> tuple[bool, bool, bool]:
        return self.centred, self.bold, self.double


def lay_out(document: Document, columns: int) -> Iterator[Row | QrCode]:
    for element in document.elements:
        yield from _rows(element, columns)


def _rows(element: Element, columns: int) -> Iterator[Row | QrCode]:
    match element:
        case Heading(text):
            for line in _wrapped(text, columns // 2):
                yield Row(line, centred=True, bold=True, double=True)
        case Line(text, align, bold):
            for line in _wrapped(text, columns):
                yield Row(line, centred=align == "centre", bold=bold)
        case Pair(label, value, bold):
            for line in _pair(printable(label), printable(value), columns):
                yield Row(line, bold=bold)
        case Rule():
            yield Row("-" * columns)
        case QrCode():
            yield element


def _pair(label: str, value: str, columns: int) -> list[str]:
    room = columns - len(label) - len(value)
    if room >= 1 and "\n" not in label + value:
        return [label + " " * room + value]
    lines = _wrapped(value, columns)
    if len(lines) == 1:
        lines = [value.rjust(columns)]
    return _wrapped(label, columns) + lines


def _wrapped(text: str, columns: int) -> list[str]:
    """At spaces; a word longer than a line, as an address is, is cut where the line ends."""
    lines: list[str] = []
    for paragraph in printable(text).split("\n"):
        lines += textwrap.wrap(paragraph, columns, break_on_hyphens=False) or [""]
    return lines
