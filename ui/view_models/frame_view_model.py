"""What stands around every page, for QML; the languages, as intents."""
# ruff: noqa: N802, N815 - QML names are camelCase

from dataclasses import asdict

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.screen_link.intents import ChooseLanguage
from ui.pages.frame import Frame
from ui.view_models.props import QVariantList, announce_changes, double

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class FrameViewModel(QObject):
    wished = Signal(object)  # an Intent

    bannerChanged = Signal()
    placeChanged = Signal()
    helpLineChanged = Signal()
    ringTextChanged = Signal()
    ringFractionChanged = Signal()
    ringSpokenChanged = Signal()
    languagesChanged = Signal()
    rightToLeftChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frame = Frame()

    def show(self, frame: Frame) -> None:
        old, self._frame = self._frame, frame
        announce_changes(self, old, frame)

    @Property(str, notify=bannerChanged)
    def banner(self) -> str:
        return self._frame.banner

    @Property(str, notify=placeChanged)
    def place(self) -> str:
        return self._frame.place

    @Property(str, notify=helpLineChanged)
    def helpLine(self) -> str:
        return self._frame.help_line

    @Property(str, notify=ringTextChanged)
    def ringText(self) -> str:
        return self._frame.ring_text

    @Property(double, notify=ringFractionChanged)
    def ringFraction(self) -> float:
        return self._frame.ring_fraction

    @Property(str, notify=ringSpokenChanged)
    def ringSpoken(self) -> str:
        return self._frame.ring_spoken

    @Property(QVariantList, notify=languagesChanged)
    def languages(self) -> list[dict[str, object]]:
        return [asdict(each) for each in self._frame.languages]

    @Property(bool, notify=rightToLeftChanged)
    def rightToLeft(self) -> bool:
        return self._frame.right_to_left

    @Slot(str)
    def chooseLanguage(self, code: str) -> None:
        self.wished.emit(ChooseLanguage(language=code))
