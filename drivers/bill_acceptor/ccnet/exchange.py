"""One request at a time on a CCNET line: its answer, its time-out, ACK or NAK for data, the pace of polling.

A device says its data again until they are acknowledged, so NAK is always safe. ACK is not: behind a late
answer of an earlier poll it would be taken for data we have not heard. So ACK goes out only in step, which is
when nothing but the one answer can be meant; and after a time-out, a NAK or an answer nobody asked for, the
line is left quiet until whatever was under way has arrived.
Source: CCNET Protocol Description, Document 1, v2.6.0, transmission rules and timing.
"""

from drivers.bill_acceptor.ccnet.bill_table import RECORD_BYTES
from drivers.bill_acceptor.ccnet.codec import Decoder, encode
from drivers.bill_acceptor.ccnet.frames import VALIDATOR, Reply, ReplyCode, Request, RequestCode

POLL_S = 0.2  # recommended; 0.1 at least
BUS_FREE_S = 0.02  # recommended between an ACK or NAK and the next request
REPLY_TIMEOUT_S = 0.3  # a choice: it begins within 10 ms, a bill table takes 130 ms, USB adds some
QUIET_S = 0.5  # a choice: with the time-out before it, 80 times what the document allows a device
IDENTIFICATION_BYTES_MIN = 27  # part and serial number; an asset number of 7 follows

POLL = Request(RequestCode.POLL)
_ACK = Request(RequestCode.ACK)
_NAK = Request(RequestCode.NAK)
_ASK_FOR_DATA = frozenset({RequestCode.IDENTIFICATION, RequestCode.GET_BILL_TABLE})


class Exchange:
    def __init__(self) -> None:
        self.is_open = False
        self.heard_s = 0.0
        self._decoder = Decoder(Reply)
        self._awaiting: Request | None = None
        self._deadline_s = self._free_s = self._quiet_until_s = self._next_poll_s = 0.0
        self._in_step = False

    def opened(self, now_s: float) -> None:
        self.is_open, self._awaiting = True, None
        self.heard_s = self._next_poll_s = now_s
        self._quiet_until_s = now_s + QUIET_S

    def closed(self) -> None:
        self.is_open = False

    def is_free(self, now_s: float) -> bool:
        return self.is_open and self._awaiting is None and now_s >= self._silent_until_s

    @property
    def _silent_until_s(self) -> float:
        return max(self._free_s, self._quiet_until_s)

    def wake_at_s(self, now_s: float) -> float:
        if not self.is_open:
            return float("inf")
        if self._awaiting:
            return self._deadline_s
        return self._silent_until_s if now_s < self._silent_until_s else self._next_poll_s

    def is_poll_due(self, now_s: float) -> bool:
        return now_s >= self._next_poll_s

    def send(self, request: Request, now_s: float) -> bytes:
        self._awaiting, self._in_step = request, True
        self._decoder.discard()
        self._deadline_s = now_s + REPLY_TIMEOUT_S
        self._next_poll_s = now_s + POLL_S
        return encode(request)

    def received(self, data: bytes, now_s: float) -> list[tuple[Reply, Request | None]]:
        """Each reply with the request it answers. A reply that answers nothing is late: a status is
        still news then, anything else is not worth knowing."""
        heard: list[tuple[Reply, Request | None]] = []
        for reply in self._decoder.feed(data):
            if reply.address != VALIDATOR:
                continue
            self.heard_s = now_s
            asked = self._awaiting if self._awaiting and _answers(self._awaiting, reply) else None
            if asked:
                self._awaiting, self._free_s = None, now_s + BUS_FREE_S
            else:
                self._fall_out_of_step(now_s)
            heard.append((reply, asked))
        return heard

    def verdict(
        self, heard: list[tuple[Reply, Request | None]], now_s: float, *, may_ack: bool
    ) -> Request | None:
        """ACK or NAK for the data just heard; nothing for a short answer, or for what nobody asked."""
        data = [reply for reply, asked in heard if asked and not reply.is_short_answer]
        if not data:
            return None
        if self._in_step and may_ack:
            return _ACK
        self._fall_out_of_step(now_s)  # some devices say it again at once
        return _NAK

    def timed_out(self, now_s: float) -> Request | None:
        """The request whose answer is overdue, once. Half an answer is forgotten with it."""
        if self._awaiting is None or now_s < self._deadline_s:
            return None
        asked, self._awaiting = self._awaiting, None
        self._decoder.discard()
        self._fall_out_of_step(now_s)
        return asked

    def _fall_out_of_step(self, now_s: float) -> None:
        self._in_step = False
        if now_s >= self._quiet_until_s:  # once: a device that never stops is asked all the same
            self._quiet_until_s = now_s + QUIET_S


def _answers(asked: Request, reply: Reply) -> bool:
    if asked == POLL:
        return reply.is_status or reply.code == ReplyCode.NAK
    if reply.is_short_answer:
        return reply.code != ReplyCode.ACK or asked.code not in _ASK_FOR_DATA
    if asked.code == RequestCode.GET_BILL_TABLE:
        return not reply.is_status and len(reply.body) % RECORD_BYTES == 0
    return asked.code == RequestCode.IDENTIFICATION and len(reply.body) >= IDENTIFICATION_BYTES_MIN
