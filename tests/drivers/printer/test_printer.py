"""The thread, with a scripted printer on a real pseudo-terminal."""

import os
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.clock import SystemClock
from drivers.faults import FaultCode
from drivers.printer import connections
from drivers.printer import printer as printer_module
from drivers.printer.document import Document, Line
from drivers.printer.events import (
    PrinterEvent,
    PrinterStatus,
    PrintReceipt,
    ReceiptFailed,
    ReceiptPrinted,
)
from drivers.printer.printer import Kind, Printer
from drivers.printer.render import render

WAIT_S = 5.0
RECEIPT = Document((Line("one receipt"),))
WELL = PrinterStatus(frozenset())


def status(*faults: FaultCode) -> PrinterStatus:
    return PrinterStatus(frozenset(faults))


class Bench:
    def __init__(self, path: Path, kind: Kind = "serial") -> None:
        self.events: queue.Queue[PrinterEvent] = queue.Queue()
        self.crashes: queue.Queue[BaseException] = queue.Queue()
        self.printer = Printer(
            str(path), kind, SystemClock(), self.events.put, on_crash=self.crashes.put
        )
        self.printer.start()

    def next(self) -> PrinterEvent:
        return self.events.get(timeout=WAIT_S)

    def stays_silent(self, for_s: float) -> None:
        with pytest.raises(queue.Empty):
            self.events.get(timeout=for_s)

    def print(self) -> None:
        self.printer.send(PrintReceipt("job-1", RECEIPT))

    def stop(self) -> None:
        self.printer.stop()
        assert self.crashes.empty()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"POLL_S": 0.1, "LISTEN_S": 0.02, "REOPEN_S": 0.05}.items():
        monkeypatch.setattr(printer_module, name, seconds)
    for name, seconds in {
        "REPLY_LIMIT_S": 0.15,
        "FINISH_LIMIT_S": 0.6,
        "FINISH_PAUSE_S": 0.02,
    }.items():
        monkeypatch.setattr(connections, name, seconds)


@pytest.fixture
def bench(device) -> Iterator[Bench]:
    bench = Bench(device.link)
    assert bench.next() == WELL
    yield bench
    bench.stop()


def test_receipt_is_sent_whole_and_confirmed(bench: Bench, device) -> None:
    bench.print()
    assert bench.next() == ReceiptPrinted("job-1")
    assert device.printed == render(RECEIPT)


def test_status_is_said_when_it_changes_and_only_then(bench: Bench, device) -> None:
    device.replies[4] = 0x1E
    assert bench.next() == status(FaultCode.PRINTER_PAPER_NEAR_END)
    bench.stays_silent(0.4)  # through several polls
    device.replies[4] = 0x12
    assert bench.next() == WELL


def test_paper_near_its_end_still_prints(bench: Bench, device) -> None:
    device.replies[4] = 0x1E
    assert bench.next() == status(FaultCode.PRINTER_PAPER_NEAR_END)
    bench.print()
    assert bench.next() == ReceiptPrinted("job-1")


@pytest.mark.parametrize(
    ("replies", "code"),
    [
        ({1: 0x1A, 2: 0x16}, FaultCode.PRINTER_COVER_OPEN),
        ({1: 0x1A, 2: 0x32, 4: 0x7E}, FaultCode.PRINTER_PAPER_END),
        ({1: 0x1A, 2: 0x52, 3: 0x1A}, FaultCode.PRINTER_CUTTER),
        ({1: 0x1A}, FaultCode.PRINTER_OFFLINE),
    ],
)
def test_printer_that_cannot_print_is_sent_nothing(
    bench: Bench,
    device,
    replies: dict[int, int],
    code: FaultCode,
) -> None:
    device.replies |= replies
    assert bench.next() == status(code)
    bench.print()
    assert bench.next() == ReceiptFailed("job-1", code)
    assert device.printed == b""


def test_paper_that_ends_in_the_middle_fails_the_receipt(bench: Bench, device) -> None:
    device.when_printed = lambda d: d.replies.update({1: 0x1A, 2: 0x32, 4: 0x7E})
    bench.print()
    assert bench.next() == status(FaultCode.PRINTER_PAPER_END)
    assert bench.next() == ReceiptFailed("job-1", FaultCode.PRINTER_PAPER_END)


def test_printer_that_recovers_in_time_has_printed(bench: Bench, device) -> None:
    """Off-line while it works, as some are: on-line again is what counts."""
    asked = iter(range(100))

    class Busy(dict[int, int]):
        def __getitem__(self, query: int) -> int:
            return 0x1A if query == 1 and next(asked) < 3 else 0x12

    def begin(d: object) -> None:
        device.when_printed = None
        device.replies = Busy()
        device.say(b"\x00")  # worked off already, and not on-line yet

    device.when_printed = begin
    bench.print()
    assert bench.next() == ReceiptPrinted("job-1")
    assert next(asked) >= 3


