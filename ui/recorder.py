"""Keeps a numbered picture of every state the screen has shown, in order.

A state that stays is grabbed when it has settled; one that is about to be replaced sooner is grabbed just
before, so that even the shortest is kept.
"""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtQuick import QQuickWindow

SETTLE_MS = 300


class Recorder(QObject):
    def __init__(self, window: QQuickWindow, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._folder = folder
        self._count = 0
        self._state = ""
        self._settled = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settled.timeout.connect(self._grab)

    def watch(self, state: str) -> None:
        self._state = state
        self._settled.start()

    def flush(self) -> None:
        if self._settled.isActive():
            self._settled.stop()
            self._grab()

    def _grab(self) -> None:
        self._count += 1
        path = self._folder / f"{self._count:03}-{self._state}.png"
        self._window.grabWindow().save(str(path))
