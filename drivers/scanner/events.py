"""What the scanner tells the core, and what the core asks of it."""

from dataclasses import dataclass

from drivers.faults import FaultCode


@dataclass(frozen=True)
class ScannerReady:
    source: str


@dataclass(frozen=True)
class ScannerLost:
    detail: str


@dataclass(frozen=True)
class CodeSeen:
    """A QR code's text, the same in two frames. Said once each time it comes into view."""

    text: str  # empty when it is nothing that a person could read aloud


@dataclass(frozen=True)
class CodeUnreadable:
    """A QR code is in view, and has been for a while, but cannot be read. Said once a while."""


@dataclass(frozen=True)
class BayChecked:
    """What is wrong with the idle bay from now on; nothing, when all is well again."""

    faults: frozenset[FaultCode]


ScannerEvent = ScannerReady | ScannerLost | CodeSeen | CodeUnreadable | BayChecked


@dataclass(frozen=True)
class StartScanning:
    pass


@dataclass(frozen=True)
class StopScanning:
    pass


@dataclass(frozen=True)
class WatchBay:
    """Nobody uses the scanner: see that nobody has been at it. A serial engine, which shows no pictures, rests."""


ScannerCommand = StartScanning | StopScanning | WatchBay
