"""One customer's visit as a file: a video, or a folder of pictures."""

import errno
from collections.abc import Iterator
from pathlib import Path

from hardware_sim.camera.opencv import Frame, cv2
from hardware_sim.camera.scene import Lens
from hardware_sim.camera.stage import Showing, one_visit

_CODECS = {".avi": "MJPG", ".mp4": "mp4v"}


def frames(lens: Lens, showing: Showing, seconds: float, fps: float) -> Iterator[Frame]:
    visit = one_visit(showing, seconds)
    for number in range(round(seconds * fps)):
        now_s = number / fps
        stage = [stage for since_s, stage in visit if since_s <= now_s][-1]
        yield lens.frame(stage, now_s)


def write_film(pictures: Iterator[Frame], out: Path, fps: float, size: tuple[int, int]) -> int:
    """How many frames there are; OSError where the file or folder cannot be written."""
    if out.suffix.lower() in _CODECS:
        return _write_video(pictures, out, fps, size)
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for picture in pictures:
        count += 1
        path = str(out / f"frame-{count:04}.png")
        if not cv2.imwrite(path, picture):
            raise OSError(errno.EIO, "OpenCV cannot write a picture there", path)
    return count


def _write_video(pictures: Iterator[Frame], out: Path, fps: float, size: tuple[int, int]) -> int:
    out.parent.mkdir(parents=True, exist_ok=True)
    codec = cv2.VideoWriter.fourcc(*_CODECS[out.suffix.lower()])
    video = cv2.VideoWriter(str(out), codec, fps, size)
    if not video.isOpened():
        raise OSError(errno.EIO, "OpenCV cannot write a video there", str(out))
    count = 0
    for picture in pictures:
        video.write(picture)
        count += 1
    video.release()
    return count
