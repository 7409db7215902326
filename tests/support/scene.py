"""Walks what is on the screen."""

from collections.abc import Iterator

from PySide6.QtQuick import QQuickItem


def visible_items(root: QQuickItem) -> Iterator[QQuickItem]:
    for child in root.childItems():
        if child.isVisible() and child.opacity() > 0:
            yield child
            yield from visible_items(child)
