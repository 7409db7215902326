"""A tap on the bill acceptor's serial line: passes every byte on, and tells when a frame first came by.

Sits between two pseudo-terminals, so that neither the device nor the kiosk knows of it.
"""

import os
import select
import threading
import time
import tty
from pathlib import Path

from hardware_sim.link import PtyLink

VEND_VALID = b"\xfc\x05\x15"  # ID-003: SYNC, LNG, then the status "vend valid"
SELECT_S = 0.05


class SerialTap:
    """`near` is made, for the kiosk to open; `far` is the device's own terminal."""

    def __init__(self, far: Path, near: Path) -> None:
        self._near = PtyLink(near)
        self._far = os.open(far, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._far)
        self._tail = b""
        self._seen_s: float | None = None
        self._seen = threading.Event()
        self._over = False
        self._thread = threading.Thread(target=self._pass_on, name="serial-tap", daemon=True)
        self._thread.start()

    def arm(self) -> None:
        """From now on, wait for the next bill's first VEND VALID."""
        self._seen_s = None
        self._seen.clear()

    def first_vend_valid_s(self, timeout_s: float) -> float | None:
        """When it came by (perf_counter), or None when it did not in time."""
        self._seen.wait(timeout_s)
        return self._seen_s

    def close(self) -> None:
        self._over = True
        self._thread.join()
        self._near.close()
        os.close(self._far)

    def _pass_on(self) -> None:
        while not self._over:
            ready, _, _ = select.select([self._near.fileno(), self._far], [], [], SELECT_S)
            if self._far in ready:
                now_s = time.perf_counter()
                data = os.read(self._far, 4096)
                self._look(data, now_s)
                self._near.write(data)
            if self._near.fileno() in ready:
                os.write(self._far, self._near.read())

    def _look(self, data: bytes, now_s: float) -> None:
        seen = VEND_VALID in self._tail + data
        self._tail = (self._tail + data)[1 - len(VEND_VALID) :]
        if seen and self._seen_s is None:
            self._seen_s = now_s
            self._seen.set()
