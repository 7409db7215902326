"""The window as a customer meets it: no way out; and what changes is announced, and nothing else."""

from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.screen_link.snapshot import DeadlineView, ScreenState
from ui.gallery import Gallery
from ui.recorder import SETTLE_MS, Recorder
from ui.samples import sample

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
FAINT = 16  # of 255: how the edges of letters differ between two renderings
NONE = Qt.KeyboardModifier.NoModifier


def test_the_window_cannot_be_closed(portrait: Gallery) -> None:
    assert not portrait.window.close()
    assert portrait.window.isVisible()


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_Escape, NONE),
        (Qt.Key.Key_F4, ALT),
        (Qt.Key.Key_Q, CONTROL),
        (Qt.Key.Key_W, CONTROL),
        (Qt.Key.Key_Return, NONE),
        (Qt.Key.Key_Space, NONE),
        (Qt.Key.Key_Back, NONE),
    ],
)
def test_no_key_does_anything(
    portrait: Gallery, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    wished: list[object] = []
    portrait.presenter.wished.connect(wished.append)
    portrait.presenter.receive(sample(ScreenState.IDLE))
    portrait.advance(1_000)
    before = portrait.grab()
    QTest.keyClick(portrait.window, key, modifier)
    assert portrait.window.isVisible()
    assert wished == []
    assert portrait.grab() == before


def test_only_what_changed_is_announced(portrait: Gallery) -> None:
    deadline = DeadlineView(left_ms=60_000, total_ms=60_000)
    portrait.presenter.receive(sample(ScreenState.WARNING, deadline=deadline))
    told: list[str] = []
    frame, page = portrait.presenter.frame, portrait.presenter.page
    frame.ringFractionChanged.connect(lambda: told.append("fraction"))
    frame.ringTextChanged.connect(lambda: told.append("text"))
    frame.languagesChanged.connect(lambda: told.append("languages"))
    page.headlineChanged.connect(lambda: told.append("headline"))
    portrait.advance(0)
    assert told == []
    portrait.advance(100)
    assert told == ["fraction"]


def test_the_layout_follows_the_window(qtbot: QtBot) -> None:
    gallery = Gallery("")
    theme = gallery.screen.engine.singletonInstance("Kiosk.Theme", "Theme")
    gallery.window.resize(1080, 1920)
    gallery.grab()
    assert theme.property("landscape") is False
    gallery.window.resize(1280, 800)
    gallery.grab()
    assert theme.property("landscape") is True
    gallery.close()


def test_the_recorder_keeps_every_state_in_order(
    qtbot: QtBot, portrait: Gallery, tmp_path: Path
) -> None:
    recorder = Recorder(portrait.window, tmp_path)
    portrait.presenter.changing.connect(recorder.flush)
    portrait.presenter.changed.connect(recorder.watch)
    for state in (ScreenState.INSERTING, ScreenState.STACKING, ScreenState.INSERTING):
        portrait.presenter.receive(sample(state))  # no time at all between them
    names = ["001-inserting.png", "002-stacking.png", "003-inserting.png"]
    qtbot.waitUntil(
        lambda: sorted(path.name for path in tmp_path.iterdir()) == names,
        timeout=SETTLE_MS * 10,
    )
    first, second, third = (cv2.imread(str(tmp_path / name)) for name in names)
    assert cv2.absdiff(first, third).max() < FAINT
    assert cv2.absdiff(first, second).max() > FAINT
