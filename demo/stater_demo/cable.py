"""The network cable between the kiosk and central: a TCP relay that can be cut and plugged in again."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

CHUNK_BYTES = 65_536


class Cable:
    """The near end listens at `url` from the start; `plug_into` says where the far end is."""

    def __init__(self) -> None:
        self._far_end: tuple[str, int] | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_cut = False
        self._server = _Relay(("127.0.0.1", 0), self._carry)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def is_cut(self) -> bool:
        return self._is_cut

    def plug_into(self, url: str) -> None:
        parts = urlsplit(url)
        self._far_end = (parts.hostname or "127.0.0.1", parts.port or 80)

    def cut(self) -> None:
        """What is on its way is lost, and new connections are dropped at once."""
        with self._lock:
            self._is_cut = True
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def restore(self) -> None:
        with self._lock:
            self._is_cut = False

    def close(self) -> None:
        self.cut()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _carry(self, near: socket.socket) -> None:
        if self._is_cut or self._far_end is None:
            return
        try:
            far = socket.create_connection(self._far_end, timeout=5)
        except OSError:
            return
        far.settimeout(None)
        with far, self._both_known(near, far):
            back = threading.Thread(target=_pour, args=(far, near), daemon=True)
            back.start()
            _pour(near, far)
            back.join()

    @contextlib.contextmanager
    def _both_known(self, *ends: socket.socket) -> Iterator[None]:
        with self._lock:
            self._open.update(ends)
        try:
            yield
        finally:
            with self._lock:
                self._open.difference_update(ends)


class _Relay(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], carry: Callable[[socket.socket], None]) -> None:
        self.carry = carry
        super().__init__(address, _Connection)


class _Connection(socketserver.BaseRequestHandler):
    server: _Relay

    def handle(self) -> None:
        self.server.carry(self.request)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    """Until the source says it is done; then tell the sink so."""
    with contextlib.suppress(OSError):
        while chunk := source.recv(CHUNK_BYTES):
            sink.sendall(chunk)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
