"""One engine at one end of a link."""

from collections.abc import Callable

from hardware_sim.link import Clock, Link
from hardware_sim.scanner.honeywell import Honeywell
from hardware_sim.scanner.newland import Newland
from hardware_sim.scanner.optics import Optics, Report
from hardware_sim.scanner.ssi import Ssi
from hardware_sim.scanner.text import Text
from hardware_sim.scanner.wire import Wire

KINDS: dict[str, Callable[[Optics, Clock], Wire]] = {
    "honeywell": lambda optics, _: Honeywell(optics),
    "newland": lambda optics, _: Newland(optics),
    "ssi": Ssi,
    "text": lambda optics, _: Text(optics),
}


class Simulator:
    def __init__(self, kind: str, link: Link, clock: Clock, report: Report) -> None:
        self.optics = Optics(clock, report)
        self._link = link
        self._wire = KINDS[kind](self.optics, clock)

    def cut_power(self) -> None:
        self._wire.boot()
        self.optics.cut_power()

    def pump(self) -> None:
        """Bring the engine to the present and say what it has to say."""
        heard = self._link.read()
        if not self.optics.is_dark and (said := self._wire.turn(heard)):
            self._link.write(said)
