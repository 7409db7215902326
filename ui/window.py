"""The QML engine and its one window, with the bundled font and the customer's language."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QSize, QTranslator
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from ui.camera_images import PROVIDER, CameraImages
from ui.language import Language
from ui.presenter import Presenter

HERE = Path(__file__).parent
QML = HERE / "qml"
FONTS = HERE / "fonts"
FAMILY = "Inter"

PORTRAIT = QSize(1080, 1920)
LANDSCAPE = QSize(1280, 800)


@dataclass(frozen=True)
class Look:
    """How the window is laid out; for a customer's screen the defaults."""

    orientation: str = ""  # portrait, landscape, or "" to follow the window
    mirrored: bool = False
    still: bool = False
    may_close: bool = False


class ScreenWindow:
    """Owns the engine. Close it before the view models go, or QML binds to nothing."""

    def __init__(self, presenter: Presenter, look: Look) -> None:
        _load_fonts()
        self._translator: QTranslator | None = None
        self.engine = QQmlApplicationEngine()
        self.engine.addImportPath(str(QML))
        self._images = CameraImages(presenter.latest_frame)
        self.engine.addImageProvider(PROVIDER, self._images)
        # Before anything is drawn: a binding would come after the first fade has begun.
        theme = self.engine.singletonInstance("Kiosk.Theme", "Theme")
        if isinstance(theme, QObject):
            theme.setProperty("still", look.still)
        self.engine.setInitialProperties(
            {
                **presenter.view_models(),
                "orientation": look.orientation,
                "mirrored": look.mirrored,
                "mayClose": look.may_close,
            }
        )
        presenter.language_changed.connect(self.speak)
        self.engine.load(QML / "Kiosk" / "Main.qml")
        roots = self.engine.rootObjects()
        if not roots or not isinstance(roots[0], QQuickWindow):
            raise RuntimeError("the screen's QML did not load; Qt's messages above say why")
        self.window = roots[0]

    def speak(self, language: Language) -> None:
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
        self._translator = language.translator
        QCoreApplication.installTranslator(self._translator)
        self.engine.retranslate()

    def close(self) -> None:
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
        del self.window
        del self.engine


def _load_fonts() -> None:
    for file in sorted(FONTS.glob("*.otf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise RuntimeError(f"the font {file} cannot be read")
    QGuiApplication.setFont(QFont(FAMILY))
