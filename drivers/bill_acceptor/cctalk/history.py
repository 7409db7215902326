"""The five latest events of the device and their counter: what is new since the last poll.

Responsible for: telling new events from old ones, and seeing that the device was restarted or that events were
lost. Not responsible for: what an event means.

The counter is 0 only after a reset, counts every event, and wraps from 255 to 1. A poll brings the last five events,
so up to five may happen between two polls. What was seen before must stand behind what is new; where it does not,
the device has lost its memory, even if the counter looks as if it had gone on; and so it has where nothing at all
stands behind the first few.
Source: ccTalk Generic Specification 4.7, part 2, headers 229 and 159.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

KEPT = 5
COUNTER_WRAP = 255  # the counter goes 1 to 255 and then to 1


class BillEvent(NamedTuple):
    """Result A and result B. A is the bill type, or 0 when B says what happened."""

    a: int
    b: int


@dataclass(frozen=True)
class Report:
    """The answer to BILL_EVENTS."""

    counter: int
    events: tuple[BillEvent, ...]  # the newest first


class Change(Enum):
    FIRST = "first"  # nobody here knows which of these events were heard before
    NEW = "new"
    RESTARTED = "restarted"
    OVERRUN = "overrun"  # more than five: some are lost


def read_report(data: bytes) -> Report:
    return Report(data[0], tuple(map(BillEvent, data[1::2], data[2::2])))


def compare(before: Report | None, now: Report) -> tuple[Change, tuple[BillEvent, ...]]:
    """What changed, and the events that are new, the oldest first."""
    if before is None:
        return (Change.FIRST, _latest(now, KEPT)) if now.counter else (Change.RESTARTED, ())
    if now.counter == 0:
        return (Change.RESTARTED if before.counter else Change.NEW), ()
    fresh = now.counter
    if before.counter:
        fresh = (now.counter - before.counter) % COUNTER_WRAP
    if fresh > KEPT:
        return Change.OVERRUN, _latest(now, KEPT)
    older = now.events[now.counter :]  # of a device that was just started they are blank
    is_new_born = now.counter < before.counter and len(older) > 0 and not any(map(any, older))
    if is_new_born or now.events[fresh:] != before.events[: KEPT - fresh]:
        return Change.RESTARTED, _latest(now, min(now.counter, KEPT))
    return Change.NEW, _latest(now, fresh)


class History:
    """What the polls of this process have brought."""

    def __init__(self) -> None:
        self.first: Report | None = None  # how the device was found
        self.unheard: deque[BillEvent] = (
            deque()
        )  # new, the oldest first; they may wait behind a credit
        self._last: Report | None = None

    @property
    def is_at_zero(self) -> bool:
        return self._last is not None and self._last.counter == 0

    def take(self, report: Report) -> Change:
        change, fresh = compare(self._last, report)
        self._last = report
        if change is Change.FIRST:
            self.first = report
        else:
            self.unheard += fresh
        return change


def _latest(report: Report, count: int) -> tuple[BillEvent, ...]:
    return report.events[:count][::-1]
