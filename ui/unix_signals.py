"""SIGTERM and SIGINT end the Qt loop at once.

Python runs its handlers between bytecodes, and an idle Qt loop runs none: a byte on the wake-up descriptor
wakes it.
"""

import signal
import socket

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier


class QuitOnSignals(QObject):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ours, self._wakes = socket.socketpair()
        self._ours.setblocking(False)
        self._wakes.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        signal.set_wakeup_fd(self._wakes.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: QCoreApplication.quit())

    def _woken(self) -> None:
        self._ours.recv(64)  # Python's own handler runs now that Python does
