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
    while True:
        reader = os.fork()
        if reader == 0:
            read_for_ever(line, memory, sandboxed=sandboxed)
        _, status = os.waitpid(reader, 0)
        if status == 0:  # the scanner has gone
            return
        stalled = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF
        line.send(packed(Lost(LossReason.STALLED if stalled else LossReason.CRASHED)))
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    main()
