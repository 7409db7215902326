"""A real `kiosk core` under a supervisor: ready, fed while its loop turns, and not for a moment longer."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.bill_acceptor.device import AcceptorConfig, BillAcceptor
from drivers.clock import SystemClock
from drivers.faults import FaultCode
from kiosk.clock import KioskClock
from kiosk.core.watch import Watch, Watched
from kiosk.screen_link.intents import DismissRequested, StartRequested
from kiosk.session.events import ThreadsSeen
from supervisor_bench import Supervisor

PATIENCE_S = 20.0
SILENCE_S = 1.5  # a core that turns answers a touch within milliseconds

CORE = "from kiosk.commands import main; main()"
CORE_THAT_HANGS = """
import threading
from kiosk.core.core import Core
from kiosk.screen_link.intents import StartRequested
turn = Core.turn
def hang(self, event):
    threading.Event().wait() if isinstance(event, StartRequested) else turn(self, event)
Core.turn = hang
"""


@pytest.fixture
def supervisor(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        yield supervisor


def make_config(folder: Path) -> Path:
    """Nothing is plugged in, and nobody is at the other end of the line."""
    file = folder / "kiosk.toml"
    file.write_text(
        f"""
        kiosk = {{ id = "kiosk-1", data_dir = "{folder}", network = "regtest" }}
        operator = {{ name = "Shop", support_phone = "+1" }}
        central = {{ url = "http://127.0.0.1:9", key_file = "{folder / "key.pem"}" }}
        bill_acceptor = {{ port = "{folder / "acceptor"}" }}
        scanner = {{ source = "{folder / "camera"}" }}
        screen = {{ socket = "{folder / "screen.sock"}" }}
        """
    )
    return file


@contextmanager
def started(folder: Path, supervisor: Supervisor, code: str = ""):
    command = [sys.executable, "-c", code + CORE, "core", "--config", str(make_config(folder))]
    environment = {**os.environ, **supervisor.environment}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as core:
        try:
            yield core
        finally:
            core.kill()


@contextmanager
def touching(folder: Path):
    with socket.socket(socket.AF_UNIX) as screen:
        screen.connect(str(folder / "screen.sock"))
        yield lambda intent: screen.sendall(intent.model_dump_json().encode() + b"\n")


def test_a_core_says_that_it_is_ready_how_it_is_and_when_it_stops(tmp_path, supervisor):
    with started(tmp_path, supervisor) as core:
        first = supervisor.hear(PATIENCE_S)
        assert {"READY=1", "WATCHDOG=1"} <= set(first)
        supervisor.hear_until(
            "STATUS=out of service (acceptor-missing, camera-missing, central-unreachable); idle",
            PATIENCE_S,
        )
        with touching(tmp_path) as touch:
            touch(DismissRequested())
            assert "WATCHDOG=1" in supervisor.hear(PATIENCE_S)
        core.send_signal(signal.SIGTERM)
        supervisor.hear_until("STOPPING=1", PATIENCE_S)
        assert core.wait(PATIENCE_S) == 0


def test_a_core_stopped_in_its_loop_feeds_no_more_and_its_end_says_where_it_stood(
    tmp_path, supervisor
):
    with started(tmp_path, supervisor, CORE_THAT_HANGS) as core:
        supervisor.hear_until("WATCHDOG=1", PATIENCE_S)
        with touching(tmp_path) as touch:
            touch(StartRequested())
            while supervisor.hear(SILENCE_S):
                pass  # what was said before the touch arrived
            touch(DismissRequested())
            assert supervisor.hear(SILENCE_S) == []
        core.send_signal(signal.SIGABRT)  # as systemd does
        _, log = core.communicate(timeout=PATIENCE_S)
    assert "in hang" in log
    assert log.count("Thread 0x") >= 3


class StuckPort:
    """A port whose driver in the kernel does not come back from a read."""

    def __init__(self) -> None:
        self.is_free = threading.Event()
        self.is_read = threading.Event()

    def read(self, timeout_s: float) -> bytes:
        self.is_read.set()
        self.is_free.wait()
        return b""

    def write(self, data: bytes) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_device_thread_that_hangs_in_a_read_is_a_fault_until_it_comes_back():
    port, clock = StuckPort(), KioskClock(SystemClock())
    acceptor = BillAcceptor(
        AcceptorConfig("id003", "port", "USD"),
        clock,
        lambda _event: None,
        on_crash=pytest.fail,
        open_port=lambda *_: port,
    )
    watched = Watched(acceptor, longest_turn_s=0.2, code=FaultCode.ACCEPTOR_STUCK)
    watch = Watch(clock, (watched,), end=pytest.fail)
    acceptor.start()
    assert port.is_read.wait(PATIENCE_S)
    assert look(watch) == [ThreadsSeen(frozenset({FaultCode.ACCEPTOR_STUCK}))]
    port.is_free.set()
    assert look(watch) == [ThreadsSeen(frozenset())]
    acceptor.stop()


def look(watch: Watch) -> list[object]:
    """Until there is something new."""
    give_up_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_s:
        if news := list(watch.look(at_rest=True)):
            return news
        time.sleep(0.01)
    return []


def test_a_core_that_stands_still_on_a_damaged_database_is_left_in_peace(tmp_path, supervisor):
    """A restart would read the file again, and mend nothing."""
    (tmp_path / "kiosk.db").write_bytes(b"no database" * 1_000)
    with started(tmp_path, supervisor):
        assert "READY=1" in supervisor.hear(PATIENCE_S)
        assert "WATCHDOG=1" in supervisor.hear(PATIENCE_S)
