import pytest

from hardware_sim.printer.model import Happening, Printer
from hardware_sim.printer.paper import Receipt


class Bench:
    """A printer on a bench, whose clock is moved by hand."""

    def __init__(self, speed: float = 1.0) -> None:
        self.printer = Printer(speed)
        self.now_s = 1.0
        self.receipts: list[Receipt] = []
        self.happenings: list[Happening] = []
        self.wait(0)

    def send(self, data: bytes) -> None:
        self.printer.receive(data)

    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        for happened in self.printer.tick(self.now_s):
            if isinstance(happened, Receipt):
                self.receipts.append(happened)
            else:
                self.happenings.append(happened)

    def ask(self, question: bytes) -> bytes:
        self.printer.take_answers()
        self.printer.receive(question)
        self.wait(0)
        return self.printer.take_answers()


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def print_receipt():
    """What comes out after these bytes and a cut."""

    def receipt(data):
        bench = Bench(speed=1000)
        bench.send(data + b"\x1dVB\x00")
        bench.wait(10)
        return bench.receipts[-1]

    return receipt
