"""The screen without a display: offscreen platform, software scene graph, set before Qt is imported."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ui.build import ensure_translations
from ui.gallery import Gallery


@pytest.fixture(scope="session", autouse=True)
def _translations() -> None:
    ensure_translations()


@pytest.fixture
def portrait(qtbot: QtBot) -> Iterator[Gallery]:
    gallery = Gallery("portrait")
    yield gallery
    gallery.close()


@pytest.fixture
def landscape(qtbot: QtBot) -> Iterator[Gallery]:
    gallery = Gallery("landscape")
    yield gallery
    gallery.close()
