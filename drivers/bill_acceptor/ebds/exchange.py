"""One message at a time on an EBDS line, numbered by an alternating bit.

Responsible for: flipping the bit for a message that follows an answered one, and only then. A message that
repeats the bit of an unanswered one cannot be executed twice: whatever it says, the device that has heard
the first only repeats its answer.
Not responsible for: what is sent.

Source: EBDS protocol specification, ACK bit; PTI.Rs232Validator (a lost answer never flips it). Times:
TerminalClient waits 300 ms for an answer; Pyramid RS-232 rev. G: poll every 100 ms, at least every 5 s.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from drivers.bill_acceptor.ebds.codec import Decoder, encode
from drivers.bill_acceptor.ebds.frames import ACK_BIT, Reply, Request

POLL_S = 0.1
REPLY_TIMEOUT_S = 0.3
FLIP_AFTER_TRIES = 60  # 18 s: a choice, for a device that takes our first message for a repetition


@dataclass(frozen=True)
class Answer:
    request: Request
    reply: Reply
    is_repeat: bool  # of an answer that was heard before


class Exchange:
    def __init__(self) -> None:
        self.is_open = False
        self.slipped = False  # the bit was flipped unanswered: an event may have been lost
        self._decoder = Decoder(Reply)
        self._last = Request(0)
        self._is_answered = True  # so that the first message flips it
        self._is_waiting = False
        self._is_repeat = False
        self._tries = 0
        self._due_s = 0.0  # for the answer while waiting, else for the next poll

    def opened(self, now_s: float) -> None:
        """The bit outlives the link: what the device said into the void, it says again."""
        self.is_open, self._is_waiting, self._is_repeat = True, False, False
        self._due_s = now_s
        self._decoder.discard()

    def closed(self) -> None:
        self.is_open = False

    @property
    def is_free(self) -> bool:
        return self.is_open and not self._is_waiting

    @property
    def wake_at_s(self) -> float:
        return self._due_s if self.is_open else float("inf")

    def is_due(self, now_s: float) -> bool:
        return self.is_free and now_s >= self._due_s

    def pause(self, until_s: float) -> None:
        """Say nothing, expect nothing; what comes meanwhile answers nothing."""
        self._is_waiting, self._due_s = False, until_s

    def send(self, request: Request, now_s: float) -> bytes:
        bit = self._last.bit ^ self._is_answered
        self._last = replace(request, control=request.control & ~ACK_BIT | bit)
        self._is_answered = self._is_repeat = False
        return self._transmit(now_s)

    def repeat(self, now_s: float) -> bytes:
        """The last message once more: the device repeats its answer, and does not move on."""
        self._is_repeat = self._is_answered
        return self._transmit(now_s)

    def overdue(self, now_s: float) -> Request | None:
        """The message whose answer does not come. Half an answer is forgotten with it."""
        if not self._is_waiting or now_s < self._due_s:
            return None
        self._is_waiting = False
        self._decoder.discard()
        if self._tries >= FLIP_AFTER_TRIES and not self._is_answered:
            self._tries, self._is_answered, self.slipped = 0, True, True
        return self._last

    def received(self, data: bytes, now_s: float) -> Iterator[Answer | Reply]:
        """A bare reply answers nothing: it is late, or told twice."""
        for reply in self._decoder.feed(data):
            if not self._is_waiting or reply.bit != self._last.bit:
                yield reply
                continue
            is_repeat, self._is_waiting, self._is_answered = self._is_repeat, False, True
            self._tries = 0
            self._due_s = now_s + POLL_S
            yield Answer(self._last, reply, is_repeat)

    def _transmit(self, now_s: float) -> bytes:
        self._is_waiting = True
        self._tries += 1
        self._due_s = now_s + REPLY_TIMEOUT_S
        return encode(self._last)
