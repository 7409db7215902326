"""The screen's process: Qt, the link to the core, the window, and how it ends."""

import logging
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from kiosk import supervisor
from kiosk.screen_link.preview import preview_path, read_frame
from ui.core_link import CoreLink
from ui.display import open_display
from ui.heartbeat import Heartbeat
from ui.presenter import Presenter
from ui.recorder import Recorder
from ui.unix_signals import QuitOnSignals
from ui.viewfinder import Viewfinder
from ui.window import LANDSCAPE, PORTRAIT, Look, ScreenWindow

TICK_MS = 250  # the deadline ring moves four times a second
DESK_SHARE = 0.9  # of a desktop's height, for the demo's window

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    socket: Path
    windowed: bool = False
    orientation: str = ""
    grab_dir: Path | None = None


def run(options: Options) -> int:
    """Show the screen until it is told to end. The exit status is not 0 when the screen itself failed."""
    app = open_display()
    sys.excepthook = _end_the_process
    signals = QuitOnSignals()
    presenter = Presenter(lambda: time.monotonic_ns() // 1_000_000)
    look = Look(
        orientation=options.orientation,
        still=options.grab_dir is not None,
        may_close=options.windowed,
    )
    screen = ScreenWindow(presenter, look)
    heartbeat = Heartbeat(screen.window)
    presenter.changed.connect(heartbeat.shows)
    recorder = _record(presenter, screen.window, options.grab_dir)
    viewfinder = Viewfinder(partial(read_frame, preview_path(options.socket)))
    viewfinder.seen.connect(presenter.see)
    presenter.scanning.connect(viewfinder.watch)
    link = CoreLink(options.socket)
    link.snapshot_received.connect(presenter.receive)
    link.lost.connect(presenter.lose_core)
    presenter.wished.connect(link.send)
    tick = QTimer(interval=TICK_MS)
    tick.timeout.connect(presenter.refresh)
    tick.start()
    presenter.refresh()
    _open(screen.window, options)
    link.open()
    status = app.exec()
    supervisor.tell("STOPPING=1")
    if recorder is not None:
        recorder.flush()
    del link, viewfinder, tick, recorder, heartbeat
    screen.close()
    del presenter, signals
    return status


def _open(window: QQuickWindow, options: Options) -> None:
    if options.windowed:
        window.resize(_desk_size(options.orientation))
        window.show()
        return
    QGuiApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
    window.setFlag(Qt.WindowType.FramelessWindowHint)
    window.showFullScreen()


def _desk_size(orientation: str) -> QSize:
    size = LANDSCAPE if orientation == "landscape" else PORTRAIT
    if QGuiApplication.platformName() == "offscreen":
        return size
    room = QGuiApplication.primaryScreen().availableSize() * DESK_SHARE
    return size.scaled(room.boundedTo(size), Qt.AspectRatioMode.KeepAspectRatio)


def _record(presenter: Presenter, window: QQuickWindow, folder: Path | None) -> Recorder | None:
    if folder is None:
        return None
    recorder = Recorder(window, folder)
    presenter.changing.connect(recorder.flush)
    presenter.changed.connect(recorder.watch)
    return recorder


def _end_the_process(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Qt would go on after an exception in a slot. A screen that failed once must be started anew."""
    log.critical("the screen failed", exc_info=(kind, error, trace))
    QCoreApplication.exit(1)
