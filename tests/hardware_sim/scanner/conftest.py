"""A simulated engine and the other end of its wire: raw bytes, on a clock that a test moves."""

import pytest

from hardware_sim.link import memory_links
from hardware_sim.scanner.simulator import Simulator

TICK_S = 0.005


class Host:
    def __init__(self, kind: str) -> None:
        self.now_s = 100.0
        far, self._near = memory_links(lambda: self.now_s)
        self.told: list[str] = []
        self.engine = Simulator(
            kind, far, lambda: self.now_s, lambda event, **_: self.told.append(event)
        )
        self.optics = self.engine.optics

    def say(self, data: bytes) -> None:
        self._near.write(data)

    def hear(self, for_s: float = 0.1) -> bytes:
        """All that comes in this time."""
        heard, until_s = b"", self.now_s + for_s
        while self.now_s < until_s:
            self.now_s += TICK_S
            self.engine.pump()
            heard += self._near.read()
        return heard

    def ask(self, data: bytes, for_s: float = 0.1) -> bytes:
        self.say(data)
        return self.hear(for_s)


@pytest.fixture
def host():
    return Host
