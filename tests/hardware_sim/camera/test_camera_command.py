"""The camera as a kiosk meets it: another process, a URL, and OpenCV at this end."""

import json
import os
import subprocess
import sys
import time
from http.client import HTTPConnection

import cv2
import pytest
from click.testing import CliRunner

from hardware_sim.camera.command import camera

ADDRESS = "bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
PROGRAM = "from hardware_sim.camera.command import camera; camera()"
ENOUGH_S = 10  # far more than anything here takes


class Live:
    def __init__(self, port=0):
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "--serve", str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self.hear()["url"]
        self.port = int(self.url.split(":")[2].split("/")[0])

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def do(self, words):
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()
        return self.hear()

    def end(self):
        if self.process.poll() is None:
            self.process.stdin.write("quit\n")
        self.process.stdin.close()
        assert self.process.wait(ENOUGH_S) == 0
        self.process.stdout.close()


@pytest.fixture
def live():
    camera = Live()
    yield camera
    camera.end()


def frames_until(video, wanted):
    """Whether a frame as wanted comes before the deadline."""
    deadline = time.monotonic() + ENOUGH_S
    while time.monotonic() < deadline:
        grabbed, frame = video.read()
        if grabbed and wanted(frame):
            return True
    return False


def test_what_is_typed_is_seen(live, read):
    video = cv2.VideoCapture(live.url)
    assert frames_until(video, lambda frame: frame.shape == (540, 960, 3) and not read(frame))

    assert live.do(f"show {ADDRESS}")["event"] == "done"
    assert frames_until(video, lambda frame: read(frame) == [ADDRESS])
    live.do("cover")
    assert frames_until(video, lambda frame: frame.max() < 60)
    live.do("uncover")
    assert frames_until(video, lambda frame: read(frame) == [ADDRESS])
    live.do("blur")
    assert frames_until(video, lambda frame: not read(frame) and frame.max() > 60)
    live.do(f"show-dark {ADDRESS}")
    assert frames_until(video, lambda frame: read(255 - frame) == [ADDRESS])
    live.do("hide")
    assert frames_until(video, lambda frame: not read(255 - frame))
    video.release()


def test_it_comes_back_at_the_same_address(live):
    video = cv2.VideoCapture(live.url)
    assert video.read()[0]
    live.end()
    assert not all(video.read()[0] for _ in range(100))  # an end, once what is buffered is used up
    video.release()

    again = Live(live.port)
    assert again.url == live.url
    video = cv2.VideoCapture(again.url)
    assert video.read()[0]
    video.release()
    again.end()


def test_two_may_watch_and_each_may_leave(live):
    one, other = viewer(live), viewer(live)
    assert other.readline() == one.readline() == b"--frame\r\n"
    assert one.headers["Content-Type"] == "multipart/x-mixed-replace; boundary=frame"
    other.close()
    assert len(one.read(100_000)) == 100_000
    one.close()


def viewer(live):
    connection = HTTPConnection("127.0.0.1", live.port, timeout=ENOUGH_S)
    connection.request("GET", "/stream.mjpg")
    return connection.getresponse()  # closes the connection with itself: the answer has no length


def test_words_it_refuses(live):
    assert "show one first" in live.do("blur")["why"]
    wink = live.do("wink")
    assert wink["line"] == "wink"
    assert "not understood" in wink["why"]
    assert "3000 bytes" in live.do("show " + "x" * 3000)["why"]
    assert live.do("show")["event"] == "refused"


def test_it_starts_quickly():
    begun = os.times()
    Live().end()
    ended = os.times()
    used = (ended.children_user - begun.children_user) + (
        ended.children_system - begun.children_system
    )
    assert used < 1.5  # seconds of a core, whatever else the machine does


def test_a_film_from_the_command_line(tmp_path):
    out = tmp_path / "visit.avi"
    options = ["--text", ADDRESS, "--out", str(out), "--seconds", "4", "--fps", "2"]
    result = CliRunner().invoke(camera, options)

    assert json.loads(result.output) == {
        "event": "film",
        "out": str(out),
        "frames": 8,
        "fps": 2,
    }
    assert out.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ([], "--serve"),
        (["--text", "x"], "--out"),
        (["--text", "x" * 3000, "--out", "film.avi"], "3000 bytes"),
        (["--text", "x", "--out", "film.avi", "--seconds", "1"], "seconds"),
        (["--serve", "70000"], "65535"),
        (["--serve", "0", "--text", "x" * 3000], "3000 bytes"),
        (["--text", "x", "--out", "/proc/x/visit"], "cannot write /proc/x/visit: No such file or"),
        (["--text", "x", "--out", "/proc/x.avi"], "cannot write /proc/x.avi: OpenCV cannot"),
    ],
)
def test_options_that_make_no_sense_are_explained(tmp_path, monkeypatch, options, complaint):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(camera, options)

    assert result.exit_code != 0
    assert complaint in result.output
    assert "Traceback" not in result.output


def test_opencv_leaves_no_qt_path_behind():
    program = (
        "import os; from hardware_sim.camera.opencv import cv2;"
        "print([name for name in os.environ if name.startswith('QT_QPA_')])"
    )
    environment = {name: text for name, text in os.environ.items() if "QT_" not in name}
    output = subprocess.check_output([sys.executable, "-c", program], env=environment, text=True)
    assert output.strip() == "[]"
