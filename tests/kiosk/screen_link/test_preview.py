"""Two processes, one piece of memory: whole fresh frames or none, and nothing left behind."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from drivers.scanner.view import VIEW_SIDE_PX_MAX, Hint, View
from kiosk.screen_link import preview
from kiosk.screen_link.preview import (
    FILE_BYTES,
    FRESH_NS,
    SHARED_MEMORY,
    SIDE_PX_MAX,
    CameraFrame,
    pack_frame,
    pack_head,
    preview_path,
    read_frame,
    slot_offset,
    unpack_frame,
)
from kiosk.screen_link.preview_writer import PreviewWriter

OUTLINE = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
COLOUR = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)

# A picture of one colour, whose outline says which: as fast as it can, until it is killed.
STORM = """
import sys
from pathlib import Path
import numpy as np
from drivers.scanner.view import Hint, View
from kiosk.screen_link.preview_writer import PreviewWriter
writer = PreviewWriter(Path(sys.argv[1]))
for number in range(10**9):
    shade = number % 256
    picture = np.full((480 - number % 7, 480, 3), shade, dtype=np.uint8)
    writer.show(View(picture, ((shade / 255, number % 7 / 7), (0, 0), (0, 0), (0, 0)), Hint.FOUND))
"""


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    path = preview_path(tmp_path / "screen.sock")
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def writer(path: Path) -> Iterator[PreviewWriter]:
    writer = PreviewWriter(path)
    yield writer
    writer.close()


@pytest.fixture
def storm(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", STORM, str(path)])
    yield process
    process.kill()
    process.wait()


def until(holds: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end_s


def frame(**changes: object) -> CameraFrame:
    values: dict[str, object] = {
        "written_ns": time.monotonic_ns(),
        "width": 8,
        "height": 6,
        "channels": 3,
        "outline": OUTLINE,
        "hint": "closer",
        "pixels": COLOUR.tobytes(),
    }
    return CameraFrame(**(values | changes))  # type: ignore[arg-type]


def put(path: Path, frame: CameraFrame) -> None:
    content = bytearray(FILE_BYTES)
    content[: len(pack_head(0, 0))] = pack_head(0, frame.written_ns)
    slot = pack_frame(frame)
    content[slot_offset(0) : slot_offset(0) + len(slot)] = slot
    path.write_bytes(content)


class TestWhatIsShown:
    def test_a_frame_arrives_as_it_was_written(self, path: Path, writer: PreviewWriter) -> None:
        writer.show(View(COLOUR, OUTLINE, Hint.HOLD_STILL))
        seen = read_frame(path)
        assert seen is not None
        assert (seen.width, seen.height, seen.channels) == (8, 6, 3)
        assert (seen.outline, seen.hint) == (OUTLINE, "hold_still")
        assert seen.pixels == COLOUR.tobytes()

    def test_a_grey_one_without_a_code_too(self, path: Path, writer: PreviewWriter) -> None:
        writer.show(View(COLOUR[:, :, 0]))
        seen = read_frame(path)
        assert seen is not None
        assert (seen.channels, seen.outline, seen.hint) == (1, (), "")
        assert seen.pixels == COLOUR[:, :, 0].tobytes()

    def test_the_largest_fits(self, path: Path, writer: PreviewWriter) -> None:
        side = (VIEW_SIDE_PX_MAX, VIEW_SIDE_PX_MAX, 3)
        writer.show(View(np.full(side, 7, dtype=np.uint8)))
        seen = read_frame(path)
        assert seen is not None
        assert seen.pixels == bytes([7]) * (SIDE_PX_MAX * SIDE_PX_MAX * 3)

    def test_an_outline_that_nobody_can_draw_costs_the_outline_alone(
        self, path: Path, writer: PreviewWriter
    ) -> None:
        for outline in (
            OUTLINE[:3],
            ((0.0, 1e9), *OUTLINE[1:]),
            ((float("nan"), 0), *OUTLINE[1:]),
        ):
            writer.show(View(COLOUR, outline))
            seen = read_frame(path)
            assert seen is not None
            assert seen.outline == ()

    def test_the_same_frame_is_the_same_object(self, path: Path, writer: PreviewWriter) -> None:
        writer.show(View(COLOUR))
        first = read_frame(path)
        assert first is not None
        assert read_frame(path, first) is first
        writer.show(View(COLOUR))
        assert read_frame(path, first) is not first

    def test_a_core_that_restarted_is_seen_at_once(self, path: Path) -> None:
        PreviewWriter(path).show(View(COLOUR))
        first = read_frame(path)
        assert first is not None
        second = PreviewWriter(path)
        assert read_frame(path, first) is None
        second.show(View(COLOUR[:3]))
        seen = read_frame(path, first)
        assert seen is not None
        assert seen.height == 3
        second.close()


class TestNothingIsLeftBehind:
    @pytest.mark.parametrize("end", ["stopped", "closed"])
    def test_no_pixel_and_no_file_once_nobody_scans(
        self, path: Path, writer: PreviewWriter, end: str
    ) -> None:
        for _ in range(3):
            writer.show(View(COLOUR))
        last = read_frame(path)
        assert last is not None
        with path.open("rb") as held:
            if end == "stopped":
                writer.show(None)
            else:
                writer.close()
            assert held.read() == bytes(FILE_BYTES)
        assert read_frame(path, last) is None
        assert not path.exists()

    def test_the_next_customer_is_shown_too(self, path: Path, writer: PreviewWriter) -> None:
        writer.show(View(COLOUR))
        writer.show(None)
        writer.show(View(COLOUR[:3]))
        seen = read_frame(path)
        assert seen is not None
        assert seen.height == 3

    def test_the_scanners_last_word_may_come_late(self, path: Path, writer: PreviewWriter) -> None:
        writer.close()
        writer.show(View(COLOUR))
        assert not path.exists()

    def test_what_a_killed_core_left_goes_when_the_next_one_starts(self, path: Path) -> None:
        put(path, frame())
        PreviewWriter(path)
        assert not path.exists()

    def test_it_is_memory_of_the_group_alone(self, path: Path, writer: PreviewWriter) -> None:
        writer.show(View(COLOUR))
        assert path.parent == SHARED_MEMORY
        assert path.stat().st_mode & 0o777 == 0o640


class TestTheScreenSurvives:
    def test_no_file(self, path: Path) -> None:
        assert read_frame(path) is None

    @pytest.mark.parametrize(
        "content", [b"", b"STATERP1", b"x" * 100, os.urandom(FILE_BYTES), bytes(FILE_BYTES)]
    )
    def test_what_is_no_preview(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        assert read_frame(path) is None

    def test_a_pipe_is_not_waited_for(self, path: Path) -> None:
        os.mkfifo(path)
        assert read_frame(path) is None

    def test_a_folder(self, path: Path) -> None:
        path.mkdir()
        assert read_frame(path) is None
        path.rmdir()

    def test_a_link_is_not_followed(self, path: Path, tmp_path: Path) -> None:
        put(tmp_path / "elsewhere", frame())
        path.symlink_to(tmp_path / "elsewhere")
        assert read_frame(path) is None

    def test_a_file_that_was_cut(self, path: Path) -> None:
        put(path, frame())
        whole = path.read_bytes()
        end = slot_offset(0) + len(pack_frame(frame()))
        path.write_bytes(whole[:end])
        assert read_frame(path) is not None
        for length in range(end):
            path.write_bytes(whole[:length])
            assert read_frame(path) is None

    @pytest.mark.parametrize(
        "changes",
        [
            {"width": 0, "pixels": b""},
            {"height": SIDE_PX_MAX + 1, "pixels": bytes(8 * (SIDE_PX_MAX + 1) * 3)},
            {"channels": 2, "pixels": bytes(8 * 6 * 2)},
            {"channels": 4, "pixels": bytes(8 * 6 * 4)},
            {"outline": ((float("nan"), 0.0), *OUTLINE[1:])},
            {"outline": ((0.0, 1e9), *OUTLINE[1:])},
        ],
    )
    def test_a_frame_that_cannot_be(self, changes: dict[str, object]) -> None:
        assert unpack_frame(pack_frame(frame())) is not None
        assert unpack_frame(pack_frame(frame(**changes))) is None

    def test_two_frames_in_one_are_none(self) -> None:
        """As a reader finds it that was overtaken, wherever the writer has got to."""
        one = pack_frame(frame(written_ns=1))
        other = pack_frame(frame(written_ns=2, hint="found", pixels=COLOUR[::-1].tobytes()))
        for end in range(1, len(one)):
            torn = unpack_frame(other[:end] + one[end:])
            assert torn is None or torn in (unpack_frame(one), unpack_frame(other)), end

    def test_every_wrong_byte_is_noticed(self) -> None:
        sound = pack_frame(frame())
        for index in range(len(sound)):
            broken = bytearray(sound)
            broken[index] ^= 0x40
            assert unpack_frame(bytes(broken)) is None, index


class TestStaleFrames:
    @pytest.mark.parametrize("age_ns", [FRESH_NS + 1, -FRESH_NS])
    def test_an_old_frame_is_none_and_so_is_one_from_the_future(
        self, path: Path, age_ns: int
    ) -> None:
        put(path, frame(written_ns=time.monotonic_ns() - age_ns))
        assert read_frame(path) is None

    def test_one_that_grows_old_vanishes(
        self, path: Path, writer: PreviewWriter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        writer.show(View(COLOUR))
        last = read_frame(path)
        assert last is not None
        monkeypatch.setattr(preview, "FRESH_NS", 0)
        assert read_frame(path, last) is None


class TestTwoProcesses:
    def test_no_torn_frame_is_ever_shown_not_even_of_a_killed_writer(
        self,
        path: Path,
        storm: subprocess.Popen[bytes],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        seen, last = 0, None

        def look() -> CameraFrame | None:
            nonlocal seen, last
            frame = last = read_frame(path, last)
            if frame is not None:
                (shade, rows_less), *_ = frame.outline
                assert frame.pixels == bytes([round(shade * 255)]) * len(frame.pixels)
                assert frame.height == 480 - round(rows_less * 7)
                seen += 1
            return frame

        until(lambda: look() is not None and seen >= 200)
        storm.kill()  # in the middle of whatever it does
        storm.wait()
        look()
        monkeypatch.setattr(preview, "FRESH_NS", 50_000_000)
        until(lambda: look() is None)

    def test_a_write_that_was_cut_short_leaves_the_frame_before(
        self, path: Path, writer: PreviewWriter
    ) -> None:
        writer.show(View(COLOUR, hint=Hint.CLOSER))
        before = read_frame(path)
        later = frame(hint="found")
        with path.open("r+b", buffering=0) as file:
            file.seek(slot_offset(0))  # the first frame went to the other one
            file.write(pack_frame(later)[:-1])
            assert read_frame(path) == before
            file.seek(0)
            file.write(pack_head(0, later.written_ns))
            assert read_frame(path, before) is before
            assert read_frame(path) is None


class TestWithoutSharedMemory:
    def test_it_is_said_once_and_the_sale_goes_on(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        writer = PreviewWriter(tmp_path / "away" / "preview")
        with caplog.at_level(logging.WARNING):
            for view in (View(COLOUR), None, View(COLOUR)):
                writer.show(view)
        writer.close()
        assert len(caplog.records) == 1

    def test_a_name_that_somebody_else_holds_is_not_written_to(
        self, tmp_path: Path, path: Path
    ) -> None:
        theirs = tmp_path / "theirs"
        theirs.write_text("theirs")
        path.symlink_to(theirs)
        writer = PreviewWriter(path)
        writer.show(View(COLOUR))
        assert theirs.read_text() == "theirs"
        assert not path.is_symlink()
        writer.close()

    def test_a_picture_that_has_no_room_is_said_once(
        self, path: Path, writer: PreviewWriter, caplog: pytest.LogCaptureFixture
    ) -> None:
        too_large = np.zeros((8, VIEW_SIDE_PX_MAX + 1), dtype=np.uint8)
        for _ in range(3):
            writer.show(View(too_large))
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert read_frame(path) is None
