"""The link to the core against a real Unix socket."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from kiosk.screen_link.intents import INTENTS, CancelRequested, StartRequested
from kiosk.screen_link.link import LINE_BYTES_MAX
from kiosk.screen_link.snapshot import ScreenState, Snapshot
from ui.core_link import CoreLink, LineBuffer
from ui.samples import sample

IDLE = sample(ScreenState.IDLE)
LINE = IDLE.model_dump_json().encode() + b"\n"


class Core:
    """The core's end, in plain sockets."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.settimeout(5)
        self._listener.bind(str(path))
        self._listener.listen()
        self._screen: socket.socket | None = None

    def accept(self) -> socket.socket:
        self._screen, _ = self._listener.accept()
        self._screen.settimeout(5)
        return self._screen

    def close(self) -> None:
        self._listener.close()
        if self._screen is not None:
            self._screen.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "screen.sock"


@pytest.fixture
def link(qtbot: QtBot, path: Path) -> Iterator[CoreLink]:
    link = CoreLink(path)
    yield link
    link.close()


@pytest.fixture
def core(path: Path) -> Iterator[Core]:
    core = Core(path)
    yield core
    core.close()


def test_a_snapshot_comes_in_and_an_intent_goes_out(
    qtbot: QtBot, core: Core, link: CoreLink
) -> None:
    link.open()
    screen = core.accept()
    with qtbot.waitSignal(link.snapshot_received, timeout=5_000) as got:
        screen.sendall(LINE)
    assert got.args == [IDLE]
    link.send(StartRequested())
    qtbot.waitUntil(lambda: drained(link))
    sent = screen.recv(1_000)
    assert INTENTS.validate_json(sent) == StartRequested()
    assert sent.endswith(b"\n")


def test_a_line_in_pieces_is_one_snapshot(qtbot: QtBot, core: Core, link: CoreLink) -> None:
    seen = collect(link)
    link.open()
    screen = core.accept()
    for piece in (LINE[:7], LINE[7:50], LINE[50:]):
        screen.sendall(piece)
        qtbot.wait(1)
    qtbot.waitUntil(lambda: seen == [IDLE])


@pytest.mark.parametrize(
    "garbage",
    [
        b"not json\n",
        json.dumps({"state": "flying"}).encode() + b"\n",
        b"\xff\xfe\n",
        b"\n",
        b"x" * (LINE_BYTES_MAX * 3) + b"\n",
    ],
    ids=["not-json", "not-a-snapshot", "not-utf8", "empty", "oversize"],
)
def test_what_is_no_snapshot_is_passed_over(
    qtbot: QtBot, core: Core, link: CoreLink, garbage: bytes
) -> None:
    seen = collect(link)
    link.open()
    screen = core.accept()
    screen.setblocking(False)
    rest = garbage + LINE
    while rest:
        rest = rest[try_send(screen, rest) :]
        qtbot.wait(1)
    qtbot.waitUntil(lambda: seen == [IDLE])


def try_send(screen: socket.socket, data: bytes) -> int:
    try:
        return screen.send(data)
    except BlockingIOError:
        return 0


def test_a_core_that_goes_and_comes_back_is_found_again(
    qtbot: QtBot, path: Path, link: CoreLink
) -> None:
    with qtbot.waitSignal(link.lost, timeout=5_000):
        link.open()  # nobody there yet
    for _ in range(2):
        core = Core(path)
        with qtbot.waitSignal(link.snapshot_received, timeout=5_000):
            qtbot.waitUntil(lambda: connected(link))
            core.accept().sendall(LINE)
        with qtbot.waitSignal(link.lost, timeout=5_000):
            core.close()


def test_half_a_line_of_a_dead_core_does_not_spoil_the_next(
    qtbot: QtBot, path: Path, link: CoreLink
) -> None:
    seen = collect(link)
    first = Core(path)
    link.open()
    with qtbot.waitSignal(link.lost, timeout=5_000):
        first.accept().sendall(LINE[:30])
        first.close()
    second = Core(path)
    qtbot.waitUntil(lambda: connected(link))
    second.accept().sendall(LINE)
    qtbot.waitUntil(lambda: seen == [IDLE])
    second.close()


def test_a_wish_while_the_core_is_away_is_dropped(
    qtbot: QtBot, path: Path, link: CoreLink
) -> None:
    link.send(StartRequested())
    core = Core(path)
    link.open()
    screen = core.accept()
    qtbot.waitUntil(lambda: connected(link))
    link.send(CancelRequested())
    qtbot.waitUntil(lambda: drained(link))
    assert INTENTS.validate_json(screen.recv(1_000)) == CancelRequested()
    core.close()


def connected(link: CoreLink) -> bool:
    return link._socket.state() == QLocalSocket.LocalSocketState.ConnectedState


def drained(link: CoreLink) -> bool:
    return link._socket.bytesToWrite() == 0


def collect(link: CoreLink) -> list[Snapshot]:
    seen: list[Snapshot] = []
    link.snapshot_received.connect(seen.append)
    return seen


def test_lines_survive_any_splitting() -> None:
    stream = b"one\ntwo\n\nthree\n"
    for size in range(1, len(stream) + 1):
        buffer = LineBuffer()
        lines: list[bytes] = []
        for start in range(0, len(stream), size):
            lines += buffer.feed(stream[start : start + size])
        assert lines == [b"one", b"two", b"three"]


def test_an_endless_line_is_not_kept() -> None:
    buffer = LineBuffer()
    for _ in range(100):
        assert buffer.feed(b"x" * LINE_BYTES_MAX) == []
        assert len(buffer._rest) <= LINE_BYTES_MAX
    assert buffer.feed(b"tail\nnext\n") == [b"next"]