def test_printer_without_replies_in_turn_is_believed_at_the_end(bench: Bench, device) -> None:
    device.knows_in_turn = False
    bench.print()
    bench.stays_silent(0.3)
    assert bench.next() == ReceiptPrinted("job-1")


def test_automatic_status_between_the_replies_is_no_nonsense(bench: Bench, device) -> None:
    device.noise = bytes.fromhex("10 00 00 0f")
    bench.print()
    assert bench.next() == ReceiptPrinted("job-1")


def test_automatic_status_between_the_polls_is_believed_at_once(
    device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printer_module, "POLL_S", 60)
    bench = Bench(device.link)
    assert bench.next() == WELL
    device.say(bytes.fromhex("38 00 00 0f"))
    assert bench.next() == status(FaultCode.PRINTER_COVER_OPEN)
    bench.stop()


def test_silence_is_not_paper_end(bench: Bench, device) -> None:
    device.answers = False
    assert bench.next() == status(FaultCode.PRINTER_SILENT)
    bench.print()
    assert bench.next() == ReceiptFailed("job-1", FaultCode.PRINTER_SILENT)
    device.answers = True
    assert bench.next() == WELL


def test_unplugged_printer_is_missing_and_comes_back(bench: Bench, device) -> None:
    device.unplug()
    assert bench.next() == status(FaultCode.PRINTER_MISSING)
    bench.print()
    assert bench.next() == ReceiptFailed("job-1", FaultCode.PRINTER_MISSING)
    device.plug_in()
    assert bench.next() == WELL
    bench.print()
    assert bench.next() == ReceiptPrinted("job-1")


def test_printer_unplugged_while_it_prints_fails_the_receipt(bench: Bench, device) -> None:
    def unplug(d: object) -> None:
        device.when_printed = None
        os.close(device._wake)  # ends the serving thread after this answer

    device.when_printed = unplug
    bench.print()
    assert bench.next() == ReceiptFailed("job-1", FaultCode.PRINTER_MISSING)
    assert bench.next() == status(FaultCode.PRINTER_MISSING)
    device.link.unlink()
    device._thread.join()


def test_kiosk_starts_without_a_printer(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "nothing")
    assert bench.next() == status(FaultCode.PRINTER_MISSING)
    bench.stays_silent(0.3)  # through several attempts
    bench.stop()


def test_bug_behind_the_door_is_handed_to_the_core(tmp_path: Path) -> None:
    crashes: queue.Queue[BaseException] = queue.Queue()

    def deliver(event: PrinterEvent) -> None:
        raise RuntimeError(f"no room for {event}")

    path = str(tmp_path / "nothing")
    Printer(path, "serial", SystemClock(), deliver, on_crash=crashes.put).start()
    assert "no room for" in str(crashes.get(timeout=WAIT_S))


# --- what can only be written to ---------------------------------------------------------------------


@pytest.fixture
def file_bench(tmp_path: Path) -> Iterator[Bench]:
    (tmp_path / "lp0").touch()
    bench = Bench(tmp_path / "lp0", "file")
    assert bench.next() == WELL
    yield bench
    bench.stop()


def test_file_takes_the_receipt(file_bench: Bench, tmp_path: Path) -> None:
    for job in ("a", "b"):
        file_bench.printer.send(PrintReceipt(job, RECEIPT))
        assert file_bench.next() == ReceiptPrinted(job)
    assert (tmp_path / "lp0").read_bytes() == render(RECEIPT) * 2


def test_file_that_vanishes_is_missing_and_never_made_anew(
    file_bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "lp0").unlink()
    assert file_bench.next() == status(FaultCode.PRINTER_MISSING)
    file_bench.print()
    assert file_bench.next() == ReceiptFailed("job-1", FaultCode.PRINTER_MISSING)
    assert not (tmp_path / "lp0").exists()
    (tmp_path / "lp0").touch()
    assert file_bench.next() == WELL


def test_device_that_takes_no_more_bytes_is_off_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe that nobody reads stands for a parallel printer without paper."""
    monkeypatch.setattr(connections, "WRITE_LIMIT_S", 0.1)
    os.mkfifo(tmp_path / "lp0")
    reader = os.open(tmp_path / "lp0", os.O_RDONLY | os.O_NONBLOCK)
    bench = Bench(tmp_path / "lp0", "file")
    assert bench.next() == WELL
    bench.printer.send(PrintReceipt("job-1", Document(tuple(Line("x" * 40) for _ in range(3000)))))
    assert bench.next() == status(FaultCode.PRINTER_OFFLINE)
    assert bench.next() == ReceiptFailed("job-1", FaultCode.PRINTER_OFFLINE)
    bench.stop()
    os.close(reader)
