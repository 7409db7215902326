"""Whether a reader that has locked itself in still reads: tried once, by a process that has seen no picture yet.

Under a supervisor's filter it may not lock itself in at all; and on another processor, C library or Python, reading
may need a system call that nobody foresaw, and every picture would be lost.
"""

import mmap
import os
import signal
import socket

from drivers.errors import ProtocolViolation
from drivers.scanner.decoding.messages import PACKET_BYTES_MAX, Look, packed, unpacked
from drivers.scanner.decoding.reader import read_for_ever, sample
from drivers.scanner.decoding.sandbox import is_available
from drivers.scanner.seen import Seen

LIMIT_S = 10.0


def reads_locked_in(memory: mmap.mmap) -> bool:
    if not is_available():
        return False
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    reader = os.fork()
    if reader == 0:
        try:
            ours.close()
            read_for_ever(theirs, memory, sandboxed=True)
        finally:
            os._exit(1)
    theirs.close()
    with ours:
        is_read = _is_read(ours, memory)
    os.kill(reader, signal.SIGKILL)
    os.waitpid(reader, 0)
    return is_read


def _is_read(line: socket.socket, memory: mmap.mmap) -> bool:
    line.settimeout(LIMIT_S)
    picture = sample()
    memory[: picture.size] = picture.tobytes()
    try:
        line.recv(PACKET_BYTES_MAX)  # that it is ready
        line.send(packed(Look(*picture.shape), 1))
        _, answer = unpacked(line.recv(PACKET_BYTES_MAX))
    except (OSError, ProtocolViolation):
        return False
    return isinstance(answer, Seen) and bool(answer.texts)
