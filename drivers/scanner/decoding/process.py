"""The scanner's end of the process that reads strangers' pictures.

Responsible for: handing a picture over, waiting no longer than a limit, and counting what was lost.
Not responsible for: reading (`worker.py` asks the cascade).
"""

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
    Forget,
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
_ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

log = logging.getLogger(__name__)


def open_decoder() -> "DecodingProcess":
    """Raises LinkLost: without its libraries the kiosk still starts, and says so."""
    return DecodingProcess()


class DecodingProcess:
    def __init__(self) -> None:
        self.lost: Counter[LossReason] = Counter()
        self._number = 0  # of the last request
        self._give_up_s: float | None = None  # on the picture that is being looked at
        room = os.memfd_create("pictures")
        os.ftruncate(room, ROOM_BYTES)
        self._room_fd = room
        self._room = mmap.mmap(room, ROOM_BYTES)
        try:
            self._start()
        except LinkLost:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_busy(self) -> bool:
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
        """The next frame begins another film. Raises LinkLost."""
        self._send(Forget(), None)

    def read(self, file: bytes) -> Reading | Lost:
        """All that can be done with one picture file; waits for it. Raises LinkLost; ValueError if it is larger
        than the room."""
        self._room[: len(file)] = file
        self._send(Read(len(file)), READ_LIMIT_S)
        answer = self._answer(READ_LIMIT_S)
        return answer if isinstance(answer, Reading | Lost) else Lost(LossReason.CRASHED)

    def close(self) -> None:
        self._end()
        self._room.close()
        os.close(self._room_fd)

    def _start(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", f"{__package__}.worker", str(theirs.fileno())]
            self._process = subprocess.Popen(
                [*command, str(self._room_fd)],
                pass_fds=(theirs.fileno(), self._room_fd),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                env=os.environ | _ONE_CORE,
            )
        try:
            self._number = 0  # which the first word of a reader has
            ready = self._next(START_LIMIT_S)
        except (OSError, ProtocolViolation) as error:
            raise LinkLost(
                DEVICE, f"the process that reads pictures does not start: {error}"
            ) from error
        if isinstance(ready, Missing):
            raise LinkLost(DEVICE, f"a library is missing, install it: {ready.library}")
        if isinstance(ready, Ready) and not ready.sandboxed:
            log.warning(
                "pictures are read without seccomp: no libseccomp here, or a filter that forbids it"
            )

    def _send(self, request: Request, limit_s: float | None) -> None:
        self._number += 1
        self._give_up_s = None if limit_s is None else time.monotonic() + limit_s
        try:
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
            self._start_anew(error)
            answer = Lost(LossReason.SILENT)
        self._give_up_s = None
        if isinstance(answer, Lost):
            self.lost[answer.reason] += 1
            log.warning("a picture was not read: %s (%d so far)", answer.reason, self.lost.total())
        return answer

    def _start_anew(self, why: Exception) -> None:
        log.warning("the process that reads pictures is started anew: %s", why)
        self._end()
        self._start()

    def _next(self, limit_s: float) -> Answer:
        """To the last request. What was asked before it, for a customer who has gone, is passed over. Raises OSError,
        ProtocolViolation."""
        self._line.settimeout(limit_s)
        while packet := self._line.recv(PACKET_BYTES_MAX):
            number, answer = unpacked(packet)
            if isinstance(answer, Lost | Missing) or (
                isinstance(answer, Answer) and number == self._number
            ):
                return answer
        raise ConnectionError("it has ended")

    def _end(self) -> None:
        """With all its readers: they are a process group of their own."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._line.close()
