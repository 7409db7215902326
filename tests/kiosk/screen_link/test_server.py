"""The core's end of the link, over a real socket."""

import json
import queue
import socket

import pytest

from kiosk.errors import InvalidInput
from kiosk.screen_link.intents import ChooseLanguage, Intent, StartRequested
from kiosk.screen_link.link import LINE_BYTES_MAX
from kiosk.screen_link.server import ScreenLink
from kiosk.screen_link.snapshot import Snapshot


@pytest.fixture
def heard():
    return queue.Queue()


@pytest.fixture
def link(tmp_path, heard):
    link = ScreenLink(tmp_path / "screen.sock", heard.put)
    yield link
    link.close()


@pytest.fixture
def connect(tmp_path):
    screens = []

    def connect() -> socket.socket:
        screen = socket.socket(socket.AF_UNIX)
        screen.settimeout(5)
        screen.connect(str(tmp_path / "screen.sock"))
        screens.append(screen)
        return screen

    yield connect
    for screen in screens:
        screen.close()


def line_from(screen: socket.socket) -> dict:
    return json.loads(screen.makefile().readline())


def test_a_new_screen_is_sent_the_latest_snapshot(link, connect, bench):
    link.show(bench.screen)
    assert Snapshot.model_validate(line_from(connect())) == bench.screen


def test_every_screen_sees_everything(link, connect, bench):
    link.show(bench.screen)
    screens = [connect(), connect()]
    for screen in screens:
        line_from(screen)
    link.show(bench.screen.model_copy(update={"language": "es"}))
    assert [line_from(s)["language"] for s in screens] == ["es", "es"]


def test_an_intent_in_two_halves_is_one(link, connect, heard):
    screen = connect()
    screen.sendall(b'{"kind": "st')
    screen.sendall(b'art"}\n{"kind":"choose_language","language":"es"}\n')
    assert heard.get(timeout=5) == StartRequested()
    assert heard.get(timeout=5) == ChooseLanguage(language="es")


def test_what_is_no_intent_is_nobodys_wish(link, connect, heard):
    screen = connect()
    screen.sendall(b'garbage\n{"kind":"give_me_money"}\n{"kind":"start"}\n')
    intent: Intent = heard.get(timeout=5)
    assert intent == StartRequested()


def test_a_line_without_end_closes_the_connection(link, connect):
    screen = connect()
    screen.sendall(b"x" * (LINE_BYTES_MAX + 1))
    assert screen.recv(1) == b""


def test_a_screen_that_does_not_read_is_dropped_and_the_core_goes_on(link, connect, bench):
    link.show(bench.screen)
    connect()  # never reads
    for _ in range(2_000):
        link.show(bench.screen)
    assert line_from(connect())["state"] == "idle"


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("long" * 60, "there: AF_UNIX path too long$"),
        ("file/deep/screen.sock", "there: Not a directory$"),
    ],
)
def test_a_socket_that_cannot_be_made_is_said(tmp_path, place, why):
    (tmp_path / "file").touch()
    with pytest.raises(InvalidInput, match=rf"^screen\.socket = .*: cannot listen {why}"):
        ScreenLink(tmp_path / place, lambda _: None)
