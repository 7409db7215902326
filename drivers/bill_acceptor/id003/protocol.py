"""The dialogue with an ID-003 device: what to send next, and what its answers mean.

Responsible for: set-up, inhibit, the core's decisions, the acknowledgement of a credit, and RESET where
nothing else helps.
Not responsible for: the line (`codec`, `exchange`), the bill and its credit (`cycle`), threads and ports.
Source: JCM ID-003 protocol specification, operating sequences; what a real device did in
RT-circuits/ccnet-poc (Application/flow_id003_escrow.md, Session-logs).
"""

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
from drivers.bill_acceptor.events import AcceptorEvent, AcceptorReady, Bill
from drivers.bill_acceptor.id003.codec import encode
from drivers.bill_acceptor.id003.currency import inhibited_codes, read_table
from drivers.bill_acceptor.id003.cycle import Cycle
from drivers.bill_acceptor.id003.exchange import POLL, Exchange
from drivers.bill_acceptor.id003.faults import fault_of
from drivers.bill_acceptor.id003.frames import (
    AT_REST,
    POWER_UPS,
    Reply,
    ReplyCode,
    Request,
    RequestCode,
)
from drivers.bill_acceptor.id003.setup import SetUp
from drivers.bill_acceptor.standing_faults import StandingFaults
from drivers.faults import FaultCode

# Times and counts below are choices where no source is named.
SILENT_AFTER_S = 5.0  # then nobody is there, and the port is opened anew
SILENT_RESET_S = 4.0  # ccnet-poc: after a minute of VEND VALID a device answers to RESET alone
POWER_UP_RECORD_S = 0.3  # RESET makes it forget: the core puts the power-up on record first
POWER_UP_RESET_S = 1.0  # while it still says POWER UP
STUCK_RESET_S = 10.0  # jams and failures: RESET moves the motors, and a hand may be in there
REFUSED_RESET_S = 10.0  # a device that refuses its set-up even after RESET
CREDIT_RESET_S = 3.0  # a device that does not take our ACK
ACKS_BEFORE_RESET = 10  # about a second of them
INHIBIT_RETRY_S = 0.5
HOLD_DATA = b"\x0a"  # HOLD n: its unit is in no public document; 10 as in CCNET's HOLD of 10 s
HOLD_RENEW_S = 4.0  # the escrow's own time-out is about 10 s

_STUCK = frozenset(
    {ReplyCode.ACCEPTOR_JAM, ReplyCode.STACKER_JAM, ReplyCode.FAILURE, ReplyCode.CHEATED}
)
_FORGETS = _STUCK | POWER_UPS  # hands may have been in it, or its memory is gone
_NEVER_S = float("-inf")


