"""The whole kiosk wired together: devices, central, screen link and core, each on its thread.

Responsible for: starting every thread, handing the core its ports, and ending the process when one breaks.
Not responsible for: any decision.
"""

import fcntl
import logging
import os
import queue
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, NoReturn

from drivers.bill_acceptor.commands import AcceptorCommand, Disable, Return
from drivers.bill_acceptor.device import LONGEST_TURN_S as ACCEPTOR_TURN_S
from drivers.bill_acceptor.device import AcceptorConfig, BillAcceptor
from drivers.bill_acceptor.events import BillEscrowed
from drivers.clock import SystemClock
from drivers.faults import FaultCode
from drivers.printer.events import PrinterCommand
from drivers.printer.printer import LONGEST_TURN_S as PRINTER_TURN_S
from drivers.printer.printer import Printer
from drivers.scanner.config import ScannerConfig
from drivers.scanner.events import ScannerCommand
from drivers.scanner.kinds import ScannerDevice, build_scanner, longest_turn_s
from kiosk import supervisor
from kiosk.clock import KioskClock
from kiosk.config import Config
from kiosk.core.core import WATCHDOG_S, Core, Inbox
from kiosk.core.view import derive_snapshot
from kiosk.core.watch import Watch, Watched
from kiosk.errors import InvalidInput, StorageDamaged, StorageError
from kiosk.health import CENTRAL_STUCK, STORAGE, STORAGE_DAMAGED, Health
from kiosk.journal.outbox import OutboxReader
from kiosk.journal.store import Store
from kiosk.screen_link.preview import preview_path
from kiosk.screen_link.preview_writer import PreviewWriter
from kiosk.screen_link.server import ScreenLink
from kiosk.screen_link.snapshot import Snapshot
from kiosk.session.events import MONEY_FACTS
from kiosk.session.memory import Memory
from kiosk.session.states import State
from kiosk.sync.asker import Asker, Question
from kiosk.sync.client import LONGEST_TURN_S as CENTRAL_TURN_S
from kiosk.sync.client import CentralClient
from kiosk.sync.key import load_or_make_key
from kiosk.sync.pump import OutboxPump
from kiosk.sync.worker import Worker

EXIT_CRASH = 70  # sysexits.h EX_SOFTWARE
EXIT_STORAGE = 74  # sysexits.h EX_IOERR
STORAGE_PAUSE_S = 5.0  # the customer reads why before the supervisor tries again

log = logging.getLogger("kiosk")


def run_kiosk(config: Config) -> int:
    """Until SIGTERM, which raises SystemExit; or the exit status of a failed storage. Raises InvalidInput before anything has started."""
    with _only_core(config.kiosk.data_dir):
        inbox = Inbox()
        link = ScreenLink(config.screen.socket, inbox.deliver)
        devices = Devices(config, inbox)
        core = None
        try:
            core = _start_core(config, inbox, link, devices)
            core.run()
        except StorageDamaged as error:
            log.critical("out of service until a person comes: %s", error)
            link.show(_storage_screen(config, STORAGE_DAMAGED, core))
            supervisor.tell("READY=1")
            _stand_still(inbox, devices, str(error))
        except StorageError as error:
            log.critical("out of service: %s", error)
            supervisor.tell("WATCHDOG=1", f"STATUS=out of service: {error}")
            devices.take_no_cash()
            link.show(_storage_screen(config, STORAGE, core))
            time.sleep(STORAGE_PAUSE_S)
            return EXIT_STORAGE
        finally:
            supervisor.tell("STOPPING=1")
            devices.stop()
            link.close()


def _start_core(config: Config, inbox: Inbox, link: ScreenLink, devices: "Devices") -> Core:
    store = Store(config.database)
    devices.clock.recorded(store.last_record_ms())
    ports = Outside(config, inbox, link, devices)
    watch = Watch(devices.clock, (*devices.watched, *ports.watched), end=crash)
    core = Core(config, store, ports, clock=devices.clock, inbox=inbox, watch=watch)
    signal.signal(signal.SIGTERM, _stop)
    devices.start()
    ports.start()
    log.info("core started in state %s", core.state.value)
    return core


def _stop(_number: int, _frame: object) -> None:
    """Anywhere in a turn: what is not committed is rolled back, as in a crash."""
    raise SystemExit(0)


def _stand_still(inbox: Inbox, devices: "Devices", why: str) -> NoReturn:
    """On a damaged database: a restart would read it again and mend nothing. Nothing is acknowledged, so what a device
    vouches for now it will repeat. Ends, by SIGTERM, without closing the database: SQLite would write its WAL into it."""
    signal.signal(signal.SIGTERM, _stop)
    devices.take_nothing()
    try:
        while True:
            supervisor.tell("WATCHDOG=1", f"STATUS=out of service until a person comes: {why}")
            with suppress(queue.Empty):
                event = inbox.take(WATCHDOG_S)
                if isinstance(event, BillEscrowed):
                    devices.acceptor.send(Return())
                if isinstance(event, MONEY_FACTS):
                    log.critical("not recorded: %s", event)
    except SystemExit:
        devices.stop()
        os._exit(EXIT_STORAGE)


def crash(error: BaseException) -> None:
    """A thread has broken: the next process starts from the journal."""
    log.critical("ending the process: %s", error, exc_info=error)
    os._exit(EXIT_CRASH)


