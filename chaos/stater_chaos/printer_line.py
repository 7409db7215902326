"""A receipt printer in memory: the simulated ESC/POS printer behind a port of the product's."""

import random
from dataclasses import dataclass, field

from drivers.errors import LinkLost
from hardware_sim.printer.model import Printer
from hardware_sim.printer.paper import Receipt
from stater_chaos.clockwork import Clockwork, Moment

DEVICE = "printer"
TICK_S = 0.05


@dataclass
class PrinterLine:
    clockwork: Clockwork
    chance: random.Random
    plugged: bool = True
    printer: Printer = field(init=False)
    receipts: list[Receipt] = field(default_factory=list)
    _answers: bytes = b""

    def __post_init__(self) -> None:
        self.printer = Printer()

    def open(self) -> "PrinterLine":
        if not self.plugged:
            raise LinkLost(DEVICE, "it is unplugged")
        self._answers = b""
        return self

    def read(self, timeout_s: float) -> bytes:
        give_up_s = self.clockwork.now_s + timeout_s
        while True:
            if not self.plugged:
                raise LinkLost(DEVICE, "it was unplugged")
            self._tick()
            answers, self._answers = self._answers, b""
            left_s = give_up_s - self.clockwork.now_s
            if answers or left_s <= 0:
                return answers
            self.clockwork.wait(min(TICK_S, left_s))

    def write(self, data: bytes) -> None:
        self.clockwork.point(Moment.WIRE)
        if not self.plugged:
            raise LinkLost(DEVICE, "it was unplugged")
        if self.printer.accepts_bytes:
            self.printer.receive(data)
        self._tick()

    def close(self) -> None:
        pass

    def _tick(self) -> None:
        for happened in self.printer.tick(self.clockwork.now_s):
            if isinstance(happened, Receipt):
                self.receipts.append(happened)
        self._answers += self.printer.take_answers()
