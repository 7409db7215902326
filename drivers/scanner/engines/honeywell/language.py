"""Honeywell's serial commands.

A menu command is SYN M CR, settings joined by `;`, and `!` for the volatile table (`.` would write the
flash). The engine repeats each setting with ACK, ENQ (no such tag) or NAK (no such value) behind it. SYN T CR
pulls the trigger, SYN U CR lets it go; after a code, or a time, the engine lets it go by itself.
Sources: N3680 and N86 User's Guides, "Serial Programming Commands"; the symbologies, Vuquest 3320g's; the form
of an answer to several settings, logs in public drivers.
"""

import re

from drivers.scanner.engines.language import EngineKind, Request
from drivers.scanner.engines.lines import Lines

MENU = b"\x16M\r"
SETTINGS = (
    "TRGMOD0",  # manual or serial trigger
    "SUFBK2990D",  # behind a code of any (99) kind, CR
    "ALLENA0",  # no kind of code
    "QRCENA1",  # but QR
)
_ANSWER = re.compile(rb"(?:[A-Z0-9]{6,24}[\x05\x06\x15];?){1,16}[.!]", re.IGNORECASE)


class Honeywell(Lines):
    setup = (Request(MENU + ";".join(SETTINGS).encode() + b"!"),)
    start = (Request(b"\x16T\r", is_answered=False),)
    stop = (Request(b"\x16U\r", is_answered=False),)

    def __init__(self) -> None:
        super().__init__(b"\r", _ANSWER)


KIND = EngineKind(Honeywell, baud=115_200)
