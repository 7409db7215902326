"""What the camera sees, for QML."""
# ruff: noqa: N815 - QML names are camelCase

from PySide6.QtCore import Property, QObject, QPointF, Signal
from PySide6.QtQml import QmlElement

from ui.pages.camera import Camera
from ui.view_models.props import QVariantList, announce_changes, double

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class CameraViewModel(QObject):
    sourceChanged = Signal()
    aspectChanged = Signal()
    outlineChanged = Signal()
    hintChanged = Signal()
    foundChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._camera = Camera()

    def show(self, camera: Camera) -> None:
        old, self._camera = self._camera, camera
        announce_changes(self, old, camera)

    @Property(str, notify=sourceChanged)
    def source(self) -> str:
        return self._camera.source

    @Property(double, notify=aspectChanged)
    def aspect(self) -> float:
        return self._camera.aspect

    @Property(QVariantList, notify=outlineChanged)
    def outline(self) -> list[QPointF]:
        return [QPointF(x, y) for x, y in self._camera.outline]

    @Property(str, notify=hintChanged)
    def hint(self) -> str:
        return self._camera.hint

    @Property(bool, notify=foundChanged)
    def found(self) -> bool:
        return self._camera.found
