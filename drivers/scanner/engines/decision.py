"""What the dialogue with an engine decides in one turn."""

from dataclasses import dataclass

from drivers.scanner.events import ScannerEvent


@dataclass(frozen=True)
class Decision:
    send: bytes
    events: tuple[ScannerEvent, ...]
    wake_at_s: float  # call `ticked` then, if nothing happens before
    lost: str = ""  # why the engine is given up
