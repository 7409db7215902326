"""The page, for QML; its pressed buttons, as intents."""
# ruff: noqa: N802, N815 - QML names are camelCase

from collections.abc import Callable

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.screen_link.intents import Intent
from ui.pages.page import Choice, Page
from ui.view_models.props import announce_changes

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

REST_MS = 400  # a second tap of the same finger does not answer the next question


@QmlElement
class PageViewModel(QObject):
    wished = Signal(object)  # an Intent

    screenChanged = Signal()
    headlineChanged = Signal()
    detailChanged = Signal()
    pictureChanged = Signal()
    noticeChanged = Signal()
    finePrintChanged = Signal()
    meaningChanged = Signal()
    primaryChanged = Signal()
    secondaryChanged = Signal()
    leaveChanged = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._page = Page(screen="trouble", headline="")
        self._asked_at_ms = now_ms()

    def show(self, page: Page) -> None:
        old, self._page = self._page, page
        if _wishes(old) != _wishes(page):
            self._asked_at_ms = self._now_ms()
        announce_changes(self, old, page)

    @Property(str, notify=screenChanged)
    def screen(self) -> str:
        return self._page.screen

    @Property(str, notify=headlineChanged)
    def headline(self) -> str:
        return self._page.headline

    @Property(str, notify=detailChanged)
    def detail(self) -> str:
        return self._page.detail

    @Property(str, notify=pictureChanged)
    def picture(self) -> str:
        return self._page.picture

    @Property(str, notify=noticeChanged)
    def notice(self) -> str:
        return self._page.notice

    @Property(str, notify=finePrintChanged)
    def finePrint(self) -> str:
        return self._page.fine_print

    @Property(str, notify=meaningChanged)
    def meaning(self) -> str:
        return self._page.meaning

    @Property(str, notify=primaryChanged)
    def primary(self) -> str:
        return self._page.primary.text

    @Property(str, notify=secondaryChanged)
    def secondary(self) -> str:
        return self._page.secondary.text

    @Property(str, notify=leaveChanged)
    def leave(self) -> str:
        return self._page.leave.text

    @Slot()
    def pressPrimary(self) -> None:
        self._press(self._page.primary)

    @Slot()
    def pressSecondary(self) -> None:
        self._press(self._page.secondary)

    @Slot()
    def pressLeave(self) -> None:
        self._press(self._page.leave)

    def _press(self, choice: Choice) -> None:
        rested = self._now_ms() - self._asked_at_ms >= REST_MS
        if choice.intent is not None and rested:
            self.wished.emit(choice.intent)


def _wishes(page: Page) -> tuple[Intent | None, ...]:
    return page.primary.intent, page.secondary.intent, page.leave.intent
