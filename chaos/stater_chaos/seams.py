"""Where the product meets the machine it runs on, and what stands there while a world turns.

Everything else of the product runs as it is. Nothing here decides anything.
"""

import random
import secrets
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import anyio.to_thread

import disbursement.sales.watch
import disbursement.speakers.authenticating
import drivers.bill_acceptor.device
import drivers.device_thread
import drivers.printer.printer
import drivers.scanner.eye
import kiosk.core.assembly
import kiosk.core.core
import kiosk.journal.store
import kiosk.sync.asker
import kiosk.sync.backoff
import kiosk.sync.client
import kiosk.sync.worker
from drivers.port import Line
from stater_chaos import short_signature
from stater_chaos.asgi import run_here
from stater_chaos.clockwork import Clockwork, dice
from stater_chaos.decoder_here import DecoderHere
from stater_chaos.virtual_threads import VirtualQueueModule, VirtualThreading, VirtualTime

WATCH_EVERY_S = 10.0  # each second in service; a pass costs as much as a sale's whole bill path


@contextmanager
def product_in(clockwork: Clockwork, chance: random.Random) -> Iterator[None]:
    """The product's threads, queues, clocks, ports and dice are the world's."""
    threading, queue, time = (
        VirtualThreading(clockwork),
        VirtualQueueModule(clockwork),
        VirtualTime(clockwork),
    )

    def host() -> Any:
        return clockwork.process.host

    def open_serial(device: str, path: str, line: Line) -> Any:
        return host().open_port(device, path, line)

    def connect(path: Path, **options: Any) -> sqlite3.Connection:
        connection: type[sqlite3.Connection] = host().disk.connection_class()
        return sqlite3.connect(path, factory=connection, **options)

    def central_client(url: str, kiosk_id: str, key: Any, clock: Any) -> Any:
        return _CentralClient(url, kiosk_id, key, clock, transport=host().network.transport())

    stood_in: list[tuple[Any, str, Any]] = [
        (drivers.device_thread, "threading", threading),
        (drivers.bill_acceptor.device, "queue", queue),
        (drivers.printer.printer, "queue", queue),
        (drivers.printer.printer, "SerialPort", open_serial),
        (
            drivers.bill_acceptor.device.BillAcceptor.__init__,
            "__kwdefaults__",
            {"open_port": open_serial},
        ),
        (drivers.scanner.eye, "open_camera", lambda _source: host().open_camera()),
        (drivers.scanner.eye, "open_decoder", DecoderHere),
        (kiosk.core.assembly, "PreviewWriter", mock.MagicMock()),
        (kiosk.core.core, "queue", queue),
        (kiosk.core.assembly, "time", time),
        (kiosk.core.assembly, "signal", mock.MagicMock()),
        (kiosk.core.assembly, "SystemClock", lambda: host().clock),
        (kiosk.core.assembly, "ScreenLink", lambda _path, deliver: host().screen.attach(deliver)),
        (kiosk.core.assembly, "CentralClient", central_client),
        (kiosk.core.assembly, "crash", lambda error: host().thread_broke(error)),
        (kiosk.journal.store, "sqlite3", _Sqlite3(connect)),
        (kiosk.sync.client, "sign_request", short_signature.sign),
        (disbursement.speakers.authenticating, "verify_request", short_signature.verify),
        (kiosk.sync.asker, "threading", threading),
        (kiosk.sync.worker, "threading", threading),
        (kiosk.sync.backoff, "random", dice(chance.getrandbits(64))),
        (disbursement.sales.watch, "WATCH_EVERY_S", WATCH_EVERY_S),
        (anyio.to_thread, "run_sync", run_here),
        (uuid, "uuid4", lambda: uuid.UUID(int=chance.getrandbits(128), version=4)),
        (secrets, "choice", chance.choice),
        (secrets, "randbelow", chance.randrange),
        (secrets, "token_bytes", chance.randbytes),
        (secrets, "token_hex", lambda n=32: chance.randbytes(n).hex()),
    ]
    with ExitStack() as until_the_end:
        for place, name, stand_in in stood_in:
            until_the_end.enter_context(mock.patch.object(place, name, stand_in))
        yield


_CentralClient = kiosk.sync.client.CentralClient


class _Sqlite3:
    """`sqlite3` with another `connect`."""

    def __init__(self, connect: Any) -> None:
        self.connect = connect

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)
