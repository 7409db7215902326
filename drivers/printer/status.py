"""What an ESC/POS printer says of itself, as faults. Pure.

Responsible for: telling its answers apart in the stream, and what their bits mean. The documents show
two bits for paper that is near its end and two for paper that is out; printers set one of them or both.
Source: Epson ESC/POS reference: DLE EOT, GS r, and GS a (automatic status back, ASB).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from drivers.faults import FaultCode

STILL_PRINTS = frozenset({FaultCode.PRINTER_PAPER_NEAR_END})


class Query(IntEnum):
    """DLE EOT n: answered at once, whatever else the printer is doing."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4


# GS r 1: answered in its turn, when all that was sent before it is worked off.
ASK_IN_TURN = b"\x1dr\x01"


def ask(query: Query) -> bytes:
    return bytes((0x10, 0x04, query))


@dataclass(frozen=True)
class Reply:
    """To DLE EOT. Which one it answers only the asker knows."""

    byte: int


@dataclass(frozen=True)
class AutomaticStatus:
    """ASB: sent by itself when something changes, if the printer is set up so."""

    faults: frozenset[FaultCode]


@dataclass(frozen=True)
class InTurn:
    """The reply to ASK_IN_TURN. What it says of the paper DLE EOT says better."""


Heard = Reply | AutomaticStatus | InTurn


class StatusReader:
    """Sorts what a printer sends; whatever is none of it is dropped."""

    def __init__(self) -> None:
        self._automatic = b""  # the part of an ASB that has come so far

    def feed(self, data: bytes) -> list[Heard]:
        return [heard for byte in data if (heard := self._sort(byte))]

    def _sort(self, byte: int) -> Heard | None:
        if byte & 0x93 == 0x12:
            self._automatic = b""
            return Reply(byte)
        if byte & 0x93 == 0x10:
            self._automatic = bytes((byte,))
            return None
        if byte & 0x90:  # XON, XOFF, noise
            return None
        if not self._automatic:
            return InTurn()
        self._automatic += bytes((byte,))
        if len(self._automatic) < 4:
            return None
        automatic, self._automatic = self._automatic, b""
        return AutomaticStatus(faults_of_automatic(automatic))


@dataclass(frozen=True)
class _Signs:
    offline: bool
    cover_open: bool
    paper_end: bool
    paper_near_end: bool
    cutter: bool
    broken: bool  # a part, until somebody sees to it
    waits: bool  # an error that passes by itself: the head is hot
    error: bool = False  # some error, and which one is said elsewhere


def faults_of(replies: Mapping[Query, int]) -> frozenset[FaultCode]:
    """From the replies to all four queries."""
    offline, error, paper = (
        replies[query] for query in (Query.OFFLINE_CAUSE, Query.ERROR_CAUSE, Query.PAPER)
    )
    return _faults(
        _Signs(
            offline=bool(replies[Query.PRINTER] & 0x08),
            cover_open=bool(offline & 0x04),
            paper_end=bool(offline & 0x20 or paper & 0x60),
            paper_near_end=bool(paper & 0x0C),
            cutter=bool(error & 0x08),
            broken=bool(error & 0x24),
            waits=bool(error & 0x40),
            error=bool(offline & 0x40),
        )
    )


def faults_of_automatic(status: bytes) -> frozenset[FaultCode]:
    """From the four bytes of an ASB."""
    printer, error, paper, _ = status
    return _faults(
        _Signs(
            offline=bool(printer & 0x08),
            cover_open=bool(printer & 0x20),
            paper_end=bool(paper & 0x0C),
            paper_near_end=bool(paper & 0x03),
            cutter=bool(error & 0x08),
            broken=bool(error & 0x20),
            waits=bool(error & 0x40),
        )
    )


def _faults(signs: _Signs) -> frozenset[FaultCode]:
    named = {
        FaultCode.PRINTER_COVER_OPEN: signs.cover_open,
        FaultCode.PRINTER_PAPER_END: signs.paper_end,
        FaultCode.PRINTER_CUTTER: signs.cutter,
        FaultCode.PRINTER_FAILURE: signs.broken,
    }
    causes = {code for code, stands in named.items() if stands}
    if signs.error and not causes and not signs.waits:
        causes.add(FaultCode.PRINTER_FAILURE)
    if (signs.offline or signs.waits) and not causes:
        causes.add(FaultCode.PRINTER_OFFLINE)
    if signs.paper_near_end and not signs.paper_end:
        causes.add(FaultCode.PRINTER_PAPER_NEAR_END)
    return frozenset(causes)
