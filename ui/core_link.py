"""The screen's end of the Unix socket: snapshots in, intents out, reconnecting for ever.

A line that is not a snapshot is logged and passed over; a line longer than any snapshot is skipped without
being kept.
"""

import logging
from pathlib import Path

from pydantic import ValidationError
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalSocket

from kiosk.screen_link.intents import Intent
from kiosk.screen_link.link import LINE_BYTES_MAX
from kiosk.screen_link.snapshot import Snapshot

RECONNECT_MS = 500

log = logging.getLogger(__name__)


class CoreLink(QObject):
    snapshot_received = Signal(object)  # Snapshot
    lost = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._lines = LineBuffer()
        self._socket = QLocalSocket(self)
        self._socket.readyRead.connect(self._read)
        self._socket.stateChanged.connect(self._state_changed)
        self._reconnect = QTimer(self, interval=RECONNECT_MS, singleShot=True)
        self._reconnect.timeout.connect(self.open)

    def open(self) -> None:
        self._lines = LineBuffer()
        self._socket.connectToServer(str(self._path))

    def close(self) -> None:
        """For good: nothing is connected again."""
        self._reconnect.stop()
        self._socket.stateChanged.disconnect(self._state_changed)
        self._socket.abort()

    def send(self, intent: Intent) -> None:
        """A wish while the core is away is dropped: it answered a screen that is gone."""
        if self._socket.state() == QLocalSocket.LocalSocketState.ConnectedState:
            self._socket.write(intent.model_dump_json().encode() + b"\n")

    def _state_changed(self, state: QLocalSocket.LocalSocketState) -> None:
        if state == QLocalSocket.LocalSocketState.UnconnectedState:
            self.lost.emit()
            self._reconnect.start()

    def _read(self) -> None:
        for line in self._lines.feed(bytes(self._socket.readAll().data())):
            try:
                snapshot = Snapshot.model_validate_json(line)
            except ValidationError as error:
                log.error("a line from the core is not a snapshot: %s", error)  # noqa: TRY400 - the world's fault, not ours
                continue
            self.snapshot_received.emit(snapshot)


class LineBuffer:
    """Bytes in, whole lines out, however they were split."""

    def __init__(self) -> None:
        self._rest = b""
        self._skipping = False

    def feed(self, data: bytes) -> list[bytes]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if lines and self._skipping:
            del lines[0]
            self._skipping = False
        if len(self._rest) > LINE_BYTES_MAX:
            log.error("a line from the core is longer than %d bytes", LINE_BYTES_MAX)
            self._rest, self._skipping = b"", True
        return [line for line in lines if line and len(line) <= LINE_BYTES_MAX]
