"""The real process, with pictures that strangers could show."""

import errno
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from drivers.errors import LinkLost
from drivers.scanner.decode import TURNS
from drivers.scanner.decoding import process
from drivers.scanner.decoding.messages import LossReason, Lost
from drivers.scanner.decoding.process import DecodingProcess
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture
from drivers.scanner.seen import Reading, Seen
from drivers.scanner.view import Hint
from processes import children_of

TEXT = "bitcoin:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"
WAIT_S = 20.0
Draw = Callable[..., Picture]
TALKER = f"""
import socket, sys
line = socket.socket(fileno=int(sys.argv[1]))
line.send(b'0 Ready {{"sandboxed": true}}')
line.recv(1000)
for _ in range({process.PASSED_OVER_MAX}):
    line.send(b"7 Seen {{}}")
line.recv(1000)
"""


@pytest.fixture
def decoder() -> Iterator[DecodingProcess]:
    with DecodingProcess() as decoder:
        yield decoder


def look(decoder: DecodingProcess, picture: Picture) -> Seen:
    if decoder.is_busy:  # with another reader for another customer
        answer_of(decoder)
    decoder.offer(picture)
    return answer_of(decoder)


def answer_of(decoder: DecodingProcess) -> Seen:
    give_up_s = time.monotonic() + WAIT_S
    while (seen := decoder.seen()) is None:
        assert time.monotonic() < give_up_s
        time.sleep(0.002)
    return seen


def readers(decoder: DecodingProcess) -> list[int]:
    """One, or for a moment none."""
    return children_of(decoder.pid)


def kill(decoder: DecodingProcess) -> None:
    """All of it, and wait until the kernel has closed its end of the line."""
    everybody = [decoder.pid, *readers(decoder)]
    os.killpg(decoder.pid, signal.SIGKILL)
    give_up_s = time.monotonic() + WAIT_S
    while any(is_alive(pid) for pid in everybody):
        assert time.monotonic() < give_up_s
        time.sleep(0.002)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def png(picture: Picture) -> bytes:
    return cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()


def test_frame_is_read(decoder: DecodingProcess, drawn: Draw) -> None:
    assert look(decoder, drawn(TEXT)).texts == (TEXT,)
    assert not decoder.is_busy


def test_code_that_cannot_be_read_costs_no_reader(decoder: DecodingProcess, drawn: Draw) -> None:
    """All that is looked up for its hint is loaded before the door to the files is shut."""
    spoilt = (drawn(TEXT) * 0.8).astype(np.uint8)
    spoilt[204:276, 235:405] = spoilt.max()  # all between the three squares
    seen = [look(decoder, spoilt) for _ in range(TURNS)]
    assert not decoder.lost
    assert Hint.HOLD_STILL in {each.hint for each in seen}


def test_reader_that_dies_costs_one_frame(decoder: DecodingProcess, drawn: Draw) -> None:
    look(decoder, drawn(TEXT))
    (reader,) = readers(decoder)
    os.kill(reader, signal.SIGSTOP)  # so that it dies with the frame in its hands
    decoder.offer(drawn(TEXT))
    os.kill(reader, signal.SIGKILL)
    assert answer_of(decoder) == Seen()
    assert decoder.lost == {LossReason.CRASHED: 1}
    assert look(decoder, drawn(TEXT)).texts == (TEXT,)


def test_picture_that_stalls_the_reader_ends_it(decoder: DecodingProcess, drawn: Draw) -> None:
    """SIGPROF is what the kernel sends when a picture has used up its time."""
    look(decoder, drawn(TEXT))
    (reader,) = readers(decoder)
    os.kill(reader, signal.SIGSTOP)
    decoder.offer(drawn(TEXT))
    os.kill(reader, signal.SIGPROF)
    os.kill(reader, signal.SIGCONT)
    assert answer_of(decoder) == Seen()
    assert decoder.lost == {LossReason.STALLED: 1}
    assert look(decoder, drawn(TEXT)).texts == (TEXT,)


