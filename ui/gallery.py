"""Renders every screen to a picture, without a display: `python -m ui.gallery --out DIR`."""

import os
from pathlib import Path

import click
from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QGuiApplication, QImage

from kiosk.screen_link.snapshot import ScreenState
from ui.build import ensure_translations
from ui.pages.away import PATIENCE_MS
from ui.presenter import AWAY, Presenter
from ui.samples import sample, sample_frame
from ui.window import LANDSCAPE, PORTRAIT, Look, ScreenWindow


class Gallery(QObject):
    """One window that is shown one sample after the other, on a clock moved by hand."""

    def __init__(self, orientation: str, *, mirrored: bool = False) -> None:
        super().__init__()
        self._monotonic_ms = 0
        self.presenter = Presenter(lambda: self._monotonic_ms)
        self.screen = ScreenWindow(self.presenter, Look(orientation, mirrored, still=True))
        self.window = self.screen.window
        self.window.resize(LANDSCAPE if orientation == "landscape" else PORTRAIT)
        self.window.show()

    def advance(self, ms: int) -> None:
        self._monotonic_ms += ms
        self.presenter.refresh()

    def lose_core_for_long(self) -> None:
        self.presenter.lose_core()
        self.advance(PATIENCE_MS)

    def grab(self) -> QImage:
        QCoreApplication.processEvents()
        return self.window.grabWindow()

    def close(self) -> None:
        self.screen.close()


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder for the pictures; made if it is not there.",
)
@click.option("--language", default="en", show_default=True, help="Language code of the texts.")
@click.option(
    "--portrait/--landscape", default=True, show_default=True, help="The shape of the screen."
)
@click.option("--mirrored", is_flag=True, help="Lay out from right to left.")
@click.option(
    "--network", default="bitcoin", show_default=True, help="bitcoin, practice or regtest."
)
@click.option("--scale", type=click.FloatRange(0.1, 1.0), default=1.0, help="Shrink the pictures.")
def main(out: Path, *, portrait: bool, mirrored: bool, scale: float, **changes: str) -> None:
    """Render every screen from sample snapshots to PNG files."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    ensure_translations()
    app = QGuiApplication([])
    gallery = Gallery("portrait" if portrait else "landscape", mirrored=mirrored)
    out.mkdir(parents=True, exist_ok=True)
    for number, state in enumerate(ScreenState, 1):
        gallery.presenter.receive(sample(state, **changes))
        gallery.presenter.see(sample_frame())
        keep(gallery.grab(), out / f"{number:02}-{state.value}.png", scale)
    gallery.lose_core_for_long()
    keep(gallery.grab(), out / f"{len(ScreenState) + 1:02}-{AWAY}.png", scale)
    gallery.close()
    del gallery, app


def keep(image: QImage, path: Path, scale: float) -> None:
    width = round(image.width() * scale)
    scaled = image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
    scaled.convertToFormat(QImage.Format.Format_RGB888).save(str(path), quality=0)  # the smallest


if __name__ == "__main__":
    main(prog_name="python -m ui.gallery")
