"""Opens the display, or says in one line why there is none: Qt itself would abort the process."""

import os
import sys
from collections.abc import Iterator

import click
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def open_display() -> QGuiApplication:
    warnings: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            click.echo(f"Error: {explanation(warnings)}", err=True)
            os._exit(1)  # nothing can be raised through Qt, which aborts when this returns
        warnings.append(text)

    before = qInstallMessageHandler(hear)
    app = QGuiApplication(sys.argv[:1])
    qInstallMessageHandler(before)
    for warning in warnings:
        click.echo(warning, err=True)
    return app


def explanation(warnings: list[str]) -> str:
    cause = f"; Qt says: {warnings[0].strip()}" if warnings else ""
    return (
        f"no display could be opened ({', '.join(_settings())}{cause}). Start it on a desktop or"
        " under a compositor, or with QT_QPA_PLATFORM=offscreen to draw on none."
    )


def _settings() -> Iterator[str]:
    for name in VARIABLES:
        value = os.environ.get(name)
        yield f"{name}={value}" if value else f"{name} is not set"
