"""The QML itself (`ui.lint` reads it too): every file loads, the contrast is enough, the font is ours."""

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QFontInfo, QGuiApplication
from PySide6.QtQml import QQmlComponent

from ui.gallery import Gallery
from ui.lint import QML, lint, qml_files

CONTRAST_MIN = 7.0  # WCAG 2.2, 1.4.6


@pytest.mark.parametrize("file", qml_files(), ids=lambda file: str(file.relative_to(QML)))
def test_every_file_loads(portrait: Gallery, file: Path) -> None:
    component = QQmlComponent(portrait.screen.engine, str(file))
    assert component.errors() == []
    assert component.isReady()


def test_every_file_is_in_its_module() -> None:
    for folder in ("Controls", "Screens", "Theme"):
        listed = (QML / "Kiosk" / folder / "qmldir").read_text().split()
        for file in (QML / "Kiosk" / folder).glob("*.qml"):
            assert file.name in listed


def test_the_linter_knows_our_view_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A misspelt property of a Python view model must not pass, or the check checks nothing."""
    bad = tmp_path / "Bad.qml"
    bad.write_text(
        "import QtQuick\nimport Kiosk.ViewModels\n"
        "Text {\n    required property PageViewModel page\n    text: page.headlime\n}\n"
    )
    monkeypatch.setattr("ui.lint.qml_files", lambda: [bad])
    assert lint() != 0
    assert "headlime" in capfd.readouterr().err


def test_the_font_is_the_bundled_one(portrait: Gallery) -> None:
    assert QFontInfo(QGuiApplication.font()).family() == "Inter"


def test_contrast(portrait: Gallery) -> None:
    theme = portrait.screen.engine.singletonInstance("Kiosk.Theme", "Theme")
    assert isinstance(theme, QObject)
    on_dark = product(("text", "quietText", "accent"), ("background", "surface"))
    pairs = [*on_dark, ("textOnAccent", "accent"), ("textOnAccent", "accentPressed"),
             ("background", "text")]  # fmt: skip
    ratios = {pair: contrast(*(theme.property(name) for name in pair)) for pair in pairs}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < CONTRAST_MIN} == {}


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2, "contrast ratio"."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: QColor) -> float:
    """WCAG 2.2, "relative luminance"."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
