"""Engines that send what they read, each text ended by CR, LF or both, and are told nothing.

They read all the time; what comes while nobody scans is dropped. That one is there is known by its port alone.
"""

from drivers.scanner.engines.language import EngineKind, Request
from drivers.scanner.engines.lines import Lines


class Text(Lines):
    setup: tuple[Request, ...] = ()
    start: tuple[Request, ...] = ()
    stop: tuple[Request, ...] = ()

    def __init__(self) -> None:
        super().__init__(b"\r\n")


KIND = EngineKind(Text, baud=9_600)
