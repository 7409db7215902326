"""Which scanner, and where."""

from dataclasses import dataclass

CAMERA = "camera"


@dataclass(frozen=True)
class ScannerConfig:
    kind: str  # CAMERA, or a name in ENGINES
    source: str  # a camera's name; of a serial engine the port's path, resolved at each opening
    baud: int | None = None  # of a serial engine; None: as it is delivered
