"""The dialogue with a CCNET bill validator: what to send next, and what its answers mean.

Responsible for: set-up, enabling, the core's decisions, the acknowledgement of a credit, and RESET where
nothing else helps. A BILL STACKED (81) is answered by NAK until the core has committed the credit, and by
ACK from then on; so the device repeats it instead of moving on, also to the driver of the next process.
Not responsible for: the line (`codec`, `exchange`), the bill and its credit (`cycle`), threads and ports;
recycling, dispensing and bar codes.

It vouches as long as the device keeps its memory: whatever was stacked and not acknowledged is still being
repeated, whoever listens. Not after a power loss, a jam, a failure, a bill pulled back or a RESET from
silence, and not when the first thing heard is that somebody reset it.

Source: CCNET Protocol Description, Document 1, v2.6.0 (copy in ZoyuJ/CashCodeProtocol), bill validator; a
session log in RT-circuits/ccnet-poc.
"""

from drivers.bill_acceptor.ccnet.codec import encode
from drivers.bill_acceptor.ccnet.cycle import Cycle
from drivers.bill_acceptor.ccnet.disposal import Disposal
from drivers.bill_acceptor.ccnet.exchange import POLL, Exchange
from drivers.bill_acceptor.ccnet.faults import fault_of
from drivers.bill_acceptor.ccnet.frames import (
    AT_REST,
    IN_ESCROW,
    POWER_UPS,
    STUCK,
    Reply,
    ReplyCode,
    Request,
    RequestCode,
)
from drivers.bill_acceptor.ccnet.identity import NO_TYPES, Identity
from drivers.bill_acceptor.ccnet.setup import SetUp
from drivers.bill_acceptor.commands import (
    AcceptorCommand,
    AcknowledgeCredit,
    Disable,
    Enable,
    Hold,
    Return,
    Stack,
)
from drivers.bill_acceptor.decision import Decision
from drivers.bill_acceptor.events import AcceptorEvent, AcceptorReady, BillEscrowed
from drivers.bill_acceptor.standing_faults import StandingFaults
from drivers.faults import FaultCode

# Times and counts below are choices where no source is named.
SILENT_RESET_S = 5.0  # the document's non-response time; then RESET, at least every 10 s
SILENT_AFTER_S = 7.0  # then nobody is there; the port is opened anew, and the 10 s are kept
POWER_UP_RECORD_S = 0.3  # RESET makes it forget: the core puts the power-up on record first
POWER_UP_RESET_S = 1.0  # while it still says POWER UP
STUCK_RESET_S = 10.0  # jams and failures: RESET moves the motors, and a hand may be in there
REFUSED_RESET_S = 10.0  # a device that does not tell its table even after RESET
CREDIT_RESET_S = 3.0  # a device that does not take our ACK
ACKS_BEFORE_RESET = 10  # two seconds of them
ENABLE_RETRY_S = 0.5

_FORGETS = STUCK | POWER_UPS  # hands may have been in it, or its memory is gone
_NEVER_S = float("-inf")


