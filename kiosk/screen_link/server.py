"""The core's end of the screen link: publishes snapshots, takes intents.

Responsible for: any number of screens coming and going; a slow or rude one is dropped, the core never waits.
"""

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from kiosk.errors import InvalidInput
from kiosk.screen_link.intents import INTENTS, Intent
from kiosk.screen_link.link import LINE_BYTES_MAX
from kiosk.screen_link.snapshot import Snapshot

SEND_S_MAX = 0.5  # a local socket that takes longer has no reader
SCREENS_MAX = 8


class ScreenLink:
    def __init__(self, path: Path, deliver: Callable[[Intent], None]) -> None:
        """Raises InvalidInput when the socket cannot be made there."""
        self._path = path
        self._deliver = deliver
        self._lock = threading.Lock()
        self._latest: bytes | None = None
        self._screens: list[socket.socket] = []
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            self._server.bind(str(path))
            path.chmod(0o660)
            self._server.listen(SCREENS_MAX)
        except OSError as error:
            self._server.close()
            why = error.strerror or error  # a path that is too long has no number
            raise InvalidInput(f"screen.socket = {path}: cannot listen there: {why}") from error
        threading.Thread(target=self._accept, name="screen-link", daemon=True).start()

    def show(self, snapshot: Snapshot) -> None:
        line = snapshot.model_dump_json().encode() + b"\n"
        with self._lock:
            self._latest = line
            for screen in list(self._screens):
                self._send(screen, line)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._server.close()
        with self._lock:
            for screen in list(self._screens):
                self._drop(screen)
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while True:
            try:
                screen, _ = self._server.accept()
            except OSError:  # closed
                return
            screen.settimeout(SEND_S_MAX)
            with self._lock:
                if len(self._screens) >= SCREENS_MAX:
                    screen.close()
                    continue
                self._screens.append(screen)
                if self._latest is not None:
                    self._send(screen, self._latest)
            threading.Thread(target=self._listen, args=(screen,), daemon=True).start()

    def _listen(self, screen: socket.socket) -> None:
        pending = b""
        while True:
            try:
                data = screen.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            if not data or len(pending) + len(data) > LINE_BYTES_MAX:
                with self._lock:
                    self._drop(screen)
                return
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                # What is not an intent is nobody's wish.
                with contextlib.suppress(ValidationError):
                    self._deliver(INTENTS.validate_json(line))

    def _send(self, screen: socket.socket, line: bytes) -> None:
        try:
            screen.sendall(line)
        except OSError:
            self._drop(screen)

    def _drop(self, screen: socket.socket) -> None:
        if screen in self._screens:
            self._screens.remove(screen)
        with contextlib.suppress(OSError):
            screen.shutdown(socket.SHUT_RDWR)
        screen.close()
