"""The camera's picture on the scan screen: the right way round, gone with the customer, with a hint that can be read."""

import gc

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

from drivers.scanner.view import Hint
from kiosk.screen_link.preview import CameraFrame
from kiosk.screen_link.snapshot import Notice, ScreenState
from scene import visible_items
from ui.camera_images import image_of
from ui.gallery import Gallery
from ui.samples import sample, sample_frame
from ui.steady_hint import HELD_MS, SteadyHint
from ui.viewfinder import Viewfinder

RED, BLUE = (0, 0, 255), (255, 0, 0)  # as OpenCV has them: blue, green, red


def halves(number: int = 1) -> CameraFrame:
    """Red on the camera's left, blue on its right."""
    pixels = np.zeros((30, 40, 3), dtype=np.uint8)
    pixels[:, :20], pixels[:, 20:] = RED, BLUE
    return CameraFrame(number, 40, 30, 3, (), "", pixels.tobytes())


def find(gallery: Gallery, kind: str) -> list[QQuickItem]:
    items = visible_items(gallery.window.contentItem())
    return [item for item in items if item.metaObject().className().startswith(kind)]


def scan(gallery: Gallery, frame: CameraFrame | None) -> QImage:
    gallery.presenter.receive(sample(ScreenState.SCANNING))
    gallery.presenter.see(frame)
    return gallery.grab()


def colour_at(gallery: Gallery, picture: QImage, across: float) -> QColor:
    (viewfinder,) = find(gallery, "Viewfinder")
    place = viewfinder.mapToScene(QPointF(viewfinder.width() * across, viewfinder.height() / 2))
    return picture.pixelColor(place.toPoint())


class TestThePicture:
    @pytest.mark.parametrize("orientation", ["portrait", "landscape"])
    @pytest.mark.parametrize("mirrored", [False, True])
    def test_it_is_a_mirror_in_either_direction_of_writing(
        self, qtbot: QtBot, orientation: str, *, mirrored: bool
    ) -> None:
        gallery = Gallery(orientation, mirrored=mirrored)
        picture = scan(gallery, halves())
        assert colour_at(gallery, picture, 0.25) == QColor("#0000ff")
        assert colour_at(gallery, picture, 0.75) == QColor("#ff0000")
        gallery.close()

    def test_a_grey_one_is_grey(self, portrait: Gallery) -> None:
        grey = CameraFrame(1, 4, 4, 1, (), "", bytes([90] * 16))
        assert colour_at(portrait, scan(portrait, grey), 0.3) == QColor(90, 90, 90)

    def test_each_frame_replaces_the_one_before(self, portrait: Gallery) -> None:
        scan(portrait, halves())
        black = CameraFrame(2, 40, 30, 3, (), "", bytes(40 * 30 * 3))
        assert colour_at(portrait, scan(portrait, black), 0.25) == QColor("#000000")

    def test_it_has_pixels_of_its_own(self) -> None:
        frame = halves()
        image = image_of(frame)
        del frame
        gc.collect()
        _fill = [bytes([n]) * 3600 for n in range(50)]
        assert image.pixelColor(5, 5) == QColor("#ff0000")

    def test_the_code_is_outlined_and_ticked_when_found(self, portrait: Gallery) -> None:
        scan(portrait, halves())
        assert not find(portrait, "QQuickShape")[1:]  # the deadline's ring
        scan(portrait, sample_frame("closer"))
        assert len(find(portrait, "QQuickShape")) == 2
        scan(portrait, sample_frame("found"))
        assert find(portrait, "TickPicture")

    def test_without_one_a_drawing_says_what_to_do(self, portrait: Gallery) -> None:
        scan(portrait, None)
        assert find(portrait, "PhonePicture")
        scan(portrait, halves())
        assert not find(portrait, "PhonePicture")
        scan(portrait, None)
        assert find(portrait, "PhonePicture")
        assert not find(portrait, "Viewfinder")


class TestOneInstruction:
    def test_the_hint_replaces_the_notice_that_says_less(self, portrait: Gallery) -> None:
        unreadable = Notice(code="qr_unreadable")
        portrait.presenter.receive(sample(ScreenState.SCANNING, notice=unreadable))
        assert "could not be read" in portrait.presenter.page.notice
        portrait.presenter.see(sample_frame("less_glare"))
        assert portrait.presenter.page.notice == ""
        assert "Tilt" in portrait.presenter.camera.hint
        portrait.presenter.see(None)
        assert "could not be read" in portrait.presenter.page.notice

    def test_what_the_code_is_stands_beside_any_hint(self, portrait: Gallery) -> None:
        wrong = sample(ScreenState.SCANNING, notice=Notice(code="qr_wrong_coin"))
        portrait.presenter.receive(wrong)
        portrait.presenter.see(sample_frame("found"))
        assert "another currency" in portrait.presenter.page.notice


class TestPrivacy:
    def test_it_is_gone_with_the_scan_screen_and_does_not_come_back(
        self, portrait: Gallery
    ) -> None:
        told: list[bool] = []
        portrait.presenter.scanning.connect(told.append)
        scan(portrait, halves())
        portrait.presenter.receive(sample(ScreenState.CONFIRMING_WALLET))
        portrait.presenter.see(halves(2))  # one that was on its way
        assert portrait.presenter.latest_frame() is None
        portrait.presenter.receive(sample(ScreenState.SCANNING))
        assert portrait.presenter.camera.source == ""
        assert told == [True, False, True]

    def test_it_is_gone_with_the_core(self, portrait: Gallery) -> None:
        scan(portrait, halves())
        portrait.presenter.lose_core()
        assert portrait.presenter.camera.source == ""


class TestLooking:
    def test_only_while_it_is_wanted(self, qtbot: QtBot) -> None:
        looks: list[CameraFrame | None] = []
        frames = [halves(1), halves(2)]

        def read(last: CameraFrame | None) -> CameraFrame | None:
            looks.append(last)
            return frames[min(len(looks), 2) - 1]

        viewfinder = Viewfinder(read)
        seen: list[CameraFrame | None] = []
        viewfinder.seen.connect(seen.append)
        QCoreApplication.processEvents()
        assert not looks
        viewfinder.watch(True)
        qtbot.waitUntil(lambda: len(looks) >= 4)
        viewfinder.watch(False)
        assert not viewfinder._timer.isActive()
        assert seen == [*frames, None]
        assert looks[:4] == [None, *frames, frames[1]]


class TestHints:
    def test_one_stays_long_enough_to_be_read(self) -> None:
        hint = SteadyHint()
        assert hint.hear("closer", 0) == "closer"
        changing = [hint.hear(("", "farther")[n % 2], n) for n in range(HELD_MS)]
        assert set(changing) == {"closer"}
        assert hint.hear("farther", HELD_MS) == "farther"

    def test_found_is_said_at_once_and_stays(self) -> None:
        hint = SteadyHint()
        hint.hear("closer", 0)
        assert hint.hear("found", 1) == "found"
        assert hint.hear("closer", 2) == "found"

    def test_the_next_customer_begins_without_one(self, portrait: Gallery) -> None:
        scan(portrait, sample_frame("found"))
        portrait.presenter.receive(sample(ScreenState.IDLE))
        scan(portrait, sample_frame(Hint.NONE.value))
        assert portrait.presenter.camera.hint == "Hold the code inside this picture."
        assert not portrait.presenter.camera.found