class Id003:
    """An `AcceptorProtocol`."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._bills: dict[int, Bill] | None = (
            None  # of the device's table, ours alone; None: not read
        )
        self._firmware = ""
        self._enabled = False
        self._vouches = True
        self._ready_said = False
        self._exchange = Exchange()
        self._cycle = Cycle()
        self._setup = SetUp()
        self._faults = StandingFaults()
        self._events: list[AcceptorEvent] = []
        self._status: Reply | None = None
        self._status_since_s = 0.0
        self._is_fresh = False  # the status is newer than what we sent last
        self._reset_s = self._hold_s = self._inhibit_s = _NEVER_S
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
        heard = False
        for reply, asked in self._exchange.received(data, now_s):
            heard, self._probed = True, False
            if reply.is_status:
                self._on_status(reply, now_s)
            elif asked and reply.code == ReplyCode.INVALID_COMMAND:
                self._on_refusal(asked)
            elif asked:
                self._on_answer(asked, reply)
        return self._decide(now_s, heard=heard)

    def ticked(self, now_s: float) -> Decision:
        asked = self._exchange.timed_out(now_s)
        if asked and self._setup.is_at(asked.code) and self._setup.unanswered():
            self._on_refusal(asked)
        return self._decide(now_s)

    def commanded(self, command: AcceptorCommand, now_s: float) -> Decision:
        match command:
            case Enable() | Disable():
                self._enabled = isinstance(command, Enable)
                self._inhibit_s = _NEVER_S
            case AcknowledgeCredit():
                self._cycle.acknowledge()
            case Stack():
                self._cycle.decide(RequestCode.STACK_1)
            case Return():
                self._cycle.decide(RequestCode.RETURN)
            case Hold():
                self._cycle.decide(RequestCode.HOLD)
                self._hold_s = _NEVER_S
        return self._decide(now_s)

    def farewell(self) -> bytes:
        return encode(Request(RequestCode.SET_INHIBIT, b"\x01")) if self._exchange.is_open else b""

    # -- what the device said --------------------------------------------------------------------

    def _on_status(self, status: Reply, now_s: float) -> None:
        if self._status is None or status.code != self._status.code:
            self._status_since_s = now_s
        self._status, self._is_fresh = status, True
        if status.code in _FORGETS or (status.code == ReplyCode.STACKED and self._cycle.held):
            self._vouches = False
        starts_over = status.code == ReplyCode.INITIALISE and self._ready_said
        if starts_over or status.code in POWER_UPS:
            self._set_up_anew()
        if status.code != ReplyCode.ESCROW or self._bills is not None:
            self._events += self._cycle.seen(status, self._escrowed(status))
        if self._cycle.credit is None:
            self._events += self._faults.cleared("credit")
        self._judge(status, now_s)
        if status.code in AT_REST:
            self._say_ready()

    def _escrowed(self, status: Reply) -> Bill | None:
        return (self._bills or {}).get(status.data[0]) if status.data else None

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
        bills = tuple((self._bills or {}).values())
        self._events.append(AcceptorReady(bills, self._vouches, self._firmware))
        self._ready_said = self._vouches = True
        self._setup.was_reset = False

    def _set_up_anew(self) -> None:
        self._setup.restart()
        self._ready_said = False

    def _on_answer(self, asked: Request, reply: Reply) -> None:
        if asked.code == RequestCode.GET_VERSION:
            self._firmware = reply.data.decode("ascii", "replace").strip("\0 ")
        elif asked.code == RequestCode.GET_CURRENCY:
            self._on_table(reply.data)
        if self._setup.is_at(asked.code):
            self._setup.advance()
            self._is_fresh = True  # nothing moved: the next step needs no poll between

    def _on_table(self, data: bytes) -> None:
        table = read_table(data).items()
        self._bills = {code: bill for code, bill in table if bill.currency == self._currency}
        if self._bills:
            self._events += self._faults.cleared("currency")
            return
        takes = ", ".join(sorted({bill.currency for _, bill in table})) or "no currency we know"
        detail = f"the device takes {takes}, the kiosk {self._currency}"
        self._events += self._faults.stands("currency", FaultCode.ACCEPTOR_CURRENCY, detail)

    def _on_refusal(self, asked: Request) -> None:
        at_rest = self._status is not None and self._status.code in AT_REST
        if asked.code == RequestCode.GET_CURRENCY and not at_rest:
            self._bills = self._bills or {}  # a bill already in escrow goes back, unnamed
        elif not at_rest or not self._setup.is_at(asked.code):
            return
        elif self._setup.was_reset and self._setup.may_skip:
            self._setup.advance()
        elif not self._setup.was_reset:
            self._setup.needs_reset = True
        else:
            detail = f"it refuses {asked.name} ({asked.code:02X})"
            self._events += self._faults.stands("set-up", FaultCode.ACCEPTOR_PROTOCOL, detail)
            self._setup.needs_reset = True

    # -- what to send next -----------------------------------------------------------------------

    def _decide(self, now_s: float, *, heard: bool = False) -> Decision:
        send = b""
        if self._exchange.is_free and (request := self._next_request(now_s)):
            self._is_fresh = False
            send = self._exchange.send(request, now_s)
        events, self._events = tuple(self._events), []
        return Decision(send, events, self._exchange.wake_at_s, heard)

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
        if code == ReplyCode.VEND_VALID:
            return self._acknowledgement(now_s)
        if code == ReplyCode.ESCROW and self._bills is None:
            return Request(RequestCode.GET_CURRENCY)
        if code in {ReplyCode.ESCROW, ReplyCode.HOLDING}:
            return self._disposal(now_s)
        if code in _STUCK and now_s - self._status_since_s >= STUCK_RESET_S:
            return self._reset_every(STUCK_RESET_S, now_s)
        if code in AT_REST or code == ReplyCode.INITIALISE:
            return self._configuration(code, now_s)
        return None

    def _acknowledgement(self, now_s: float) -> Request | None:
        credit = self._cycle.credit
        if not credit or not credit.acknowledged:
            return None
        if credit.acks_sent < ACKS_BEFORE_RESET:
            self._cycle.ack_sent()
            return Request(RequestCode.ACK)
        if credit.resets:
            detail = "15 VEND VALID persists after ACK and RESET"
            self._events += self._faults.stands("credit", FaultCode.ACCEPTOR_PROTOCOL, detail)
        return self._reset_every(CREDIT_RESET_S, now_s)

    def _disposal(self, now_s: float) -> Request | None:
        if self._cycle.refusing:
            return Request(RequestCode.RETURN)
        decision = self._cycle.decision
        if decision == RequestCode.STACK_1:
            self._cycle.stack_sent()
        if decision != RequestCode.HOLD:
            return Request(decision) if decision else None
        if now_s - self._hold_s < HOLD_RENEW_S:
            return None
        self._hold_s = now_s
        return Request(RequestCode.HOLD, HOLD_DATA)

    def _configuration(self, code: int, now_s: float) -> Request | None:
        if self._setup.needs_reset:
            return self._reset_every(REFUSED_RESET_S, now_s)
        inhibited = not (self._enabled and self._bills)
        if not self._setup.is_done:
            return self._setup.request(inhibited_codes(self._bills or {}), inhibited=inhibited)
        is_wrong = code == (ReplyCode.IDLE if inhibited else ReplyCode.INHIBITED)
        if is_wrong and now_s - self._inhibit_s >= INHIBIT_RETRY_S:
            self._inhibit_s = now_s
            return Request(RequestCode.SET_INHIBIT, bytes([inhibited]))
        return None

    def _reset_every(self, pace_s: float, now_s: float) -> Request | None:
        return self._reset(now_s) if now_s - self._reset_s >= pace_s else None

    def _reset(self, now_s: float) -> Request:
        self._reset_s = now_s
        self._setup.was_reset = True
        self._set_up_anew()
        self._cycle.reset_sent()
        return Request(RequestCode.RESET)
