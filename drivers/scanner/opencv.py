"""The one door to OpenCV: everybody takes `cv2` from here.

Responsible for: undoing what importing OpenCV does to the environment, keeping it from writing to
stderr, and setting its limits. Its wheel brings a Qt 5 of its own and points Qt's variables at it,
which misleads the screen's Qt 6 and whoever reads its error messages; it also puts the current
directory on the library path of every child process.
"""

import os
from pathlib import Path

_OVERWRITTEN = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")

# Read by OpenCV's C++ when it first opens a source; whoever debugs a camera may set them otherwise.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")  # s; its own default is 10

os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(2**26))  # its own default takes 3 GB

_before = {name: os.environ.get(name) for name in _OVERWRITTEN}

import cv2  # noqa: E402  # after the settings above

__all__ = ["cv2"]


def _is_opencvs(value: str | None) -> bool:
    return value is not None and value.startswith(str(Path(cv2.__file__).parent))


for _name, _value in _before.items():
    if _is_opencvs(os.environ.get(_name)):
        if _value is None or _is_opencvs(_value):
            del os.environ[_name]
        else:
            os.environ[_name] = _value

cv2.setNumThreads(1)  # two cores serve the whole kiosk
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # a missing camera is our event
