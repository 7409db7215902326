"""One request at a time on a ccTalk line: the echo, the answer, its time-out, the pace of polling, and who is there.

Responsible for: finding the device's address and check, passing over our own echo, and taking for an answer only
what has the form of one. A reply does not say what it answers; so after a time-out the line is left alone for a
while, and what comes then is passed over.
Source: ccTalk Generic Specification 4.7, part 1 sections 9 (single wire) and 11 (timing). There a receiver may give up
after 50 ms without a byte; behind a USB adapter bytes come in lumps, so here the whole answer has one time-out.
"""

from drivers.bill_acceptor.cctalk.codec import Decoder, encode
from drivers.bill_acceptor.cctalk.frames import (
    ADDRESSES,
    Answer,
    Check,
    Frame,
    Header,
    Request,
)
from drivers.bill_acceptor.cctalk.history import KEPT

POLL_S = (
    0.2  # specification, part 3 appendix 16; after 5 s without a poll the device inhibits itself
)

# Choices.
REPLY_TIMEOUT_S = 0.3
SELF_CHECK_TIMEOUT_S = 1.0  # motors may have to move for it
PROBE_TIMEOUT_S = 0.15  # the specification: a simple poll is answered at once
QUIET_S = 0.1  # for an answer that is late, and before a refused request is repeated

SIMPLE_POLL = Request(Header.SIMPLE_POLL)
BILL_EVENTS = Request(Header.BILL_EVENTS)

_TIMEOUT_S = {
    Header.SELF_CHECK: SELF_CHECK_TIMEOUT_S,
    Header.SIMPLE_POLL: PROBE_TIMEOUT_S,
}
_BYTES_OF_ANSWER = {
    Header.BILL_EVENTS: range(1 + 2 * KEPT, 2 + 2 * KEPT),
    Header.BILL_ID: range(7, 8),
    Header.COUNTRY_SCALING: range(3, 4),
    Header.ROUTE_BILL: range(2),
    Header.SET_MODE: range(1),
    Header.SET_INHIBIT_MASK: range(1),
    Header.SET_MASTER_INHIBIT: range(1),
    Header.SIMPLE_POLL: range(1),
}
_ANY_TEXT = range(1, 256)

Station = tuple[int, Check]
# The usual address, heard in both ways and twice, since a reply may get lost; then the others.
_STATIONS: tuple[Station, ...] = (
    *((ADDRESSES[0], check) for _ in range(2) for check in Check),
    *((address, check) for address in ADDRESSES[1:] for check in Check),
)


class Exchange:
    def __init__(self) -> None:
        self.is_open = False
        self.is_found = False
        self._stations = list(_STATIONS)  # the first is the one we speak to
        self._decoder = Decoder(Check.SUM_8)
        self._awaiting: Request | None = None
        self._is_quiet = False
        self._deadline_s = self._quiet_until_s = self._next_poll_s = 0.0

    def opened(self, now_s: float) -> None:
        """Who answered last time is asked first, and twice."""
        if self.is_found:
            self._stations = [self._stations[0]] * 2 + list(_STATIONS)
        self.is_open, self.is_found, self._awaiting = True, False, None
        self._quiet_until_s = self._next_poll_s = now_s

    def closed(self) -> None:
        self.is_open = False

    def is_free(self, now_s: float) -> bool:
        self._is_quiet = now_s < self._quiet_until_s
        return self.is_open and self._awaiting is None and not self._is_quiet

    @property
    def wake_at_s(self) -> float:
        if not self.is_open:
            return float("inf")
        if self._awaiting:
            return self._deadline_s
        return self._quiet_until_s if self._is_quiet else self._next_poll_s

    def is_poll_due(self, now_s: float) -> bool:
        return now_s >= self._next_poll_s

    def send(self, request: Request, now_s: float) -> bytes:
        address, check = self._stations[0]
        self._decoder = Decoder(check, address)  # what is left of an older answer is nothing
        self._awaiting = request
        self._deadline_s = now_s + _TIMEOUT_S.get(request.header, REPLY_TIMEOUT_S)
        if request == BILL_EVENTS:
            self._next_poll_s = now_s + POLL_S
        return self.bytes_of(request)

    def bytes_of(self, request: Request) -> bytes:
        return encode(request.to(*self._stations[0]))

    def received(self, data: bytes, now_s: float) -> list[tuple[Request | None, Frame]]:
        """Each reply with the request it answers, or without one."""
        replies: list[tuple[Request | None, Frame]] = []
        for frame in self._decoder.feed(data):
            if not frame.is_reply:
                continue  # our own request, which the single wire brings back
            asked = self._awaiting
            if asked and _answers(asked, frame):
                self._awaiting = None
                self.is_found = True
                if frame.header != Answer.DONE:
                    self._quiet_until_s = now_s + QUIET_S
                replies.append((asked, frame))
            else:
                replies.append((None, frame))
        return replies

    def timed_out(self, now_s: float) -> Request | None:
        """The request whose answer is overdue, once."""
        if self._awaiting is None or now_s < self._deadline_s:
            return None
        asked, self._awaiting = self._awaiting, None
        self._quiet_until_s = now_s + QUIET_S
        if asked == BILL_EVENTS:
            self._next_poll_s = now_s + POLL_S  # the others get their turn
        if not self.is_found:
            self._stations.append(self._stations.pop(0))
            self._quiet_until_s = now_s
        return asked


def _answers(asked: Request, reply: Frame) -> bool:
    if reply.header in {Answer.NAK, Answer.BUSY}:
        return True
    length_is_right = len(reply.data) in _BYTES_OF_ANSWER.get(asked.header, _ANY_TEXT)
    return reply.header == Answer.DONE and length_is_right
