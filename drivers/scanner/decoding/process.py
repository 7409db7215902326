"""The scanner's end of the process that reads strangers' pictures.

Responsible for: handing a picture over, waiting no longer than a limit, and counting what was lost.
Not responsible for: reading (`worker.py` asks the cascade).
"""

import fcntl
import logging
import mmap
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from typing import Self

from drivers.errors import LinkLost, ProtocolViolation
from drivers.scanner.decoding.messages import (
    PACKET_BYTES_MAX,
    ROOM_BYTES,
    Answer,
    Look,
    LossReason,
    Lost,
    Missing,
    Read,
    Ready,
    Request,
    packed,
    unpacked,
)
from drivers.scanner.picture import Picture
from drivers.scanner.seen import Reading, Seen

DEVICE = "scanner"
START_LIMIT_S = 30.0  # libraries from a cold disk
LOOK_LIMIT_S = 3.0  # of real time; the process ends itself after less of the CPU's
READ_LIMIT_S = 30.0
PASSED_OVER_MAX = 100  # answers at a time; a customer leaves one behind
_ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

log = logging.getLogger(__name__)


def open_decoder() -> "DecodingProcess":
    """Raises LinkLost: without its libraries the kiosk still starts, and says so."""
    return DecodingProcess()


class DecodingProcess:
    def __init__(self) -> None:
        self.lost: Counter[LossReason] = Counter()
        self._number = 0  # of the last request; never used again
        self._is_starting = True  # nothing was heard of it yet
        self._awaits_reader = True  # whose first word is Ready
        self._has_seen_pictures = False
        self._give_up_s: float | None = None  # on the picture that is being looked at
        self._room_fd = _room_of_fixed_size()
        self._room = mmap.mmap(self._room_fd, ROOM_BYTES)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._start()
            self._answer(START_LIMIT_S)
        except LinkLost:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Of the process, while it is there; 0 is none."""
        return self._process.pid if self._process is not None else 0

    @property
    def is_busy(self) -> bool:
        """With a frame, or with starting."""
        return self._give_up_s is not None

    def offer(self, picture: Picture) -> None:
        """A frame of a film, to be looked at. Raises LinkLost; not to be called while it is busy."""
        rows, columns = picture.shape
        self._room[: rows * columns] = picture.tobytes()
        self._send(Look(rows, columns), LOOK_LIMIT_S)

    def seen(self) -> Seen | None:
        """What was in the frame, without waiting for it: None as long as nobody knows. Nothing when the frame was
        lost. Raises LinkLost."""
        answer = self._answer(0)
        return answer if answer is None or isinstance(answer, Seen) else Seen()

    def forget(self) -> None:
        """The next frame begins another film, with another reader: the one that is there may be a stranger's."""
        if self._process is None or not self._has_seen_pictures:
            return
        self._pass_over()
        self._process.send_signal(signal.SIGUSR1)
        self._await_ready(LOOK_LIMIT_S)

    def _pass_over(self) -> None:
        """All that was said so far."""
        self._line.settimeout(0)
        with suppress(OSError):
            for _ in range(PASSED_OVER_MAX):
                self._line.recv(PACKET_BYTES_MAX)

    def _await_ready(self, limit_s: float) -> None:
        """The next answer is a new reader's first word."""
        self._number += 1
        self._awaits_reader, self._has_seen_pictures = True, False
        self._give_up_s = time.monotonic() + limit_s

    def read(self, file: bytes) -> Reading | Lost:
        """All that can be done with one picture file; waits for it. Raises LinkLost; ValueError if it is larger
        than the room."""
        self._room[: len(file)] = file
        self._send(Read(len(file)), READ_LIMIT_S)
        answer = self._answer(READ_LIMIT_S)
        return answer if isinstance(answer, Reading | Lost) else Lost(LossReason.SILENT)

    def close(self) -> None:
        self._end()
        self._room.close()
        os.close(self._room_fd)

    def _start(self) -> None:
        """Does not wait: that it is ready is its first answer."""
        try:
            self._line, self._process = _process_with(self._room_fd)
        except OSError as error:
            raise _does_not_start(error) from error
        self._is_starting = True
        self._await_ready(START_LIMIT_S)

    def _send(self, request: Request, limit_s: float) -> None:
        self._number += 1
        self._has_seen_pictures = True
        self._give_up_s = time.monotonic() + limit_s
        try:
            self._line.settimeout(0)
            self._line.send(packed(request, self._number))
        except OSError as error:
            self._start_anew(error)

    def _answer(self, limit_s: float) -> Answer | None:
        """None when there is none yet. Whatever became of one picture, the next one has a reader."""
        try:
            answer = self._next(limit_s)
        except (OSError, ProtocolViolation) as error:
            waiting = isinstance(error, BlockingIOError | TimeoutError)
            if waiting and self._give_up_s is not None and time.monotonic() < self._give_up_s:
                return None
            if self._is_starting:
                raise _does_not_start(error) from error
            self._start_anew(error)
            return None
        if self._is_starting and isinstance(answer, Lost):
            raise _does_not_start(ProtocolViolation(DEVICE, "its reader ends at once"))
        self._give_up_s, self._is_starting, self._awaits_reader = None, False, False
        match answer:
            case Lost(reason):
                self._count(reason)
            case Missing(library):
                raise LinkLost(DEVICE, f"a library is missing, install it: {library}")
            case Ready(sandboxed=False):
                log.warning(
                    "pictures are read without seccomp: no libseccomp here, or nothing is read under it"
                )
        return answer

    def _start_anew(self, why: Exception) -> None:
        log.warning("the process that reads pictures is started anew: %s", why)
        self._count(LossReason.SILENT)
        self._end()
        self._start()

    def _count(self, reason: LossReason) -> None:
        self.lost[reason] += 1
        log.warning("a picture was not read: %s (%d so far)", reason, self.lost.total())

    def _next(self, limit_s: float) -> Answer:
        """To the last request. What was asked before it, for a customer who has gone, is passed over. Raises OSError,
        ProtocolViolation."""
        self._line.settimeout(limit_s)
        for _ in range(PASSED_OVER_MAX):
            packet = self._line.recv(PACKET_BYTES_MAX)
            if not packet:
                raise ConnectionError("it has ended")
            number, answer = unpacked(packet)
            if isinstance(answer, Ready):
                is_meant = self._awaits_reader
            else:
                is_meant = isinstance(answer, Lost | Missing) or number == self._number
            if is_meant and isinstance(answer, Answer):
                return answer
        raise ProtocolViolation(DEVICE, "the decoding process talks without end")

    def _end(self) -> None:
        """With all its readers: they are a process group of their own."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None  # its number may soon be another's
        self._line.close()


def _room_of_fixed_size() -> int:
    """Sealed: that the other side cannot shrink it, which would be our SIGBUS, does not hang on seccomp."""
    room = os.memfd_create("pictures", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(room, ROOM_BYTES)
    fcntl.fcntl(room, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return room


def _process_with(room_fd: int) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """And our end of the line to it. Raises OSError."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        line_fd = theirs.fileno()
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.worker", str(line_fd), str(room_fd)],
                pass_fds=(line_fd, room_fd),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                env=os.environ | _ONE_CORE,
            )
        except OSError:
            ours.close()
            raise
    return ours, process


def _does_not_start(error: Exception) -> LinkLost:
    return LinkLost(DEVICE, f"the process that reads pictures does not start: {error}")
