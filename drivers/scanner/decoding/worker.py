"""The process beside the kiosk's core that strangers' pictures go to: `python -m ... SOCKET MEMORY`, two open files.

Responsible for: loading the libraries once, and forking a reader. One that a picture stalls or crashes is replaced
by the next fork within milliseconds, and its picture answered with Lost.
"""

import mmap
import os
import signal
import socket
import sys
import time
from contextlib import suppress

from drivers.scanner.decoding.messages import ROOM_BYTES, LossReason, Lost, Missing, packed

PAUSE_S = 0.05  # before the next reader, should each one die at once


def main() -> None:
    line = socket.socket(fileno=int(sys.argv[1]))
    memory = mmap.mmap(int(sys.argv[2]), ROOM_BYTES)
    try:
        from drivers.scanner.decoding.attempt import reads_locked_in  # noqa: PLC0415
        from drivers.scanner.decoding.reader import read_for_ever, warm_up  # noqa: PLC0415
    except ImportError as error:
        line.send(packed(Missing(str(error))))
        return
    warm_up()
    sandboxed = reads_locked_in(memory)
    readers = Readers()
    while True:
        if readers.fork():
            read_for_ever(line, memory, sandboxed=sandboxed)
        status = readers.wait()
        if status == 0:  # the scanner has gone
            return
        if readers.dismissed:
            continue
        stalled = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF
        line.send(packed(Lost(LossReason.STALLED if stalled else LossReason.CRASHED)))
        time.sleep(PAUSE_S)


class Readers:
    """One after the other. SIGUSR1 dismisses the one that is there: the next customer gets another, in case a
    picture has taken this one over."""

    def __init__(self) -> None:
        self.dismissed = False
        self._reader = 0
        signal.signal(signal.SIGUSR1, self._dismiss)

    def fork(self) -> bool:
        """Whether this is the new one."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})  # until it can be named
        self.dismissed, self._reader = False, os.fork()
        if self._reader == 0:
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
        return self._reader == 0

    def wait(self) -> int:
        """How it ended."""
        _, status = os.waitpid(self._reader, 0)
        self._reader = 0  # its number may soon be another's
        return status

    def _dismiss(self, _number: int, _frame: object) -> None:
        """Between two readers there is none to end, and the next has seen nothing yet."""
        if self._reader:
            self.dismissed = True
            with suppress(ProcessLookupError):
                os.kill(self._reader, signal.SIGKILL)


if __name__ == "__main__":
    main()
