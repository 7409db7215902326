"""An engine that reads by itself, ends each text with CR LF, and hears nothing."""

from hardware_sim.scanner.optics import Mode, Optics
from hardware_sim.scanner.wire import spoilt


class Text:
    def __init__(self, optics: Optics) -> None:
        self._optics = optics

    def boot(self) -> None:
        self._optics.mode = Mode.BY_ITSELF

    def turn(self, _heard: bytes) -> bytes:
        seen = self._optics.read()
        if seen is None:
            return b""
        return (spoilt(seen.data) if seen.spoils else seen.data) + b"\r\n"
