"""What OpenCV plays: a camera, a stream of the network, a video file."""

import time
from pathlib import Path

import numpy as np

from drivers.errors import LinkLost
from drivers.scanner.exposure import EXPOSURES_MS
from drivers.scanner.opencv import cv2
from drivers.scanner.pace import Pace
from drivers.scanner.picture import Frame

# 720p leaves a code some room around it; as MJPEG, because raw 720p does not fit USB 2 at 30 a second.
_CAMERA_SETTINGS = (
    (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
    (cv2.CAP_PROP_FRAME_WIDTH, 1280),
    (cv2.CAP_PROP_FRAME_HEIGHT, 720),
    (cv2.CAP_PROP_BUFFERSIZE, 1),  # what the customer shows now, not what they showed
)
_MANUAL, _AUTOMATIC = (
    1,
    3,
)  # v4l2-controls.h, enum v4l2_exposure_auto_type; 3 is what webcams call so
_EXPOSURE_UNITS_PER_MS = 10  # V4L2_CID_EXPOSURE_ABSOLUTE counts in 100 us
_NETWORK_LIMIT_MS = 5000  # to open and to give a frame; OpenCV's own limits are 30 s
_BUFFERED_MAX = 8  # frames thrown away at once to catch up with a stream
_AT_ONCE_S = 0.005  # a frame that comes quicker lay in a buffer
_FPS_UNKNOWN = 25.0
_FPS_MAX = 60.0


def _retrieve(capture: cv2.VideoCapture, name: str) -> Frame:
    ok, frame = capture.retrieve()
    if not ok:
        raise LinkLost("scanner", f"{name} gave a frame that cannot be decoded")
    return np.asarray(frame, dtype=np.uint8)


class CameraStream:
    """A camera of this machine. It sets the pace itself."""

    def __init__(self, device: Path) -> None:
        if not device.exists():
            raise LinkLost("scanner", f"there is no {device}: is the camera plugged in?")
        self._name = str(device)
        self._capture = cv2.VideoCapture(self._name, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise LinkLost(
                "scanner",
                f"cannot open {device}: is it a camera, may this user read it (group video), "
                "and does no other program have it?",
            )
        for setting, value in _CAMERA_SETTINGS:
            self._capture.set(setting, value)  # a camera that cannot keeps what it has
        self._as_found = (
            self._capture.get(cv2.CAP_PROP_AUTO_EXPOSURE),
            self._capture.get(cv2.CAP_PROP_EXPOSURE),
        )
        if self._is_left_by_a_killed_core():
            self._as_found = (_AUTOMATIC, 0)
            self.expose(None)

    def read(self) -> Frame:
        self.skip()
        return _retrieve(self._capture, self._name)

    def skip(self) -> None:
        if not self._capture.grab():
            raise LinkLost("scanner", f"{self._name} gives no picture any more")

    def _is_left_by_a_killed_core(self) -> bool:
        """A camera keeps its settings as long as it has power. Rounded to its own steps, these are ours."""
        mode, value = self._as_found
        ours = (ms * _EXPOSURE_UNITS_PER_MS for ms in EXPOSURES_MS if ms is not None)
        return mode == _MANUAL and any(abs(value - units) <= 0.1 * units for units in ours)

    def expose(self, exposure_ms: float | None) -> None:
        """None: as it was found, by itself or as somebody set it. A camera that cannot be told goes on as it does."""
        mode, value = self._as_found
        if exposure_ms is not None:
            mode, value = _MANUAL, round(exposure_ms * _EXPOSURE_UNITS_PER_MS)
        if self._capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, mode) and mode == _MANUAL:
            self._capture.set(cv2.CAP_PROP_EXPOSURE, value)

    def close(self) -> None:
        self._capture.release()


class NetworkStream:
    """A camera of the network. Its buffers are long, so what was missed while decoding is thrown away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._capture = cv2.VideoCapture(
            url,
            cv2.CAP_FFMPEG,
            [
                *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _NETWORK_LIMIT_MS),
                *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, _NETWORK_LIMIT_MS),
            ],
        )
        if not self._capture.isOpened():
            raise LinkLost("scanner", f"cannot open the stream {url}")

    def read(self) -> Frame:
        self.skip()
        return _retrieve(self._capture, self._url)

    def skip(self) -> None:
        for _ in range(_BUFFERED_MAX):
            asked_s = time.monotonic()
            if not self._capture.grab():
                raise LinkLost("scanner", f"the stream {self._url} ended or fell silent")
            if time.monotonic() - asked_s > _AT_ONCE_S:
                return

    def expose(self, exposure_ms: float | None) -> None:
        pass

    def close(self) -> None:
        self._capture.release()


class Video:
    """A video file, played in real time, again and again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._capture = self._open()
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self._pace = Pace(1 / (fps if 1 <= fps <= _FPS_MAX else _FPS_UNKNOWN))

    def read(self) -> Frame:
        self.skip()
        return _retrieve(self._capture, str(self._path))

    def skip(self) -> None:
        for _ in range(self._pace.wait()):
            if not self._capture.grab():
                self._play_again()

    def expose(self, exposure_ms: float | None) -> None:
        pass

    def close(self) -> None:
        self._capture.release()

    def _open(self) -> cv2.VideoCapture:
        capture = cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG)
        if not capture.isOpened():
            raise LinkLost(
                "scanner", f"{self._path} is missing, or not a video that can be played"
            )
        return capture

    def _play_again(self) -> None:
        """Opened anew and not rewound: not every container can be."""
        self._capture.release()
        self._capture = self._open()
        if not self._capture.grab():
            raise LinkLost("scanner", f"{self._path} is a video without a picture")
