"""The events of a ccTalk bill validator: a counter, and the five newest.

Source: ccTalk Generic Specification v4.7, Part 2, header 159.
"""

_DEPTH = 5
_LAST = 255  # after it comes 1: the counter is 0 only after a reset


class EventLog:
    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._counter = 0
        self._newest_first = [(0, 0)] * _DEPTH

    def add(self, first: int, second: int) -> None:
        self._counter = self._counter % _LAST + 1
        self._newest_first = [(first, second), *self._newest_first[: _DEPTH - 1]]

    def read(self) -> bytes:
        return bytes([self._counter, *(byte for event in self._newest_first for byte in event)])
