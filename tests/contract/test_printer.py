"""The printer's driver against the simulated printer: two readings of the ESC/POS reference, over a pty."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyzbar.pyzbar import ZBarSymbol, decode

from drivers.clock import SystemClock
from drivers.faults import FaultCode
from drivers.printer import printer as printer_module
from drivers.printer.document import Document, Heading, Line, Pair, QrCode, Rule
from drivers.printer.events import (
    PrinterEvent,
    PrinterStatus,
    PrintReceipt,
    ReceiptFailed,
    ReceiptPrinted,
)
from drivers.printer.printer import Printer
from drivers.printer.render import plain_text
from drivers.scanner.opencv import cv2

DEADLINE_S = 30.0
HARDWARE_SIM = str(Path(sys.executable).with_name("hardware-sim"))

RECEIPT = Document(
    (
        Heading("Señor Satoshi"),
        Line("Gracias por su compra, ¡vuelva pronto!", align="centre"),
        Rule(),
        Pair("Importe", "40,00 €", bold=True),
        Pair("Cartera", "bcrt1qwf52dt9y2sv0f7fwkcpmtfjf74d4np2saeljt6"),
        Line("Guarde este recibo: con su código le atendemos si algo falla, hoy o en un mes."),
        QrCode("https://example.com/c/ABCD-EFGH"),
    )
)
LONG = Document(tuple(Line(f"line {number}") for number in range(120)))


class Simulator:
    """`hardware-sim printer` as a person runs it: words in, lines of JSON out."""

    def __init__(self, link: Path, out: Path) -> None:
        self.out = out
        self._process = subprocess.Popen(
            [HARDWARE_SIM, "printer", "--link", str(link), "--out", str(out), "--speed", "10"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._heard: queue.Queue[dict] = queue.Queue()
        self._hearing = threading.Thread(target=self._hear)
        self._hearing.start()
        self.hear("ready")

    def say(self, words: str) -> None:
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()

    def hear(self, event: str) -> dict:
        deadline_s = time.monotonic() + DEADLINE_S
        while (heard := self._heard.get(timeout=deadline_s - time.monotonic()))["event"] != event:
            pass
        return heard

    def stop(self) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(5.0)
        finally:
            self._process.kill()
            self._process.wait()
            self._hearing.join()
            self._process.stdout.close()

    def _hear(self) -> None:
        for line in self._process.stdout:
            self._heard.put(json.loads(line))


class Bench:
    def __init__(self, link: Path, out: Path) -> None:
        self.simulator = Simulator(link, out)
        self._events: queue.Queue[PrinterEvent | BaseException] = queue.Queue()
        self._printer = Printer(
            str(link), "serial", SystemClock(), self._events.put, on_crash=self._events.put
        )
        self._printer.start()
        self.until(lambda event: event == PrinterStatus(frozenset()))

    def until(self, is_wanted: Callable[[PrinterEvent], bool]) -> PrinterEvent:
        """The next such event. A printer may say more than one thing on the way to it."""
        deadline_s = time.monotonic() + DEADLINE_S
        while True:
            event = self._events.get(timeout=max(0.0, deadline_s - time.monotonic()))
            assert not isinstance(event, BaseException), event
            if is_wanted(event):
                return event

    def until_well(self) -> None:
        self.until(lambda event: event == PrinterStatus(frozenset()))

    def until_fault(self, code: FaultCode) -> None:
        self.until(lambda event: isinstance(event, PrinterStatus) and code in event.faults)

    def print(self, document: Document = RECEIPT) -> ReceiptPrinted | ReceiptFailed:
        self._printer.send(PrintReceipt("job", document))
        outcome = self.until(lambda event: isinstance(event, ReceiptPrinted | ReceiptFailed))
        assert isinstance(outcome, ReceiptPrinted | ReceiptFailed)
        return outcome

    def stop(self) -> None:
        self._printer.stop()
        self.simulator.stop()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(printer_module, "POLL_S", 0.2)
    monkeypatch.setattr(printer_module, "REOPEN_S", 0.1)
    bench = Bench(tmp_path / "printer", tmp_path / "out")
    yield bench
    bench.stop()


def test_receipt_comes_out_as_it_was_meant(bench: Bench) -> None:
    assert bench.print() == ReceiptPrinted("job")
    drawn = bench.simulator.hear("receipt")
    picture = cv2.imread(drawn["png"], cv2.IMREAD_GRAYSCALE)
    codes = decode(picture, symbols=[ZBarSymbol.QRCODE])
    assert [code.data.decode() for code in codes] == ["https://example.com/c/ABCD-EFGH"]
    written = Path(drawn["txt"]).read_text(encoding="utf-8").split()
    meant = [word for word in plain_text(RECEIPT).split() if not word.startswith("[")]
    assert [word for word in written if word in meant] == meant


def test_paper_end_and_a_new_roll(bench: Bench) -> None:
    bench.simulator.say("paper-out")
    bench.until_fault(FaultCode.PRINTER_PAPER_END)
    assert bench.print() == ReceiptFailed("job", FaultCode.PRINTER_PAPER_END)
    bench.simulator.say("load-paper")
    bench.until_well()
    assert bench.print() == ReceiptPrinted("job")


def test_paper_near_its_end_still_prints(bench: Bench) -> None:
    bench.simulator.say("paper-low")
    bench.until_fault(FaultCode.PRINTER_PAPER_NEAR_END)
    assert bench.print() == ReceiptPrinted("job")


def test_paper_that_ends_in_the_middle_is_no_receipt(bench: Bench) -> None:
    bench.simulator.say("paper-low 50")
    bench.until_fault(FaultCode.PRINTER_PAPER_NEAR_END)
    assert bench.print(LONG) == ReceiptFailed("job", FaultCode.PRINTER_PAPER_END)


def test_open_cover(bench: Bench) -> None:
    bench.simulator.say("cover open")
    bench.until_fault(FaultCode.PRINTER_COVER_OPEN)
    assert bench.print() == ReceiptFailed("job", FaultCode.PRINTER_COVER_OPEN)
    bench.simulator.say("cover close")
    bench.until_well()


def test_cutter_that_sticks_fails_the_receipt(bench: Bench) -> None:
    bench.simulator.say("cutter-jam")
    assert bench.print() == ReceiptFailed("job", FaultCode.PRINTER_CUTTER)
    bench.simulator.say("clear")
    bench.until_well()


def test_mute_printer_is_silent_and_not_without_paper(bench: Bench) -> None:
    bench.simulator.say("mute 4")
    bench.until_fault(FaultCode.PRINTER_SILENT)
    bench.until_well()


def test_unplugged_and_back(bench: Bench) -> None:
    bench.simulator.say("unplug")
    bench.until_fault(FaultCode.PRINTER_MISSING)
    assert bench.print() == ReceiptFailed("job", FaultCode.PRINTER_MISSING)
    bench.simulator.say("plug")
    bench.until_well()
    assert bench.print() == ReceiptPrinted("job")


def test_printer_switched_off_is_silent_and_comes_back(bench: Bench) -> None:
    bench.simulator.say("power off")
    bench.until_fault(FaultCode.PRINTER_SILENT)
    bench.simulator.say("power on")
    bench.until_well()