def test_reader_that_falls_silent_is_replaced_with_its_process(
    decoder: DecodingProcess, drawn: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(decoder, drawn(TEXT))
    monkeypatch.setattr(process, "LOOK_LIMIT_S", 0.1)
    os.kill(readers(decoder)[0], signal.SIGSTOP)
    assert look(decoder, drawn(TEXT)) == Seen()
    assert decoder.lost == {LossReason.SILENT: 1}
    monkeypatch.undo()
    assert look(decoder, drawn(TEXT)).texts == (TEXT,)


def test_process_that_was_killed_costs_one_frame(
    decoder: DecodingProcess, drawn: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        process, "LOOK_LIMIT_S", 1000
    )  # nobody waits for an answer that cannot come
    kill(decoder)
    decoder.offer(drawn(TEXT))
    assert decoder.seen() is None  # the camera's picture goes on while the libraries are loaded
    assert answer_of(decoder) == Seen()
    assert decoder.lost == {LossReason.SILENT: 1}
    assert look(decoder, drawn(TEXT)).texts == (TEXT,)


def test_customer_who_goes_while_it_starts_anew_is_forgotten(
    decoder: DecodingProcess, drawn: Draw
) -> None:
    kill(decoder)
    decoder.offer(drawn("the customer before"))
    decoder.forget()
    assert decoder.is_busy
    assert answer_of(decoder) == Seen()
    assert look(decoder, drawn(TEXT)).texts == (TEXT,)


def test_picture_file_whose_process_was_killed_is_lost(
    decoder: DecodingProcess, drawn: Draw
) -> None:
    kill(decoder)
    assert decoder.read(png(drawn(TEXT))) == Lost(LossReason.SILENT)
    assert decoder.read(png(drawn(TEXT))) == Reading((TEXT,), "plain")


def test_process_that_cannot_be_started_again_is_lost(
    decoder: DecodingProcess, drawn: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zxingcpp.py").write_text("import os; os._exit(1)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    kill(decoder)
    with pytest.raises(LinkLost, match="the process that reads pictures does not start"):
        look(decoder, drawn(TEXT))


def test_machine_without_room_for_a_process_loses_the_scanner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fork(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", fork)
    with pytest.raises(LinkLost, match="does not start"):
        DecodingProcess()


def test_reader_that_was_taken_over_and_talks_without_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zxingcpp.py").write_text(TALKER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(process, "LOOK_LIMIT_S", 1000)
    with DecodingProcess() as decoder:
        assert look(decoder, np.zeros((8, 8), np.uint8)) == Seen()
        assert decoder.lost == {LossReason.SILENT: 1}


def test_what_both_share_cannot_be_cut_short(decoder: DecodingProcess) -> None:
    room_fd = Path(f"/proc/{decoder.pid}/cmdline").read_bytes().split(b"\0")[-2].decode()
    with open(f"/proc/{decoder.pid}/fd/{room_fd}", "r+b") as room, pytest.raises(PermissionError):  # noqa: PTH123 (as it is there)
        room.truncate(0)


def test_customer_before_is_forgotten_even_on_the_way(
    decoder: DecodingProcess, drawn: Draw
) -> None:
    decoder.offer(drawn("the customer before"))
    decoder.forget()
    assert look(decoder, drawn(TEXT)).texts == (TEXT,)


def test_picture_file_is_read(decoder: DecodingProcess, drawn: Draw) -> None:
    assert decoder.read(png(drawn(TEXT))) == Reading((TEXT,), "plain")


def test_decompression_bomb_is_refused(decoder: DecodingProcess) -> None:
    bomb = png(np.zeros((20_000, 20_000), np.uint8))
    assert len(bomb) < 4 * 2**20
    assert decoder.read(bomb) == Reading(refusal="larger than any camera's picture")


@pytest.mark.parametrize("file", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + bytes(100)])
def test_what_is_no_picture_is_refused(decoder: DecodingProcess, file: bytes) -> None:
    assert decoder.read(file) == Reading(refusal="not a picture that can be read")


def test_fuzzed_frames_and_files_leave_a_reader(decoder: DecodingProcess, drawn: Draw) -> None:
    dice = np.random.default_rng(11)
    clean = drawn(TEXT)
    file = np.frombuffer(png(clean), np.uint8)
    for _ in range(150):
        frame = clean.copy()
        top, left = dice.integers(0, 400), dice.integers(0, 560)
        frame[top : top + 80, left : left + 80] = dice.integers(0, 255, (80, 80))
        assert set(look(decoder, frame).texts) <= {TEXT}
        broken = file.copy()
        broken[dice.integers(0, len(file), 5)] = dice.integers(0, 255, 5)
        answer = decoder.read(broken.tobytes())
        assert isinstance(answer, Reading | Lost)
    assert look(decoder, clean).texts == (TEXT,)


def test_process_without_its_libraries_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zxingcpp.py").write_text("raise ImportError('no zxing here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(LinkLost, match="a library is missing, install it: no zxing here"):
        DecodingProcess()


def test_it_ends_with_the_kiosk() -> None:
    with DecodingProcess() as decoder:
        (reader,) = readers(decoder)
    give_up_s = time.monotonic() + WAIT_S
    while Path(f"/proc/{reader}").exists():  # until init has buried it
        assert time.monotonic() < give_up_s
        time.sleep(0.01)


def test_next_customer_gets_another_reader(decoder: DecodingProcess, drawn: Draw) -> None:
    """Even one that does not listen any more."""
    look(decoder, drawn(TEXT))
    (before,) = readers(decoder)
    os.kill(before, signal.SIGSTOP)
    decoder.forget()
    assert look(decoder, drawn(TEXT)).texts == (TEXT,)
    assert before not in readers(decoder)
    assert not decoder.lost


def test_customers_come_and_go(decoder: DecodingProcess, drawn: Draw) -> None:
    for _ in range(30):
        decoder.offer(drawn("the customer before"))
        decoder.forget()
        assert look(decoder, drawn(TEXT)).texts == (TEXT,)
    assert not decoder.lost