class Devices:
    def __init__(self, config: Config, inbox: Inbox) -> None:
        self.clock = KioskClock(SystemClock())
        acceptor = config.bill_acceptor
        self.acceptor = BillAcceptor(
            AcceptorConfig(
                acceptor.protocol, str(acceptor.port), config.kiosk.currency, acceptor.parity
            ),
            self.clock,
            inbox.deliver,
            on_crash=crash,
        )
        self.preview = PreviewWriter(preview_path(config.screen.socket))
        scanner = config.scanner
        self.scanner = build_scanner(
            ScannerConfig(scanner.kind, scanner.source, scanner.baud),
            self.clock,
            inbox.deliver,
            show=self.preview.show,
            on_crash=crash,
        )
        self._scanner_turn_s = longest_turn_s(scanner.kind)
        self.printer = (
            Printer(
                str(config.printer.port),
                config.printer.kind,
                self.clock,
                inbox.deliver,
                on_crash=crash,
            )
            if config.printer
            else None
        )
        self._threads = [d for d in (self.acceptor, self.scanner, self.printer) if d is not None]
        self._started: list[BillAcceptor | ScannerDevice | Printer] = []

    @property
    def watched(self) -> Iterator[Watched]:
        yield Watched(self.acceptor, ACCEPTOR_TURN_S, FaultCode.ACCEPTOR_STUCK)
        yield Watched(self.scanner, self._scanner_turn_s, FaultCode.CAMERA_STUCK)
        if self.printer is not None:
            yield Watched(self.printer, PRINTER_TURN_S, FaultCode.PRINTER_STUCK)

    def start(self) -> None:
        for device in self._threads:
            device.start()
            self._started.append(device)

    def take_nothing(self) -> None:
        """As `take_no_cash`, and the acceptor is told so even if nothing has started."""
        if not self._started:
            self.acceptor.start()
            self._started.append(self.acceptor)
        self.take_no_cash()

    def take_no_cash(self) -> None:
        """Without a journal: what is in escrow goes back, and nothing more comes in."""
        if self._started:
            self.acceptor.send(Return())
            self.acceptor.send(Disable())

    def stop(self) -> None:
        for device in self._started:
            device.stop()
        self.preview.close()


class Outside:
    """The core's ports, for real."""

    def __init__(self, config: Config, inbox: Inbox, link: ScreenLink, devices: Devices) -> None:
        key = load_or_make_key(config.central.key_file)
        url = str(config.central.url).rstrip("/")
        self._link = link
        self._devices = devices
        clock = devices.clock
        self._asker = Asker(CentralClient(url, config.kiosk.id, key, clock), inbox.deliver)
        pump = OutboxPump(
            OutboxReader(config.database),
            CentralClient(url, config.kiosk.id, key, clock),
            inbox.deliver,
            clock.monotonic_s,
        )
        self._asking = Worker("asker", self._asker.turn, crash, clock.monotonic_s)
        self._pumping = Worker("outbox", pump.turn, crash, clock.monotonic_s)

    @property
    def watched(self) -> Iterator[Watched]:
        yield Watched(self._asking, CENTRAL_TURN_S, CENTRAL_STUCK)
        yield Watched(self._pumping, CENTRAL_TURN_S, CENTRAL_STUCK)

    def start(self) -> None:
        self._asking.start()
        self._pumping.start()

    def command_acceptor(self, command: AcceptorCommand) -> None:
        self._devices.acceptor.send(command)

    def acceptor_trace(self) -> str:
        return self._devices.acceptor.trace()

    def command_scanner(self, command: ScannerCommand) -> None:
        self._devices.scanner.send(command)

    def command_printer(self, command: PrinterCommand) -> None:
        if self._devices.printer is not None:
            self._devices.printer.send(command)

    def ask_central(self, question: Question | None) -> None:
        if self._asker.ask(question) and question is not None:
            self._asking.wake()

    def wake_outbox(self) -> None:
        self._pumping.wake()

    def show(self, snapshot: Snapshot) -> None:
        self._link.show(snapshot)


class _only_core:  # noqa: N801  # reads as what it does in a with statement
    """Two cores on one database would each believe to be the one writer."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "core.lock"
        self._file: IO[str] | None = None

    def __enter__(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Not for writing: on a disk that is full or read-only the store says so, on the screen.
            self._file = os.fdopen(os.open(self._path, os.O_RDONLY | os.O_CREAT, 0o600))
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InvalidInput(f"{self._path}: another kiosk core is running here") from error
        except OSError as error:
            raise InvalidInput(f"{self._path}: cannot be made: {error.strerror}") from error

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def _storage_screen(config: Config, code: str, core: Core | None) -> Snapshot:
    """With what was committed before: whoever has cash in keeps the claim code in sight."""
    nothing_else = frozenset[str]()
    health = Health(
        acceptor_faults=nothing_else,
        scanner_faults=nothing_else,
        central_faults=nothing_else,
        storage_faults=frozenset({code}),
    )
    memory = core.memory if core else Memory(language=config.kiosk.languages[0])
    without_notice = replace(memory, notice=None)
    return derive_snapshot(
        config, State.IDLE, without_notice, health, now_ms=0
    )  # no price is shown here, so it has no age
