"""The core's end of the camera's picture: what the scanner shows, put where the screen may read it.

Responsible for: a file in shared memory that is there only while somebody scans, that only the screen's group can
read, and that is wiped before it goes. What a killed core left behind is gone when the next one starts.
Not responsible for: the sale, which goes on without any picture.
"""

import logging
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

from drivers.scanner.view import View
from kiosk.screen_link.preview import (
    FILE_BYTES,
    SLOTS,
    CameraFrame,
    is_drawable,
    pack_frame,
    pack_head,
    slot_offset,
)

log = logging.getLogger(__name__)


class PreviewWriter:
    """`show` is called on the scanner's thread, `close` on the core's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._slot = 0
        self._file: int | None = None
        self._is_over = False
        with suppress(OSError):  # what a killed core left
            path.unlink()

    def show(self, view: View | None) -> None:
        """None, when scanning stops, leaves no pixel behind."""
        with self._lock:
            if self._is_over:
                return
            if view is None:
                self._wipe()
                return
            try:
                self._write(view)
            except OSError as error:
                self._give_up(error)

    def close(self) -> None:
        with self._lock:
            self._end()

    def _write(self, view: View) -> None:
        height, width, *colours = view.picture.shape
        frame = CameraFrame(
            written_ns=time.monotonic_ns(),
            width=width,
            height=height,
            channels=colours[0] if colours else 1,
            outline=view.outline if is_drawable(view.outline) else (),
            hint=view.hint.value,
            pixels=view.picture.tobytes(),
        )
        if not frame.is_sound:
            self._give_up(f"it is of {view.picture.shape}")
            return
        if self._file is None:
            self._file = _make(self._path)
        self._slot = (self._slot + 1) % SLOTS
        _put(self._file, pack_frame(frame), slot_offset(self._slot))
        _put(self._file, pack_head(self._slot, frame.written_ns), 0)

    def _wipe(self) -> None:
        """Whoever still has it open sees nothing either."""
        if self._file is None:
            return
        with suppress(OSError):
            _put(self._file, bytes(FILE_BYTES), 0)
        with suppress(OSError):
            self._path.unlink()
        os.close(self._file)
        self._file = None

    def _give_up(self, why: object) -> None:
        """Once: a log can be filled, and a customer be helped without it."""
        log.warning("the screen cannot show the camera's picture: %s", why)
        self._end()

    def _end(self) -> None:
        self._wipe()
        self._is_over = True


def _make(path: Path) -> int:
    """Ours alone and anew: what somebody else put there under this name is not written to."""
    path.unlink(missing_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    try:
        os.fchmod(file, 0o640)  # whatever the umask: the screen is another user of our group
        os.posix_fallocate(file, 0, FILE_BYTES)  # now, so that no frame finds the memory full
    except OSError:
        os.close(file)
        with suppress(OSError):
            path.unlink()
        raise
    return file


def _put(file: int, data: bytes, offset: int) -> None:
    if os.pwrite(file, data, offset) != len(data):
        raise OSError("shared memory took only a part of it")
