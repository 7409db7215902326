"""The receipt printer: one thread between the core and the paper.

Responsible for: opening the printer and opening it again for ever, asking how it is, saying so when
that changes, and printing receipts one after the other, each answered with ReceiptPrinted or
ReceiptFailed.
Not responsible for: trying a receipt again, which the core decides: the printer never prints a receipt
the core was told has failed, except what lay in the device's own memory.
"""

import logging
import queue
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

from drivers.clock import Clock
from drivers.device_thread import DeviceThread
from drivers.errors import LinkLost
from drivers.faults import FaultCode
from drivers.port import Line, SerialPort
from drivers.printer.connections import DEVICE, AnsweringPrinter, Connection, Faults, FilePrinter
from drivers.printer.events import (
    PrinterCommand,
    PrinterEvent,
    PrinterStatus,
    ReceiptFailed,
    ReceiptPrinted,
)
from drivers.printer.render import render
from drivers.printer.status import STILL_PRINTS

POLL_S = 5.0
LISTEN_S = 0.25  # between two looks at what the printer says by itself
REOPEN_S = 2.0
LONGEST_TURN_S = 60.0  # a long receipt on a slow line, asked before and after: half of that
MAILBOX_MAX = 16  # a kiosk prints one receipt at a time; more waiting is a bug
LINE = Line(baud=38400)  # Epson's own setting; printers on USB do not mind

# Of several faults the one to name: the first that somebody can do something about.
_WORST_FIRST = (
    FaultCode.PRINTER_SILENT,
    FaultCode.PRINTER_COVER_OPEN,
    FaultCode.PRINTER_PAPER_END,
    FaultCode.PRINTER_CUTTER,
    FaultCode.PRINTER_FAILURE,
    FaultCode.PRINTER_OFFLINE,
)

_MISSING = frozenset({FaultCode.PRINTER_MISSING})

_log = logging.getLogger(__name__)

Kind = Literal["serial", "file"]  # "file" for what cannot answer: /dev/usb/lp0, a plain file


def connect(path: str, kind: Kind, clock: Clock) -> Connection:
    """The path is resolved at each opening: links move when USB re-enumerates. Raises LinkLost."""
    if kind == "file":
        return FilePrinter(Path(path))
    return AnsweringPrinter(SerialPort(DEVICE, path, LINE), clock)


class Printer:
    """Events go to `deliver`, on the printer's thread; an exception there, which is a bug, to `on_crash`."""

    def __init__(
        self,
        path: str,
        kind: Kind,
        clock: Clock,
        deliver: Callable[[PrinterEvent], None],
        *,
        on_crash: Callable[[BaseException], None],
    ) -> None:
        self._path = path
        self._kind = kind
        self._clock = clock
        self._deliver = deliver
        self._mailbox: queue.Queue[PrinterCommand | None] = queue.Queue(MAILBOX_MAX)
        self._thread = DeviceThread(DEVICE, self._turn, at_end=self._close, on_crash=on_crash)
        self._connection: Connection | None = None
        self._faults: Faults | None = None  # as last said
        self._due_s = clock.monotonic_s()  # to open it again, or to ask it again
        self.last_turn_s = clock.monotonic_s()  # for a watchdog; a receipt takes up to ten more

    def start(self) -> None:
        self._thread.start()

    def send(self, command: PrinterCommand) -> None:
        self._mailbox.put_nowait(command)

    def stop(self) -> None:
        self._thread.stopping.set()
        with suppress(queue.Full):
            self._mailbox.put_nowait(None)  # wakes it
        self._thread.stop()

    def _turn(self) -> None:
        self.last_turn_s = self._clock.monotonic_s()
        try:
            if self._connection is None:
                self._reopen()
            else:
                self._attend(self._connection)
        except LinkLost as error:
            self._close()
            self._due_s = self._clock.monotonic_s() + REOPEN_S
            if self._faults != _MISSING:
                _log.warning("%s", error)
            self._say(_MISSING)

    def _reopen(self) -> None:
        """A receipt that is wanted meanwhile has failed."""
        if self._clock.monotonic_s() < self._due_s:
            if command := self._next_command():
                self._deliver(ReceiptFailed(command.job_id, FaultCode.PRINTER_MISSING))
            return
        self._connection = connect(self._path, self._kind, self._clock)
        self._ask(self._connection)

    def _attend(self, connection: Connection) -> None:
        if command := self._next_command():
            self._print(connection, command)
        elif self._clock.monotonic_s() >= self._due_s:
            self._ask(connection)
        elif (faults := connection.heard()) is not None:
            self._say(faults)

    def _next_command(self) -> PrinterCommand | None:
        with suppress(queue.Empty):
            return self._mailbox.get(timeout=LISTEN_S)
        return None

    def _ask(self, connection: Connection) -> None:
        self._due_s = self._clock.monotonic_s() + POLL_S
        self._say(connection.status())

    def _print(self, connection: Connection, command: PrinterCommand) -> None:
        try:
            faults = connection.status()
            if not faults - STILL_PRINTS:
                faults = connection.print(render(command.document))
        except LinkLost:
            self._deliver(ReceiptFailed(command.job_id, FaultCode.PRINTER_MISSING))
            raise
        self._say(faults)
        stands = [code for code in _WORST_FIRST if code in faults]
        outcome = (
            ReceiptFailed(command.job_id, stands[0]) if stands else ReceiptPrinted(command.job_id)
        )
        self._deliver(outcome)

    def _say(self, faults: Faults) -> None:
        if faults != self._faults:
            self._faults = faults
            self._deliver(PrinterStatus(faults))

    def _close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None
