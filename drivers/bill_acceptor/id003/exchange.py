"""One request at a time on an ID-003 line: its answer, its time-out, and the pace of polling.

Source of the times: lamassu-machine polls every 100 ms, py-id003 every 200 ms "per specification";
replies were seen after 50 to 300 ms.
"""

from collections.abc import Iterator

from drivers.bill_acceptor.id003.codec import Decoder, encode
from drivers.bill_acceptor.id003.frames import Reply, ReplyCode, Request, RequestCode

POLL_S = 0.1
REPLY_TIMEOUT_S = 0.3

POLL = Request(RequestCode.STATUS)
_OPERATIONS = frozenset(
    {
        RequestCode.RESET,
        RequestCode.STACK_1,
        RequestCode.STACK_2,
        RequestCode.RETURN,
        RequestCode.HOLD,
        RequestCode.WAIT,
    }
)


class Exchange:
    def __init__(self) -> None:
        self.is_open = False
        self.heard_s = 0.0
        self._decoder = Decoder(Reply)
        self._awaiting: Request | None = None
        self._deadline_s = 0.0
        self._next_poll_s = 0.0

    def opened(self, now_s: float) -> None:
        self.is_open, self._awaiting = True, None
        self.heard_s = self._next_poll_s = now_s
        self._decoder.discard()

    def closed(self) -> None:
        self.is_open = False

    @property
    def is_free(self) -> bool:
        return self.is_open and self._awaiting is None

    @property
    def wake_at_s(self) -> float:
        if not self.is_open:
            return float("inf")
        return self._deadline_s if self._awaiting else self._next_poll_s

    def is_poll_due(self, now_s: float) -> bool:
        return now_s >= self._next_poll_s

    def send(self, request: Request, now_s: float) -> bytes:
        self._awaiting = None if request.code == RequestCode.ACK else request
        self._deadline_s = now_s + REPLY_TIMEOUT_S
        self._next_poll_s = now_s + POLL_S
        return encode(request)

    def received(self, data: bytes, now_s: float) -> Iterator[tuple[Reply, Request | None]]:
        """Each reply with the request it answers. A reply that answers nothing is late: a status is
        still true then, anything else is not worth knowing."""
        for reply in self._decoder.feed(data):
            self.heard_s = now_s
            asked = self._awaiting
            if asked and _answers(asked, reply):
                self._awaiting = None
                yield reply, asked
            else:
                yield reply, None

    def timed_out(self, now_s: float) -> Request | None:
        """The request whose answer is overdue, once. Half an answer is forgotten with it."""
        if self._awaiting is None or now_s < self._deadline_s:
            return None
        asked, self._awaiting = self._awaiting, None
        self._decoder.discard()
        return asked


def _answers(asked: Request, reply: Reply) -> bool:
    if reply.code == ReplyCode.INVALID_COMMAND:
        return True
    if asked == POLL:
        return reply.is_status
    if asked.code in _OPERATIONS:
        return reply.code == ReplyCode.ACK
    return reply.code == asked.code
