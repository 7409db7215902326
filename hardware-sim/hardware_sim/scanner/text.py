"""An engine that reads by itself, ends each text with CR LF, and hears nothing."""

from hardware_sim.scanner.optics import Mode, Optics


class Text:
    def __init__(self, optics: Optics) -> None:
        self._optics = optics

    def boot(self) -> None:
        self._optics.set_up(Mode.BY_ITSELF)

    def turn(self, _heard: bytes) -> bytes:
        seen = self._optics.read()
        return seen.as_sent + b"\r\n" if seen else b""
