"""A bill acceptor and its cable in memory: the simulator on one end, the product's port on the other.

Time passes only while the product waits for bytes. Each read and each write is a moment to die, in the middle of
the bytes too.
"""

import random
from collections.abc import Callable
from typing import Any

from drivers.errors import LinkLost
from drivers.port import Line
from hardware_sim.bill_acceptor.simulator import Simulator, Specification
from hardware_sim.link import LineFaults, memory_links
from stater_chaos.clockwork import Clockwork, Moment, Signal

DEVICE = "bill acceptor"


class AcceptorLine:
    """The device outlives every process of the kiosk."""

    def __init__(  # noqa: PLR0913
        self,
        clockwork: Clockwork,
        protocol: str,
        report: Callable[..., None],
        chance: random.Random,
        *,
        speed: float,
        faults: LineFaults,
    ) -> None:
        self._clockwork, self._chance = clockwork, chance
        self._near, far = memory_links(lambda: clockwork.now_s, faults, chance.getrandbits(32))
        self.simulator = Simulator(
            far,
            lambda: clockwork.now_s,
            report,
            Specification(protocol=protocol, speed=speed),
        )
        self._far = far
        self.plugged = True
        self.writes_to_lose = 0  # so many of the host's next ones never arrive
        self._changed = Signal(clockwork)

    def unplug(self) -> None:
        self.plugged = False
        self._changed.notify()

    def plug(self) -> None:
        self.plugged = True

    def open(self, device: str, _path: str, _line: Line) -> "AcceptorPort":
        self._clockwork.point(Moment.WIRE)
        if not self.plugged:
            raise LinkLost(device, "it is unplugged")
        self._near.read()
        return AcceptorPort(self)

    def read(self, timeout_s: float) -> bytes:
        clockwork = self._clockwork
        give_up_s = clockwork.now_s + timeout_s
        while True:
            if not self.plugged:
                raise LinkLost(DEVICE, "it was unplugged")
            self.simulator.pump()
            data = self._near.read()
            left_s = give_up_s - clockwork.now_s
            if data or left_s <= 0:
                clockwork.point(Moment.WIRE)
                return data
            arrivals = [
                due - clockwork.now_s for due in (self._near.due_s, self._far.due_s) if due
            ]
            clockwork.wait(max(0.0, min([left_s, *arrivals])), self._changed)

    def write(self, data: bytes) -> None:
        if not self.plugged:
            raise LinkLost(DEVICE, "it was unplugged")
        death = self._clockwork.process.death
        if death is not None and death.moment is Moment.WIRE and death.after <= 1:
            self._near.write(data[: self._chance.randrange(len(data) + 1)])  # its last breath
            self.simulator.pump()
        self._clockwork.point(Moment.WIRE)
        if self.writes_to_lose > 0:
            self.writes_to_lose -= 1
        else:
            self._near.write(data)
        self.simulator.pump()


class AcceptorPort:
    """`drivers.port.Port`."""

    def __init__(self, line: AcceptorLine) -> None:
        self._line = line

    def read(self, timeout_s: float) -> bytes:
        return self._line.read(timeout_s)

    def write(self, data: bytes) -> None:
        self._line.write(data)

    def close(self) -> Any:
        """A cable does not mind."""
