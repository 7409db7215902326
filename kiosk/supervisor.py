"""What a process tells the supervisor that started it: systemd's sd_notify, one datagram to $NOTIFY_SOCKET.

A dozen lines of our own: the library `sdnotify` swallows every exception, and SIGTERM is one here.
"""

import contextlib
import os
import socket


def tell(*assignments: str) -> None:
    """READY=1, WATCHDOG=1, STATUS=words, STOPPING=1. Never waits; without a supervisor nothing happens."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line, contextlib.suppress(OSError):
        line.setblocking(False)
        line.sendto("\n".join(assignments).encode(), address.replace("@", "\0", 1))
