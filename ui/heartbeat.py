"""Tells the supervisor that the screen is alive: for each frame that was really drawn after it was asked for.

A frame needs both loops, Qt's and the renderer's. When either hangs, nothing is told, and the supervisor
starts the screen anew.
"""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtQuick import QQuickWindow

from kiosk import supervisor

BEAT_MS = 2_000  # WatchdogSec of the unit is several of these


class Heartbeat(QObject):
    def __init__(self, window: QQuickWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._shows = "starting"
        self._is_asked = True  # the first frame is readiness
        self._news = ["READY=1"]
        window.frameSwapped.connect(self._drawn)
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self._ask)
        self._beat.start()

    def shows(self, state: str) -> None:
        self._shows = state

    def _ask(self) -> None:
        self._is_asked = True
        self._window.update()

    def _drawn(self) -> None:
        if self._is_asked:
            supervisor.tell(*self._news, "WATCHDOG=1", f"STATUS=shows {self._shows}")
            self._is_asked = False
            self._news = []
