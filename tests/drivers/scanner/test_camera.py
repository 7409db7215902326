"""Real files, real videos, a real stream over HTTP."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from drivers.errors import LinkLost
from drivers.scanner import pace, pictures
from drivers.scanner.camera import Camera, open_camera
from drivers.scanner.opencv import cv2
from drivers.scanner.pace import LATE_S, Pace
from drivers.scanner.picture import Picture

FPS = 25
FRAMES = 5


def shade(value: int) -> Picture:
    return np.full((120, 160), value, np.uint8)


def shades(level: Picture) -> int:
    return round(float(level.mean()))


def watch(camera: Camera, frames: int) -> None:
    for _ in range(frames):
        camera.skip()


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Five frames, from dark to light."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (160, 120))
    for frame in range(FRAMES):
        writer.write(cv2.cvtColor(shade(40 * frame), cv2.COLOR_GRAY2BGR))
    writer.release()
    return path


def test_video_is_played_in_real_time_and_over_again(video: Path) -> None:
    with closing(open_camera(str(video))) as camera:
        started_s = time.monotonic()
        levels = [round(shades(camera.read()) / 40) for _ in range(2 * FRAMES)]
        took_s = time.monotonic() - started_s
    assert took_s > (2 * FRAMES - 1) / FPS * 0.9
    assert set(levels) <= set(range(FRAMES))
    assert sum(later < earlier for earlier, later in pairwise(levels)) >= 1  # over again


def test_video_that_vanishes_is_lost(video: Path) -> None:
    with closing(open_camera(str(video))) as camera:
        video.unlink()
        with pytest.raises(LinkLost, match=r"clip\.avi is missing"):
            watch(camera, 3 * FRAMES)


def test_picture_is_shown_until_another_is_written_over_it(tmp_path: Path) -> None:
    path = tmp_path / "code.png"
    cv2.imwrite(str(path), shade(10))
    with closing(open_camera(str(path))) as camera:
        assert shades(camera.read()) == 10
        cv2.imwrite(str(tmp_path / "next.png"), shade(200))
        (tmp_path / "next.png").replace(path)
        assert shades(camera.read()) == 200
        path.unlink()
        with pytest.raises(LinkLost, match="No such file"):
            camera.read()


def test_folder_is_a_film_shown_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "FRAME_S", 0.05)
    for value in (10, 100, 200):
        cv2.imwrite(str(tmp_path / f"{value:03}.png"), shade(value))
    (tmp_path / "notes.txt").write_text("not a picture")
    with closing(open_camera(str(tmp_path))) as camera:
        started_s = time.monotonic()
        seen = [shades(camera.read()) for _ in range(9)]
        took_s = time.monotonic() - started_s
    assert set(seen) == {10, 100, 200}
    assert sum(later < earlier for earlier, later in pairwise(seen)) >= 2  # over again
    assert took_s > 7 * 0.05


def test_colour_picture_becomes_grey(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "red.png"), np.full((50, 50, 3), (0, 0, 255), np.uint8))
    with closing(open_camera(str(tmp_path / "red.png"))) as camera:
        assert camera.read().shape == (50, 50)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("250", "there is no /dev/video250: is the camera plugged in"),
        ("/dev/v4l/by-id/usb-none", "is the camera plugged in"),
        ("gone.avi", "there is no gone.avi"),
        ("gone.png", "cannot read gone.png: No such file"),
        ("http://127.0.0.1:9/", "cannot open the stream http://127.0.0.1:9/"),
    ],
)
def test_missing_source_says_what_to_look_at(source: str, reason: str) -> None:
    with pytest.raises(LinkLost, match=reason):
        open_camera(source)


def test_file_that_is_no_picture_and_empty_folder_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("hello")
    (tmp_path / "a.avi").write_text("hello")
    (tmp_path / "empty").mkdir()
    for name, reason in (
        ("a.png", "not a picture"),
        ("a.avi", "not a video"),
        ("empty", "holds no picture"),
    ):
        with pytest.raises(LinkLost, match=reason):
            open_camera(str(tmp_path / name))


def test_decompression_bomb_is_lost_and_not_unpacked(tmp_path: Path) -> None:
    too_large = shade(0).repeat(160, axis=0).repeat(120, axis=1)
    cv2.imwrite(str(tmp_path / "bomb.png"), too_large, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    with pytest.raises(LinkLost, match=r"bomb\.png: larger than any"):
        open_camera(str(tmp_path))


def test_pipe_named_as_a_picture_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(LinkLost, match=r"pipe\.png is not a file"):
        open_camera(str(tmp_path))


# --- a camera of the network -----------------------------------------------------------------------


class _Stream(BaseHTTPRequestHandler):
    """MJPEG, 25 frames a second, each lighter than the one before, until the server says stop."""

    stop = threading.Event()

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        for frame in range(250):
            jpeg = cv2.imencode(".jpg", shade(frame))[1].tobytes()
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + jpeg + b"\r\n")
            except OSError:
                return
            if self.stop.wait(1 / FPS):
                return

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stream() -> Iterator[str]:
    _Stream.stop.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stream)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/camera"
    _Stream.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_stream_shows_now_and_not_what_was_buffered(stream: str) -> None:
    with closing(open_camera(stream)) as camera:
        before = shades(camera.read())
        time.sleep(8 / FPS)  # a slow decoder
        camera.skip()
        assert shades(camera.read()) >= before + 7


def test_stream_that_ends_is_lost(stream: str) -> None:
    with closing(open_camera(stream)) as camera:
        _Stream.stop.set()
        with pytest.raises(LinkLost, match="ended or fell silent"):
            watch(camera, 50)


# --- pace ------------------------------------------------------------------------------------------


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> Callable[[], float]:
    """Time that passes only by sleeping, or by moving it by hand."""

    class Time:
        now_s = 0.0

        def monotonic(self) -> float:
            return self.now_s

        def sleep(self, duration_s: float) -> None:
            self.now_s += duration_s

    hand = Time()
    monkeypatch.setattr(pace, "time", hand)
    return hand  # type: ignore[return-value]


def test_pace_waits_drops_what_is_late_and_forgets_a_long_pause(slept: object) -> None:
    frames = Pace(0.125)
    assert frames.wait() == 1
    assert frames.wait() == 1
    assert slept.now_s == 0.125  # type: ignore[attr-defined]
    slept.now_s = 0.125 + 4 * 0.125  # type: ignore[attr-defined]
    assert frames.wait() == 4
    slept.now_s += LATE_S + 60  # type: ignore[attr-defined]
    assert frames.wait() == 1
