"""A picture file, or a folder of them as a film, shown to the scanner over and over."""

from pathlib import Path
from stat import S_ISREG

import numpy as np

from drivers.errors import LinkLost
from drivers.scanner.opencv import cv2
from drivers.scanner.pace import Pace
from drivers.scanner.picture import Picture, why_refused

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".pgm", ".ppm"})
FRAME_S = 0.1  # a folder is a film, a picture a frame
_LOAD_TRIES = 3  # a picture may be being written over as we read it

_Version = tuple[Path, int, int]


class Pictures:
    """Looked up anew for every frame: a picture put into the folder, or over the file, is shown."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pace = Pace(FRAME_S)
        self._frame = 0
        self._loaded: tuple[_Version, Picture] | None = None

    def read(self) -> Picture:
        self._frame += self._pace.wait()
        version = self._version(self._current())
        if self._loaded is None or self._loaded[0] != version:
            self._loaded = (version, self._load(version[0]))
        return self._loaded[1]

    def skip(self) -> None:
        self._frame += self._pace.wait()
        self._version(self._current())

    def expose(self, exposure_ms: float | None) -> None:
        pass

    def close(self) -> None:
        self._loaded = None

    def _current(self) -> Path:
        if not self._path.is_dir():
            return self._path
        found = sorted(p for p in self._path.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES)
        if not found:
            raise LinkLost("scanner", f"the folder {self._path} holds no picture")
        return found[self._frame % len(found)]

    def _version(self, picture: Path) -> _Version:
        try:
            stat = picture.stat()
        except OSError as error:
            raise LinkLost("scanner", f"cannot read {picture}: {error.strerror}") from error
        if not S_ISREG(stat.st_mode):  # a pipe would be waited for
            raise LinkLost("scanner", f"{picture} is not a file")
        return picture, stat.st_mtime_ns, stat.st_ino

    def _load(self, picture: Path) -> Picture:
        for _ in range(_LOAD_TRIES):
            try:
                image = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
            except cv2.error as error:
                raise LinkLost("scanner", f"{picture}: {why_refused(error)}") from error
            if image is not None:
                return np.asarray(image, dtype=np.uint8)
            self._pace.wait()
        raise LinkLost("scanner", f"{picture} is not a picture that can be read")
