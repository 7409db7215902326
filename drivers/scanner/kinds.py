"""The scanner as the kiosk knows it: a camera, or a serial engine, by the name of its kind."""

from collections.abc import Callable
from typing import Protocol

from drivers.clock import Clock
from drivers.scanner import scanner
from drivers.scanner.config import CAMERA, ScannerConfig
from drivers.scanner.engines import serial_scanner
from drivers.scanner.engines.kinds import ENGINES
from drivers.scanner.engines.serial_scanner import SerialScanner
from drivers.scanner.events import ScannerCommand, ScannerEvent
from drivers.scanner.scanner import Scanner
from drivers.scanner.view import Show

KINDS = (CAMERA, *ENGINES)


class ScannerDevice(Protocol):
    @property
    def last_turn_s(self) -> float: ...

    def start(self) -> None: ...

    def send(self, command: ScannerCommand) -> None: ...

    def stop(self) -> None: ...


def build_scanner(
    config: ScannerConfig,
    clock: Clock,
    deliver: Callable[[ScannerEvent], None],
    *,
    show: Show,
    on_crash: Callable[[BaseException], None],
) -> ScannerDevice:
    """`show` gets what a camera sees; a serial engine keeps its pictures to itself."""
    if config.kind == CAMERA:
        return Scanner(config.source, clock, deliver, show=show, on_crash=on_crash)
    return SerialScanner(config, clock, deliver, on_crash=on_crash)


def longest_turn_s(kind: str) -> float:
    return scanner.LONGEST_TURN_S if kind == CAMERA else serial_scanner.LONGEST_TURN_S
