"""Texts ended by a character, and the engine's answers among them, from whatever a line brings. Pure.

Responsible for: the end of a text, and that none is delivered with a part missing: what was cut off by a
silence or grew too long is dropped to its end. A text is no place for control characters, so an
answer, which is full of them, is found also behind half a text.
Not responsible for: what an answer means, or which text can be read.
"""

import re

from drivers.scanner.engines.language import Answer, Code, Heard, Request
from drivers.scanner.legible import TEXT_CHARS_MAX

_REFUSED = re.compile(rb"([A-Z0-9]{6})[A-Z0-9]*[\x05\x15]", re.IGNORECASE)  # ENQ, NAK


class Lines:
    wake: tuple[Request, ...] = ()

    def __init__(self, ends: bytes, answer: re.Pattern[bytes] | None = None) -> None:
        """`answer` matches one whole answer, and only so much of it as is bounded."""
        self._ends = ends
        self._answer = answer
        self._buffer = bytearray()
        self._is_skipping = False  # the text that comes now lacks its beginning

    def hear(self, data: bytes, _now_s: float) -> list[Heard]:
        self._buffer += data
        heard: list[Heard] = []
        while (item := self._next()) is not None:
            heard.append(item)
        if len(self._buffer) > TEXT_CHARS_MAX:
            self._drop_begun()
        return heard

    def fall_silent(self) -> list[Heard]:
        if self._buffer:
            self._drop_begun()
        return []

    def begin(self) -> None:
        self.fall_silent()

    def forget(self) -> None:
        self._buffer.clear()
        self._is_skipping = False

    def _next(self) -> Heard | None:
        while True:
            end = min((i for i in map(self._buffer.find, self._ends) if i >= 0), default=-1)
            answer = self._answer.search(self._buffer) if self._answer else None
            if answer and (end < 0 or answer.start() < end):
                refused = tuple(tag.decode() for tag in _REFUSED.findall(answer[0]))
                del self._buffer[: answer.end()]
                self._is_skipping = False
                return Answer(refused)
            if end < 0:
                return None
            text = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            if self._is_skipping:
                self._is_skipping = False
                return Code(b"")
            if text:
                return Code(text)

    def _drop_begun(self) -> None:
        self._buffer.clear()
        self._is_skipping = True
