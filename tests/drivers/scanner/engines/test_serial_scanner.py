"""The thread, the port and what is said of them, with a port that a test holds."""

import logging
import time

import pytest

from drivers.errors import LinkLost
from drivers.port import Line
from drivers.scanner.config import ScannerConfig
from drivers.scanner.engines import serial_scanner
from drivers.scanner.engines.serial_scanner import SerialScanner
from drivers.scanner.events import CodeSeen, ScannerLost, ScannerReady, StartScanning


class Clock:
    now_s = 100.0

    def monotonic_s(self):
        return self.now_s

    def now_ms(self):
        return int(self.now_s * 1000)

    def let_pass(self, seconds):
        self.now_s += seconds


class Port:
    def __init__(self, clock):
        self._clock = clock
        self.coming: list[bytes | LinkLost] = []
        self.written: list[bytes] = []
        self.is_closed = False

    def read(self, timeout_s):
        self._clock.let_pass(timeout_s)
        data = self.coming.pop(0) if self.coming else b""
        if isinstance(data, LinkLost):
            raise data
        return data

    def write(self, data):
        self.written.append(data)

    def close(self):
        self.is_closed = True


class Bench:
    def __init__(self, kind, baud=None):
        self.clock = Clock()
        self.ports: list[Port] = []
        self.asked_for: list[tuple[str, Line]] = []
        self.events = []
        self.crashes = []
        self.missing = ""
        self.scanner = SerialScanner(
            ScannerConfig(kind, "/dev/serial/by-id/usb-X", baud),
            self.clock,
            self.events.append,
            on_crash=self.crashes.append,
            open_port=self._open,
        )

    def _open(self, device, path, line):
        self.asked_for.append((path, line))
        if self.missing:
            raise LinkLost(device, self.missing)
        self.ports.append(Port(self.clock))
        return self.ports[-1]

    def turns(self, count):
        for _ in range(count):
            self.scanner.turn()


def wait_until(happened):
    deadline_s = time.monotonic() + 5.0
    while not happened():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def no_real_waiting(monkeypatch):
    monkeypatch.setattr(serial_scanner, "REOPEN_S", 0.0)


@pytest.mark.parametrize(
    ("kind", "baud", "line"),
    [
        ("honeywell", None, Line(115_200)),
        ("ssi", None, Line(9_600)),
        ("text", 57_600, Line(57_600)),
    ],
)
def test_the_line_is_as_delivered_or_as_configured(kind, baud, line):
    bench = Bench(kind, baud)
    bench.turns(1)
    assert bench.asked_for == [("/dev/serial/by-id/usb-X", line)]


def test_the_link_is_resolved_at_each_try_and_what_is_lost_is_said_once():
    bench = Bench("text")
    bench.missing = "it is not there"
    bench.turns(10)
    assert bench.events == [ScannerLost("scanner: it is not there")]
    bench.missing = ""
    bench.turns(2)
    assert len(bench.asked_for) == 11
    assert bench.events[1:] == [ScannerReady("/dev/serial/by-id/usb-X")]


def test_what_waits_in_the_port_when_a_start_comes_is_older_than_it():
    bench = Bench("text")
    bench.turns(3)
    bench.scanner.send(StartScanning())
    bench.ports[0].coming = [b"the one before\r\n", b"mine\r\n"]
    bench.turns(2)
    assert bench.events[1:] == [CodeSeen("mine")]


def test_a_port_that_vanishes_is_closed_and_said_and_opened_again_scanning():
    bench = Bench("text")
    bench.scanner.send(StartScanning())
    bench.turns(3)
    bench.ports[0].coming = [LinkLost("scanner", "it hung up")]
    bench.turns(1)
    assert bench.ports[0].is_closed
    bench.turns(3)
    bench.ports[1].coming = [b"mine\r\n"]
    bench.turns(1)
    ready = ScannerReady("/dev/serial/by-id/usb-X")
    assert bench.events == [ready, ScannerLost("scanner: it hung up"), ready, CodeSeen("mine")]


def test_turns_are_dated():
    bench = Bench("text")
    bench.turns(5)
    assert bench.scanner.last_turn_s <= bench.clock.now_s
    assert bench.scanner.last_turn_s > 100.0


def test_at_its_end_the_engine_is_told_not_to_read_and_the_port_is_closed():
    bench = Bench("honeywell")
    bench.clock.let_pass = time.sleep
    bench.scanner.start()
    wait_until(lambda: bench.ports and bench.ports[0].written)
    bench.scanner.stop()
    assert bench.ports[0].written[-1] == b"\x16U\r"
    assert bench.ports[0].is_closed
    assert bench.crashes == []


def test_a_bug_behind_the_door_is_handed_to_the_core():
    bench = Bench("text")
    bug = RuntimeError("no room")

    def deliver(_event):
        raise bug

    bench.clock.let_pass = time.sleep
    bench.scanner._deliver = deliver
    bench.scanner.start()
    wait_until(lambda: bench.crashes)
    assert bench.crashes == [bug]


def test_what_came_before_an_order_that_waited_is_the_customers_before():
    bench = Bench("text")
    bench.turns(2)
    bench.scanner.send(StartScanning())
    bench.turns(2)
    bench.ports[-1].coming.append(b"theirs\r")
    bench.scanner.send(StartScanning())  # the stop between was voided: the line had stood still
    bench.turns(2)
    assert bench.events == [ScannerReady("/dev/serial/by-id/usb-X")]


def test_what_a_customer_shows_is_in_no_log(caplog):
    """It may be a private key, and --verbose is a habit."""
    caplog.set_level(logging.DEBUG)
    bench = Bench("text")
    bench.turns(2)
    bench.ports[-1].coming.append(b"a private key\r")
    bench.turns(2)
    assert caplog.records
    assert b"private".hex(" ") not in caplog.text
