"""The panel's window: one QML engine in the demo's own process, until it is closed."""

import sys
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine

from stater_demo.desk import Desk
from stater_demo.panel.backend import Panel
from stater_demo.panel.network_watch import NetworkWatch
from stater_demo.problem import DemoProblem
from ui.unix_signals import QuitOnSignals
from ui.window import FONTS

QML = Path(__file__).parent / "qml" / "Panel.qml"


def load(panel: Panel) -> QQmlApplicationEngine:
    """The engine with its window shown. Close it before the panel goes. Raises DemoProblem."""
    for font in sorted(FONTS.glob("*.otf")):
        QFontDatabase.addApplicationFont(str(font))
    engine = QQmlApplicationEngine()
    engine.setInitialProperties({"hands": panel})
    engine.load(QML)
    if not engine.rootObjects():
        raise DemoProblem("the panel's QML did not load; Qt's messages above say why")
    return engine


def run(desk: Desk) -> None:
    """Until one of the two windows is closed, or the process is told to end."""
    app = QGuiApplication(sys.argv[:1])
    signals = QuitOnSignals()
    panel = Panel(desk)
    panel.kiosk_closed.connect(app.quit)
    desk.on_event = panel.part_spoke.emit
    with ExitStack() as ends:
        if desk.node is not None:
            watch = NetworkWatch(desk.node, panel.payments_seen.emit)
            ends.callback(watch.close)
        engine = load(panel)
        app.exec()
        desk.on_event = None
        del engine  # before the panel, or QML binds to nothing
    del panel, signals
