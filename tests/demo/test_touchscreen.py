"""The screen as seen over its socket: what is awaited comes, or the words say what came instead."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from kiosk.screen_link.intents import StartRequested
from kiosk.screen_link.snapshot import Notice, ScreenState, ServiceView, Snapshot
from stater_demo.problem import DemoProblem
from stater_demo.touchscreen import Touchscreen


def _snapshot(state: ScreenState, notice: str | None = None) -> Snapshot:
    return Snapshot(
        state=state,
        service=ServiceView(status="in_service"),
        kiosk_name="k",
        operator_name="o",
        support_phone="p",
        currency="USD",
        network="regtest",
        notice=Notice(code=notice) if notice else None,
    )


class _Core(socketserver.ThreadingUnixStreamServer):
    """The core's end of the socket: shows what the test says, keeps what it is told."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        self.heard: Queue[bytes] = Queue()
        self.to_show: Queue[Snapshot | None] = Queue()
        super().__init__(str(path), _Link)


class _Link(socketserver.StreamRequestHandler):
    server: _Core

    def handle(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        while snapshot := self.server.to_show.get():
            self.wfile.write(snapshot.model_dump_json().encode() + b"\n")
        self.connection.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        for line in self.rfile:
            self.server.heard.put(line)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[_Core]:
    with _Core(tmp_path / "screen.sock") as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.to_show.put(None)
        server.shutdown()
        thread.join()


@pytest.fixture
def screen(core: _Core, tmp_path: Path) -> Iterator[Touchscreen]:
    screen = Touchscreen(tmp_path / "screen.sock")
    yield screen
    screen.close()


def test_a_touch_is_one_line_of_json(core: _Core, screen: Touchscreen) -> None:
    screen.touch(StartRequested())
    assert core.heard.get(timeout=5) == b'{"kind":"start"}\n'


def test_the_awaited_screen_is_returned_when_it_comes(core: _Core, screen: Touchscreen) -> None:
    core.to_show.put(_snapshot(ScreenState.IDLE))
    core.to_show.put(_snapshot(ScreenState.WARNING))
    assert screen.wait_for(ScreenState.WARNING, timeout_s=5).state is ScreenState.WARNING


def test_a_wait_in_vain_says_what_the_screen_shows(core: _Core, screen: Touchscreen) -> None:
    core.to_show.put(_snapshot(ScreenState.SCANNING, notice="qr_wrong_network"))
    screen.wait_for(ScreenState.SCANNING, timeout_s=5)
    with pytest.raises(DemoProblem, match="shows 'scanning', saying qr_wrong_network"):
        screen.wait_for(ScreenState.CONFIRMING_WALLET, timeout_s=0.05)


def test_a_cancelled_sale_ends_the_wait_at_once(core: _Core, screen: Touchscreen) -> None:
    core.to_show.put(_snapshot(ScreenState.CANCELLED, notice="central_unreachable"))
    with pytest.raises(DemoProblem, match="'cancelled', saying central_unreachable"):
        screen.wait_for(ScreenState.INSERTING, timeout_s=60)


def test_a_core_that_goes_away_ends_the_wait(core: _Core, screen: Touchscreen) -> None:
    core.to_show.put(_snapshot(ScreenState.IDLE))
    screen.wait_for(ScreenState.IDLE, timeout_s=5)
    core.to_show.put(None)
    with pytest.raises(DemoProblem, match="core is gone"):
        screen.wait_for(ScreenState.PAID, timeout_s=60)
