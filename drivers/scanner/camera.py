"""Where pictures come from: a camera, a stream, a video, a picture, or a folder of pictures.

Responsible for: opening a source by its name, saying clearly why it does not open, and giving frames in
real time. Videos and pictures are played at their pace, over and over, so that a file stands in for a
camera.
Not responsible for: trying again, which the scanner does.
"""

from pathlib import Path
from typing import Protocol

from drivers.errors import LinkLost
from drivers.scanner.picture import Frame
from drivers.scanner.pictures import PICTURE_SUFFIXES, Pictures
from drivers.scanner.streams import CameraStream, NetworkStream, Video

DEVICE = "scanner"

_DEVICE_PATHS = ("/dev/video", "/dev/v4l/")  # the second by stable names: by-id, by-path


class Camera(Protocol):
    def read(self) -> Frame:
        """The next frame, as soon as there is one. Raises LinkLost."""
        ...

    def skip(self) -> None:
        """Lets a frame go by without decoding it. Raises LinkLost."""
        ...

    def expose(self, exposure_ms: float | None) -> None:
        """None: as it was found. What cannot be told goes on as it does."""
        ...

    def close(self) -> None: ...


def open_camera(source: str) -> Camera:
    """`source` is a device index ("0"), a device's path, a URL, or the path of a video, a picture or a
    folder of pictures. Raises LinkLost unless it has given its first frame."""
    camera = _open(source)
    try:
        camera.read()
    except LinkLost:
        camera.close()
        raise
    return camera


def _open(source: str) -> Camera:
    if source.isascii() and source.isdecimal():
        return CameraStream(Path(f"/dev/video{source}"))
    if "://" in source:
        return NetworkStream(source)
    path = Path(source)
    if source.startswith(_DEVICE_PATHS):
        return CameraStream(path)
    if path.is_dir() or path.suffix.lower() in PICTURE_SUFFIXES:
        return Pictures(path)
    if path.is_file():
        return Video(path)
    raise LinkLost(DEVICE, f"there is no {source}: name a camera, a video, a picture or a folder")
