"""Picture files that are not what they seem, in the folder that stands in for a camera."""

import contextlib
import re
import zlib
from pathlib import Path

import numpy as np

from drivers.scanner.opencv import cv2
from lone_core import running, write_config
from stater_demo.touchscreen import Touchscreen

SIDE_PX = 20_000
MEMORY_MB_MAX = 512  # of the core at its most; a bomb of SIDE_PX, unpacked in colour, is 1,200
ANSWER_S = 20.0


def chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content).to_bytes(4)
    return len(content).to_bytes(4) + name + content + checksum


def png_bomb() -> bytes:
    """All of it: two megabytes that are 1,200 when unpacked."""
    size = SIDE_PX.to_bytes(4) * 2
    packer = zlib.compressobj(1)
    row = bytes(1 + 3 * SIDE_PX)
    packed = b"".join([packer.compress(row) for _ in range(SIDE_PX)] + [packer.flush()])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size + bytes([8, 2, 0, 0, 0]))
        + chunk(b"IDAT", packed)
        + chunk(b"IEND", b"")
    )


def jpeg_bomb() -> bytes:
    """The head of a small one says that it is large."""
    small = jpeg()
    at = (
        small.index(b"\xff\xc0") + 5
    )  # SOF0, its length, the bits of a sample; then height and width
    return small[:at] + SIDE_PX.to_bytes(2) * 2 + small[at + 4 :]


def jpeg(side_px: int = 64) -> bytes:
    grey = np.full((side_px, side_px, 3), 128, np.uint8)
    return cv2.imencode(".jpg", grey)[1].tobytes()


def most_memory_mb(pid: int) -> float:
    told = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert told is not None
    return int(told[1]) / 1024


def test_no_picture_file_ends_the_core_or_fills_its_memory(tmp_path: Path) -> None:
    bad = {
        "bomb.png": png_bomb(),
        "bomb.jpg": jpeg_bomb(),
        "cut.jpg": jpeg()[:200],
    }
    folder = tmp_path / "camera"
    folder.mkdir()
    config = write_config(tmp_path)
    with (
        running(config) as core,
        contextlib.closing(Touchscreen(tmp_path / "screen.sock")) as screen,
    ):

        def wait_for_camera(*, missing: bool) -> None:
            screen.wait_until(
                f"a camera: {not missing}",
                lambda s: ("camera-missing" in s.service.reasons) is missing,
                timeout_s=ANSWER_S,
            )

        for name, content in bad.items():
            (folder / name).write_bytes(content)
            wait_for_camera(missing=True)
            (folder / name).unlink()
            (folder / "really.jpg.png").write_bytes(jpeg())  # by what is in it, not by its name
            wait_for_camera(missing=False)
            (folder / "really.jpg.png").unlink()
            assert core.poll() is None
        (folder / "largest.jpg").write_bytes(jpeg(8_000))
        wait_for_camera(missing=False)
        assert most_memory_mb(core.pid) < MEMORY_MB_MAX
