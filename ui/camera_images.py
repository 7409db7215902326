"""Hands the camera's picture to QML's Image.

An image provider and not a painted item: a painted item is called on the renderer's thread, where Python would wait
for the interpreter's lock while the main thread holds it and waits for the frame. QML's Image asks here, on the main
thread, and keeps its own copy.
"""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QColorConstants, QImage
from PySide6.QtQuick import QQuickImageProvider

from kiosk.screen_link.preview import CameraFrame

PROVIDER = "camera"
_FORMATS = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_BGR888}


class CameraImages(QQuickImageProvider):
    def __init__(self, latest: Callable[[], CameraFrame | None]) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._latest = latest

    def requestImage(self, _id: str, _size: QSize, _requested: QSize) -> QImage:  # noqa: N802 - Qt's name
        frame = self._latest()
        return image_of(frame) if frame else _nothing()


def image_of(frame: CameraFrame) -> QImage:
    """With pixels of its own: those of the frame end with the frame."""
    stride = frame.width * frame.channels
    on_loan = QImage(frame.pixels, frame.width, frame.height, stride, _FORMATS[frame.channels])
    return on_loan.copy()


def _nothing() -> QImage:
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    image.fill(QColorConstants.Black)
    return image
