import cv2
import pytest

from hardware_sim.camera.film import frames, write_film
from hardware_sim.camera.scene import Lens
from hardware_sim.camera.stage import Showing

ADDRESS = "bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
SECONDS, FPS, SIZE = 4, 5, (640, 480)


def film():
    return frames(Lens(SIZE), Showing(ADDRESS), SECONDS, FPS)


def all_frames(source):
    video = cv2.VideoCapture(str(source))
    pictures = []
    while (grabbed := video.read())[0]:
        pictures.append(grabbed[1])
    video.release()
    return pictures


@pytest.mark.parametrize("name", ["visit.avi", "visit.mp4"])
def test_a_video_shows_a_visit_from_empty_shop_to_empty_shop(tmp_path, read, name):
    assert write_film(film(), tmp_path / name, FPS, SIZE) == SECONDS * FPS

    texts = [read(frame) for frame in all_frames(tmp_path / name)]
    assert len(texts) == SECONDS * FPS
    assert texts[0] == texts[-1] == []
    held = texts[round(1.4 * FPS) : round(2.6 * FPS)]
    assert held.count([ADDRESS]) >= len(held) - 1


def test_a_folder_of_pictures_reads_as_a_film(tmp_path, read):
    write_film(film(), tmp_path / "visit", FPS, SIZE)

    pictures = sorted((tmp_path / "visit").iterdir())
    assert [picture.name for picture in pictures][:2] == ["frame-0001.png", "frame-0002.png"]
    texts = [read(frame) for frame in all_frames(tmp_path / "visit" / "frame-%04d.png")]
    assert len(texts) == len(pictures) == SECONDS * FPS
    assert [ADDRESS] in texts
