"""HTTP by hand, for what no client would do; against the service as it serves, on a real port."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from disbursement.api.bounds import Bounded, Bounds
from disbursement.service import server_settings
from kiosk_wire.messages import Refusal

PATIENCE_S = 15


@contextlib.contextmanager
def serving(app: ASGIApp, bounds: Bounds) -> Iterator[tuple[str, int]]:
    """As `central serve` does it, with bounds of the test's. Where it is."""
    server = uvicorn.Server(server_settings(Bounded(app, bounds), bounds))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield listener.getsockname()[:2]
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def read_all(line: socket.socket) -> bytes:
    """Until the service ends the connection."""
    read = bytearray()
    with contextlib.suppress(ConnectionError):
        while more := line.recv(65_536):
            read += more
    return bytes(read)


def answer_on(line: socket.socket) -> tuple[int, str, dict[str, str]]:
    """The status, the Refusal's code and the headers of an answer that ends its connection."""
    head, _, body = read_all(line).partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
    return int(first.split()[1]), Refusal.model_validate_json(body).code, headers


def get(line: socket.socket, path: str = "/healthz", more: str = "Connection: close\r\n") -> None:
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: central\r\n{more}\r\n".encode())
