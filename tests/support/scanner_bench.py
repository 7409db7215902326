"""A serial scanner on a bench: the product's driver, the simulated engine, and a wire in memory between them.

Time is moved by hand, by the driver's own waiting.
"""

from collections.abc import Callable

from acceptor_bench import TICK_S, Cable, HandClock
from drivers.scanner.config import ScannerConfig
from drivers.scanner.engines.serial_scanner import SerialScanner
from drivers.scanner.events import (
    CodeSeen,
    ScannerCommand,
    ScannerEvent,
    ScannerReady,
    StartScanning,
)
from hardware_sim.link import LineFaults, memory_links
from hardware_sim.scanner.simulator import Simulator

PATIENCE_S = 40.0
READY = ScannerReady("memory")


class ScannerBench:
    def __init__(self, kind: str, faults: LineFaults | None = None, seed: int = 0) -> None:
        self.clock = HandClock()
        far, near = memory_links(self.clock, faults, seed)
        self.told: list[str] = []  # by the simulated engine
        self.events: list[ScannerEvent] = []  # delivered by the driver
        self.engine = Simulator(kind, far, self.clock, lambda event, **_: self.told.append(event))
        self.cable = Cable(self.clock, near, self.engine.pump)
        self.scanner = SerialScanner(
            ScannerConfig(kind, "memory"),
            self.clock,
            self.events.append,
            on_crash=lambda _: None,  # no thread runs here: what a turn raises, the test sees
            open_port=self.cable.open,
        )

    @property
    def optics(self):
        return self.engine.optics

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, CodeSeen)]

    def send(self, command: ScannerCommand) -> None:
        self.scanner.send(command)

    def ready_to_scan(self) -> None:
        self.send(StartScanning())
        self.until(lambda: READY in self.events)
        self.run(0.5)
        self.events.clear()

    def turn(self) -> None:
        before_s = self.clock.now_s
        self.scanner.turn()
        if self.clock.now_s == before_s:  # nothing was waited for: the port is away
            self.clock.now_s += TICK_S
            self.cable.pump()

    def run(self, for_s: float) -> None:
        until_s = self.clock.now_s + for_s
        while self.clock.now_s < until_s:
            self.turn()

    def until(self, happened: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        give_up_s = self.clock.now_s + patience_s
        while not happened():
            assert self.clock.now_s < give_up_s, f"only {self.events}, and the engine {self.told}"
            self.turn()
