"""The camera's picture on its way to the screen: in shared memory, and nowhere else.

Responsible for: the form of that memory, and reading it so that whatever lies there is a whole fresh frame or none.
Not responsible for: writing it (`preview_writer.py`), or what the hints mean (the screen's words).

A file of fixed size in /dev/shm: a head that names the newest slot, and two slots to write by turns. Neither side
ever waits. A slot carries a checksum, so a frame that was overtaken while it was read is not shown; no lock
between two processes in Python could promise that on every processor. It is read, not mapped: a file that
shrinks under a mapping is a SIGBUS.
"""

import os
import struct
import time
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # a tmpfs: memory, never a disk
FRESH_NS = 1_000_000_000  # an older frame is of a camera that is away, or a core
SIDE_PX_MAX = 480

MAGIC = b"STATERP1"  # with the version of this form
CORNERS = 4
_HEAD = struct.Struct("<8sBQ")  # magic, newest slot, when it was written
_CHECKSUM = struct.Struct("<I")
_SLOT = struct.Struct("<QHHBB16s8f")  # when, width, height, channels, corners, hint, outline
SLOTS = 2
_SLOT_BYTES = _CHECKSUM.size + _SLOT.size + SIDE_PX_MAX * SIDE_PX_MAX * 3
FILE_BYTES = _HEAD.size + SLOTS * _SLOT_BYTES

Outline = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class CameraFrame:
    written_ns: int  # of CLOCK_MONOTONIC, which all processes of a machine share
    width: int
    height: int
    channels: int  # 1: grey; 3: blue, green, red
    outline: Outline  # four corners as shares of the picture, or none
    hint: str
    pixels: bytes

    @property
    def is_sound(self) -> bool:
        in_size = 0 < self.width <= SIDE_PX_MAX and 0 < self.height <= SIDE_PX_MAX
        is_whole = len(self.pixels) == self.width * self.height * self.channels
        return in_size and is_whole and is_drawable(self.outline) and self.channels in (1, 3)


def is_drawable(outline: Outline) -> bool:
    """None at all is; so is one that reaches out of the picture, as a code may."""
    shares = [share for corner in outline for share in corner]
    return len(shares) in (0, 2 * CORNERS) and all(-1 <= share <= 2 for share in shares)


def preview_path(socket: Path) -> Path:
    """Both sides know the screen's socket, so both know this."""
    name = sha256(os.path.abspath(socket).encode()).hexdigest()[:16]  # noqa: PTH100  # no link is followed
    return SHARED_MEMORY / f"stater-preview-{name}"


def slot_offset(slot: int) -> int:
    return _HEAD.size + slot * _SLOT_BYTES


def pack_head(slot: int, written_ns: int) -> bytes:
    return _HEAD.pack(MAGIC, slot, written_ns)


def pack_frame(frame: CameraFrame) -> bytes:
    corners = [share for corner in frame.outline for share in corner] or [0.0] * 2 * CORNERS
    head = _SLOT.pack(
        frame.written_ns,
        frame.width,
        frame.height,
        frame.channels,
        len(frame.outline),
        frame.hint.encode("ascii"),
        *corners,
    )
    return _CHECKSUM.pack(zlib.crc32(frame.pixels, zlib.crc32(head))) + head + frame.pixels


def unpack_frame(slot: bytes) -> CameraFrame | None:
    """None unless every byte is what was written."""
    if len(slot) < _CHECKSUM.size + _SLOT.size:
        return None
    (checksum,) = _CHECKSUM.unpack_from(slot)
    written_ns, width, height, channels, corners, hint, *shares = _SLOT.unpack_from(
        slot, _CHECKSUM.size
    )
    end = _CHECKSUM.size + _SLOT.size + width * height * channels
    content = memoryview(slot)[_CHECKSUM.size : end]
    if zlib.crc32(content) != checksum:
        return None
    frame = CameraFrame(
        written_ns=written_ns,
        width=width,
        height=height,
        channels=channels,
        outline=tuple(zip(shares[::2], shares[1::2], strict=True))[:corners],
        hint=hint.rstrip(b"\0").decode("ascii", "replace"),
        pixels=bytes(content[_SLOT.size :]),
    )
    return frame if frame.is_sound else None


def read_frame(path: Path, last: CameraFrame | None = None) -> CameraFrame | None:
    """The newest frame; `last` itself while there is no newer one; None when there is none, or no fresh one.

    Opened anew each time: a core that restarted has another file."""
    try:
        # What others may have put there: no link is followed, no pipe is waited for.
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return _newest(file, last)
    except OSError:
        return None
    finally:
        os.close(file)


def _newest(file: int, last: CameraFrame | None) -> CameraFrame | None:
    head = os.pread(file, _HEAD.size, 0)
    if len(head) < _HEAD.size:
        return None
    magic, slot, written_ns = _HEAD.unpack(head)
    if magic != MAGIC or slot >= SLOTS or not _is_fresh(written_ns):
        return None
    if last is not None and last.written_ns == written_ns:
        return last
    frame = unpack_frame(os.pread(file, _SLOT_BYTES, slot_offset(slot)))
    if frame is not None and _is_fresh(frame.written_ns):
        return frame
    # Overtaken while it was read: the next one is whole.
    return last if last is not None and _is_fresh(last.written_ns) else None


def _is_fresh(written_ns: int) -> bool:
    return 0 <= time.monotonic_ns() - written_ns <= FRESH_NS
