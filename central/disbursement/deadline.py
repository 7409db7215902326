"""Until when the work under way may go on, known to whoever does it, in whatever thread.

Invariant: no transaction of a request commits after its deadline. So who was told that time ran out asks again and finds
either all of it, done just before, or nothing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from disbursement.errors import Refused
from kiosk_wire.messages import RefusalCode

_until_s: ContextVar[float | None] = ContextVar("until_s", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    before = _until_s.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until_s.reset(before)


def left_ms() -> int | None:
    """None: nobody waits for an answer."""
    until_s = _until_s.get()
    return None if until_s is None else max(0, int((until_s - time.monotonic()) * 1_000))


def demand_time() -> None:
    """Raises Refused."""
    if left_ms() == 0:
        raise Refused(504, RefusalCode.OUT_OF_TIME, "it took too long: ask again", retry_after_s=1)
