"""Every state, in every language, shape and direction: nothing cut, nothing on top of anything, all reachable."""

from itertools import combinations

import pytest
from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

from kiosk.screen_link.snapshot import Notice, QuoteView, ScreenState, Snapshot
from scene import visible_items
from ui.gallery import Gallery
from ui.pages.away import PATIENCE_MS
from ui.samples import sample

TOUCH_MIN = 81  # 20 mm at 4.03 px/mm
TYPE_MIN = 28
SLACK = 2.0  # rounding of positions


def crowded(state: ScreenState, language: str) -> Snapshot:
    """The sample with the most that can stand on a screen: banner, notice, wide numbers, all buttons."""
    snapshot = sample(state, language=language, network="practice")
    if snapshot.notice is None:
        snapshot = snapshot.model_copy(update={"notice": Notice(code="central_confused")})
    if snapshot.quote is not None:
        quote = snapshot.quote.model_copy(update={"price_source": "Coinbase Exchange"})
        snapshot = snapshot.model_copy(update={"quote": QuoteView.model_validate(quote)})
    cash = snapshot.cash
    if cash.credited_minor:
        cash = cash.model_copy(update={"credited_minor": 1_234_500})
        snapshot = snapshot.model_copy(update={"cash": cash, "expected_base_units": 12_345_678})
    return snapshot


def texts(root: QQuickItem) -> list[QQuickItem]:
    return [
        item
        for item in visible_items(root)
        if item.inherits("QQuickText")
        and any(letter.isalnum() for letter in item.property("text"))
    ]


def painted(item: QQuickItem) -> QRectF:
    """The place of a text in the window, as high as its letters are."""
    height = max(item.height(), item.property("contentHeight"))
    return item.mapRectToScene(QRectF(0, 0, item.width(), height))


def complaints(gallery: Gallery) -> list[str]:
    gallery.grab()
    root = gallery.window.contentItem()
    window = QRectF(0, 0, gallery.window.width(), gallery.window.height()).adjusted(
        -SLACK, -SLACK, SLACK, SLACK
    )
    found = []
    boxes = []
    for text in texts(root):
        words = text.property("text")
        box = painted(text)
        boxes.append((words, box))
        if text.property("truncated"):
            found.append(f"truncated: {words!r}")
        if not window.contains(box):
            found.append(f"outside the window: {words!r} {box}")
        if text.property("contentWidth") > text.width() + SLACK:
            found.append(f"wider than its place: {words!r}")
        if text.property("contentHeight") > text.height() + SLACK:
            found.append(f"higher than its place: {words!r}")
    for (one, a), (other, b) in combinations(boxes, 2):
        common = a.intersected(b)
        if common.width() > SLACK and common.height() > SLACK * 3:
            found.append(f"{one!r} lies on {other!r}")
    found += [
        f"a button outside the window: {button.property('text')!r}"
        for button in buttons(root)
        if not window.contains(scene_rect(button))
    ]
    return found


def buttons(root: QQuickItem) -> list[QQuickItem]:
    return [item for item in visible_items(root) if item.inherits("QQuickAbstractButton")]


def scene_rect(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


@pytest.mark.parametrize("mirrored", [False, True], ids=["ltr", "rtl"])
@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_cut_or_covered(
    qtbot: QtBot, language: str, orientation: str, *, mirrored: bool
) -> None:
    gallery = Gallery(orientation, mirrored=mirrored)
    found = []
    for state in ScreenState:
        for snapshot in (sample(state, language=language), crowded(state, language)):
            gallery.presenter.receive(snapshot)
            found += [f"{state.value}: {said}" for said in complaints(gallery)]
    gallery.presenter.lose_core()
    found += [f"away: {said}" for said in complaints(gallery)]
    gallery.advance(PATIENCE_MS)
    found += [f"away for long: {said}" for said in complaints(gallery)]
    gallery.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_every_text_is_large_enough(qtbot: QtBot, orientation: str) -> None:
    gallery = Gallery(orientation)
    small = set()
    for state in ScreenState:
        gallery.presenter.receive(crowded(state, "en"))
        gallery.grab()
        for text in texts(gallery.window.contentItem()):
            if text.property("font").pixelSize() < TYPE_MIN:
                small.add((state.value, text.property("text")))
    gallery.close()
    assert small == set()


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_every_button_has_a_name_and_fits_a_finger(qtbot: QtBot, orientation: str) -> None:
    gallery = Gallery(orientation)
    seen = 0
    for state in ScreenState:
        gallery.presenter.receive(crowded(state, "en"))
        gallery.grab()
        for button in buttons(gallery.window.contentItem()):
            seen += 1
            assert button.width() >= TOUCH_MIN, state
            assert button.height() >= TOUCH_MIN, state
            assert accessible_name(button), state
    gallery.close()
    assert seen > len(ScreenState) / 2


def accessible_name(item: QObject) -> str:
    interface = QAccessible.queryAccessibleInterface(item)
    return interface.text(QAccessible.Text.Name) if interface else ""
