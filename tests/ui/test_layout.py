"""Every state, in every language, shape and direction: nothing cut, nothing on top of anything, all reachable."""

from itertools import combinations, product

import pytest
from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QAccessible, QTextLayout
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

from drivers.scanner.view import Hint
from kiosk.screen_link.snapshot import Notice, QuoteView, ScreenState, Snapshot
from scene import visible_items
from ui.gallery import Gallery
from ui.pages.away import PATIENCE_MS
from ui.samples import sample, sample_frame
from ui.steady_hint import HELD_MS

TOUCH_MIN = 81  # 20 mm at 4.03 px/mm
TYPE_MIN = 28
SLACK = 2.0  # rounding of positions


def crowded(state: ScreenState, language: str) -> Snapshot:
    """The sample with the most that can stand on a screen: banner, notice, wide numbers, all buttons."""
    snapshot = sample(state, language=language, network="practice")
    if snapshot.wallet_label:
        snapshot = snapshot.model_copy(update={"wallet_label": "W" * 80})
    if state is ScreenState.INSERTING:
        too_little = Notice(code="amount_too_small", amount_minor=350)  # the longest there is
        snapshot = snapshot.model_copy(update={"notice": too_little})
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


def doubtful(state: ScreenState, language: str) -> Snapshot:
    """A sale with a bill in doubt, in a state that has something to say of its own."""
    snapshot = crowded(state, language)
    doubt = {"disputed_minor": 10_000, "disputed_bills": 1}
    cash = snapshot.cash.model_copy(update=doubt)
    notice = Notice(code="bill_disputed", amount_minor=10_000)
    changes = {
        "cash": cash,
        "claim_code": "7K3Q-9MXD",
        "receipt": "unavailable",
        "notice": notice,
    }
    return snapshot.model_copy(update=changes if snapshot.session_id else {})


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
    for one, other in combinations(cards(root), 2):
        common = scene_rect(one).intersected(scene_rect(other))
        if common.width() > SLACK and common.height() > SLACK:
            found.append(f"{name_of(one)} lies on {name_of(other)}")
    found += [
        f"a button outside the window: {button.property('text')!r}"
        for button in buttons(root)
        if not window.contains(scene_rect(button))
    ]
    return found


def buttons(root: QQuickItem) -> list[QQuickItem]:
    return [item for item in visible_items(root) if item.inherits("QQuickAbstractButton")]


def cards(root: QQuickItem) -> list[QQuickItem]:
    return [item for item in visible_items(root) if name_of(item).endswith(("Card", "ClaimCode"))]


def name_of(item: QQuickItem) -> str:
    return item.metaObject().className().partition("_QMLTYPE")[0]


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
        for snapshot in (
            sample(state, language=language),
            sample(state, language=language, network="regtest"),
            crowded(state, language),
            doubtful(state, language),
        ):
            gallery.presenter.receive(snapshot)
            found += [f"{state.value}: {said}" for said in complaints(gallery)]
    long = Notice(code="qr_private_key")
    scanning = crowded(ScreenState.SCANNING, language).model_copy(update={"notice": long})
    gallery.presenter.receive(scanning)
    for hint in Hint:
        gallery.advance(HELD_MS)
        gallery.presenter.see(sample_frame(hint.value))
        found += [f"hint {hint.name}: {said}" for said in complaints(gallery)]
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


SHAPES = [("en", "portrait"), ("en", "landscape"), ("es", "portrait"), ("es", "landscape")]


@pytest.mark.parametrize(("language", "orientation"), SHAPES)
def test_no_headline_leaves_a_word_alone_on_its_last_line(
    qtbot: QtBot, language: str, orientation: str
) -> None:
    gallery = Gallery(orientation)
    found = []
    for state, network in product(ScreenState, ("bitcoin", "practice")):
        gallery.presenter.receive(sample(state, language=language, network=network))
        gallery.grab()
        found += [line for line in last_lines(gallery, "headline") if " " not in line]
    gallery.close()
    assert not found


def last_lines(gallery: Gallery, name: str) -> list[str]:
    """Of each such text that takes more than one line."""
    lines = []
    for item in texts(gallery.window.contentItem()):
        if item.objectName() == name and item.property("lineCount") > 1:
            layout = QTextLayout(item.property("text"), item.property("font"))
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(item.width())
                start = line.textStart()
            layout.endLayout()
            lines.append(item.property("text")[start:])
    return lines


@pytest.mark.parametrize(("language", "orientation"), SHAPES)
def test_a_button_is_wider_than_its_words(qtbot: QtBot, language: str, orientation: str) -> None:
    gallery = Gallery(orientation)
    room = {"portrait": 36, "landscape": 20}[orientation]  # Theme.gap
    tight = set()
    for state in ScreenState:
        gallery.presenter.receive(crowded(state, language))
        gallery.grab()
        for button in buttons(gallery.window.contentItem()):
            for label in texts(button):
                words = label.property("text")
                if label.property("lineCount") > 1 + words.count("\n"):
                    tight.add(f"wrapped: {words!r}")
                if label.property("contentWidth") > button.width() - 2 * room:
                    tight.add(f"tight: {words!r}")
    gallery.close()
    assert not tight


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_a_notice_stands_clear_of_the_words_above_it(qtbot: QtBot, orientation: str) -> None:
    gallery = Gallery(orientation)
    gallery.presenter.receive(sample(ScreenState.SCANNING))
    gallery.grab()
    found = {item.objectName(): item for item in visible_items(gallery.window.contentItem())}
    detail, notice = scene_rect(found["detail"]), scene_rect(found["notice"])
    gallery.close()
    assert notice.top() - detail.bottom() >= {"portrait": 36, "landscape": 20}[orientation]


def accessible_name(item: QObject) -> str:
    interface = QAccessible.queryAccessibleInterface(item)
    return interface.text(QAccessible.Text.Name) if interface else ""
