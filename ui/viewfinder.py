"""Looks for the camera's newest picture while the scan screen is shown, and never else."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from kiosk.screen_link.preview import CameraFrame

LOOK_MS = 33  # a camera gives 30 frames a second at best


class Viewfinder(QObject):
    seen = Signal(object)  # CameraFrame | None, when it is another one

    def __init__(
        self,
        read: Callable[[CameraFrame | None], CameraFrame | None],
        parent: QObject | None = None,
    ) -> None:
        """`read` is handed the last frame, and gives it back while there is no newer one."""
        super().__init__(parent)
        self._read = read
        self._last: CameraFrame | None = None
        self._timer = QTimer(self, interval=LOOK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)

    def watch(self, wanted: bool) -> None:  # noqa: FBT001  # a signal's argument
        if wanted:
            self._timer.start()
            self._look()
        else:
            self._timer.stop()
            self._tell(None)

    def _look(self) -> None:
        self._tell(self._read(self._last))

    def _tell(self, frame: CameraFrame | None) -> None:
        if frame is not self._last:
            self._last = frame
            self.seen.emit(frame)
