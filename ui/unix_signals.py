"""SIGTERM and SIGINT end the Qt loop at once.

Python runs its handlers between bytecodes, and an idle Qt loop runs none: a byte on the wake-up descriptor
wakes it. The byte also waits for a loop that has not begun, where a call of exit() would be lost.
"""

import signal
import socket

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier

ENDING = {signal.SIGTERM, signal.SIGINT}


class QuitOnSignals(QObject):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ours, self._wakes = socket.socketpair()
        self._ours.setblocking(False)
        self._wakes.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        signal.set_wakeup_fd(self._wakes.fileno())
        for number in ENDING:
            signal.signal(number, lambda *_: None)

    def _woken(self) -> None:
        if ENDING.intersection(self._ours.recv(64)):
            QCoreApplication.exit(0)  # quit() would ask the window, which never wants to close
