"""The cable carries both ways; when it is cut, what hangs on it notices, and it can be mended."""

import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest

from stater_demo.cable import Cable


class _Echo(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(line.upper())


@pytest.fixture
def far_end() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Echo) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def cable(far_end: str) -> Iterator[Cable]:
    cable = Cable()
    cable.plug_into(far_end)
    yield cable
    cable.close()


def _connect(cable: Cable) -> socket.socket:
    port = int(cable.url.rsplit(":", 1)[1])
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def _ask(link: socket.socket) -> bytes:
    link.sendall(b"hello\n")
    return link.recv(100)


def test_it_carries_there_and_back(cable: Cable) -> None:
    with _connect(cable) as link:
        assert _ask(link) == b"HELLO\n"


def test_a_cut_ends_what_is_connected(cable: Cable) -> None:
    with _connect(cable) as link:
        assert _ask(link) == b"HELLO\n"
        cable.cut()
        assert link.recv(100) == b""


def test_while_cut_nobody_gets_through_and_mended_everybody_does(cable: Cable) -> None:
    cable.cut()
    with _connect(cable) as link:
        assert link.recv(100) == b""
    cable.restore()
    with _connect(cable) as link:
        assert _ask(link) == b"HELLO\n"


def test_without_a_far_end_a_connection_ends_at_once() -> None:
    cable = Cable()
    with _connect(cable) as link:
        assert link.recv(100) == b""
    cable.close()
