"""What the scanner tells the core, and what the core asks of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScannerReady:
    source: str


@dataclass(frozen=True)
class ScannerLost:
    detail: str


@dataclass(frozen=True)
class CodeSeen:
    """A QR code's text, the same in two frames. Said once each time it comes into view."""

    text: str


@dataclass(frozen=True)
class CodeUnreadable:
    """A QR code is in view, and has been for a while, but cannot be read. Said once a while."""


ScannerEvent = ScannerReady | ScannerLost | CodeSeen | CodeUnreadable


@dataclass(frozen=True)
class StartScanning:
    pass


@dataclass(frozen=True)
class StopScanning:
    pass


ScannerCommand = StartScanning | StopScanning