class Ccnet:
    """An `AcceptorProtocol`."""

    def __init__(self, currency: str) -> None:
        self._identity = Identity(currency)
        self._enabled = False
        self._vouches = True
        self._ready_said = False
        self._exchange = Exchange()
        self._cycle = Cycle()
        self._disposal = Disposal()
        self._setup = SetUp()
        self._faults = StandingFaults()
        self._events: list[AcceptorEvent] = []
        self._status: Reply | None = None
        self._status_since_s = 0.0
        self._is_fresh = False  # the status is newer than what we sent last
        self._reset_s = self._enable_s = _NEVER_S
        self._probed = False  # silence was answered with a RESET

    def connected(self, now_s: float) -> Decision:
        self._exchange.opened(now_s)
        self._setup = SetUp()
        self._status, self._is_fresh = None, False
        self._probed = self._ready_said = False
        return self._decide(now_s)

    def disconnected(self) -> None:
        self._exchange.closed()
        self._cycle.link_lost()

    def received(self, data: bytes, now_s: float) -> Decision:
        heard = self._exchange.received(data, now_s)
        for reply, asked in heard:
            self._probed = False
            if reply.is_status:
                self._on_status(reply, now_s)
            elif asked:
                self._on_answer(asked, reply)
        is_credit = self._status is not None and self._status.code == ReplyCode.STACKED
        is_committed = self._cycle.credit is not None and self._cycle.credit.acknowledged
        verdict = self._exchange.verdict(heard, now_s, may_ack=is_committed or not is_credit)
        if is_credit and verdict and verdict.code == RequestCode.ACK:
            self._cycle.ack_sent()
        return self._decide(now_s, verdict=verdict, heard=bool(heard))

    def ticked(self, now_s: float) -> Decision:
        if asked := self._exchange.timed_out(now_s):
            self._on_failure(asked)
        return self._decide(now_s)

    def commanded(self, command: AcceptorCommand, now_s: float) -> Decision:
        match command:
            case Enable() | Disable():
                self._enabled = isinstance(command, Enable)
                self._enable_s = _NEVER_S
            case AcknowledgeCredit():
                self._cycle.acknowledge()
            case Stack():
                self._cycle.decide(RequestCode.STACK)
            case Return():
                self._cycle.decide(RequestCode.RETURN)
            case Hold():
                self._cycle.decide(RequestCode.HOLD)
                self._disposal.hold_now()
        return self._decide(now_s)

    def farewell(self) -> bytes:
        types = Request(RequestCode.ENABLE_BILL_TYPES, NO_TYPES)
        return encode(types) if self._exchange.is_open else b""

    # -- what the device said --------------------------------------------------------------------

    def _on_status(self, status: Reply, now_s: float) -> None:
        was_reset = self._status is None and status.code == ReplyCode.INITIALISE
        if self._status is None or status.code != self._status.code:
            self._status_since_s = now_s
        self._status, self._is_fresh = status, True
        if status.code in _FORGETS or was_reset:
            self._vouches = False
        starts_over = status.code == ReplyCode.INITIALISE and self._ready_said
        if starts_over or status.code in POWER_UPS:
            self._set_up_anew()
        if self._identity.bills is not None or status.code not in IN_ESCROW:
            self._tell(self._cycle.seen(status, self._identity.named(status.data)), now_s)
        if self._cycle.credit is None:
            self._events += self._faults.cleared("credit")
        self._judge(status, now_s)
        if status.code in AT_REST:
            self._say_ready()

    def _tell(self, events: list[AcceptorEvent], now_s: float) -> None:
        if any(isinstance(event, BillEscrowed) for event in events):
            self._disposal.offered(now_s)
        self._events += events

    def _judge(self, status: Reply, now_s: float) -> None:
        fault = fault_of(status, now_s - self._status_since_s)
        if fault:
            self._events += self._faults.stands("status", *fault)
        elif status.code not in {*POWER_UPS, ReplyCode.INITIALISE}:  # they say nothing of a jam
            self._events += self._faults.cleared("status")

    def _say_ready(self) -> None:
        if self._cycle.lost_sight:
            self._cycle.lost_sight = self._ready_said = self._vouches = False
        if self._ready_said or not self._setup.is_done or not self._cycle.is_empty:
            return
        self._events += self._faults.cleared("set-up")
        bills = tuple((self._identity.bills or {}).values())
        self._events.append(AcceptorReady(bills, self._vouches, self._identity.firmware))
        self._ready_said = self._vouches = True
        self._setup.was_reset = False

    def _set_up_anew(self) -> None:
        self._setup.restart()
        self._ready_said = False

    def _on_answer(self, asked: Request, reply: Reply) -> None:
        if reply.is_short_answer:
            if reply.code == ReplyCode.ILLEGAL_COMMAND:
                self._on_refusal(asked)
            elif reply.code == ReplyCode.NAK:
                self._on_failure(asked)
            return
        if asked.code == RequestCode.IDENTIFICATION:
            self._identity.read_name(reply.body)
        elif asked.code == RequestCode.GET_BILL_TABLE:
            self._identity.read_bills(reply.body)
            self._judge_bills()
        if self._setup.is_at(asked.code):
            self._setup.advance()
            self._is_fresh = True  # nothing moved: the next step needs no poll between

    def _judge_bills(self) -> None:
        if self._identity.bills:
            self._events += self._faults.cleared("currency")
        else:
            fault = FaultCode.ACCEPTOR_CURRENCY, self._identity.complaint
            self._events += self._faults.stands("currency", *fault)

    def _on_failure(self, asked: Request) -> None:
        """Not heard, or not understood: asked again, some times."""
        if self._setup.is_at(asked.code) and self._setup.failed():
            self._on_refusal(asked)

    def _on_refusal(self, asked: Request) -> None:
        code = self._status.code if self._status else None
        if asked.code == RequestCode.GET_BILL_TABLE and code in IN_ESCROW:
            self._cycle.found_unnamed()
        elif code != ReplyCode.DISABLED or not self._setup.is_at(asked.code):
            return
        elif asked.code == RequestCode.IDENTIFICATION:
            self._setup.advance()  # a name is good to have, no more
        else:
            if self._setup.was_reset:
                detail = f"it refuses {asked.name} ({asked.code:02X})"
                self._events += self._faults.stands("set-up", FaultCode.ACCEPTOR_PROTOCOL, detail)
            self._setup.needs_reset = True

    # -- what to send next -----------------------------------------------------------------------

    def _decide(
        self, now_s: float, *, verdict: Request | None = None, heard: bool = False
    ) -> Decision:
        send = encode(verdict) if verdict else b""
        if not send and self._exchange.is_free(now_s) and (request := self._next_request(now_s)):
            self._is_fresh = False
            send = self._exchange.send(request, now_s)
        events, self._events = tuple(self._events), []
        return Decision(send, events, self._exchange.wake_at_s(now_s), heard)

    def _next_request(self, now_s: float) -> Request | None:
        if now_s - self._exchange.heard_s >= SILENT_RESET_S and not self._probed:
            self._probed, self._vouches = True, False  # whatever it held, it may forget now
            return self._reset(now_s)
        if self._is_fresh and self._status and (request := self._reaction(self._status, now_s)):
            return request
        return POLL if self._exchange.is_poll_due(now_s) else None

    def _reaction(self, status: Reply, now_s: float) -> Request | None:
        code = status.code
        if code in POWER_UPS:
            recorded = now_s - self._status_since_s >= POWER_UP_RECORD_S
            return self._reset_every(POWER_UP_RESET_S, now_s) if recorded else None
        if code == ReplyCode.STACKED:
            return self._insistence(now_s)
        if code in IN_ESCROW:
            return self._escrow(now_s)
        if code in STUCK and now_s - self._status_since_s >= STUCK_RESET_S:
            return self._reset_every(STUCK_RESET_S, now_s)
        return self._configuration(code, now_s) if code in AT_REST else None

    def _insistence(self, now_s: float) -> Request | None:
        """The ACKs go out as verdicts; this is what helps when they do not."""
        credit = self._cycle.credit
        if not credit or credit.acks_sent < ACKS_BEFORE_RESET:
            return None
        if credit.resets:
            detail = "81 BILL STACKED persists after ACK and RESET"
            self._events += self._faults.stands("credit", FaultCode.ACCEPTOR_PROTOCOL, detail)
        return self._reset_every(CREDIT_RESET_S, now_s)

    def _escrow(self, now_s: float) -> Request | None:
        if self._identity.bills is None and self._cycle.held is None:
            return Request(RequestCode.GET_BILL_TABLE)
        return self._disposal.request(self._cycle, now_s)

    def _configuration(self, code: int, now_s: float) -> Request | None:
        if self._setup.needs_reset:
            return self._reset_every(REFUSED_RESET_S, now_s)
        if code == ReplyCode.DISABLED and not self._setup.is_done:
            return self._setup.request()
        takes = self._setup.is_done and self._enabled and bool(self._identity.bills)
        is_wrong = code == (ReplyCode.DISABLED if takes else ReplyCode.IDLING)
        if not is_wrong or now_s - self._enable_s < ENABLE_RETRY_S:
            return None
        self._enable_s = now_s
        return Request(
            RequestCode.ENABLE_BILL_TYPES, self._identity.enabling if takes else NO_TYPES
        )

    def _reset_every(self, pace_s: float, now_s: float) -> Request | None:
        return self._reset(now_s) if now_s - self._reset_s >= pace_s else None

    def _reset(self, now_s: float) -> Request:
        self._reset_s = now_s
        self._setup.was_reset = True
        self._set_up_anew()
        self._cycle.reset_sent()
        return Request(RequestCode.RESET)
