"""The dialogue with an EBDS device: what to send next, and what its answers mean.

Responsible for: set-up, which bills may be taken, the core's decisions, letting go of a credit, and the soft
reset of a device that is stuck.
Not responsible for: the line (`codec`, `exchange`), the bill and its credit (`cycle`), threads and ports.

A credit is acknowledged by flipping the bit: from BillStacked to AcknowledgeCredit the last message is sent
again and again, and the device stays at its answer. A new driver does not know the bit of the one before,
so its first message may acknowledge a credit that nobody has seen: it does not vouch until it was ready once.

Source: EBDS protocol specification, as documented in decapod-atm/ebds; TerminalClient
(EBDSCashAcceptor.cpp); Pyramid RS-232 rev. G.
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
from drivers.bill_acceptor.decision import Decision as Turn
from drivers.bill_acceptor.ebds.cycle import Cycle, Decision, Named
from drivers.bill_acceptor.ebds.describe import describe
from drivers.bill_acceptor.ebds.exchange import Answer, Exchange
from drivers.bill_acceptor.ebds.faults import (
    JAM,
    Verdict,
    Watch,
    is_at_rest,
    is_broken,
    is_cheated,
    is_out_of_order,
    is_stuck,
)
from drivers.bill_acceptor.ebds.frames import (
    Auxiliary,
    Extended,
    MessageType,
    Mode,
    Request,
    State,
    Status,
)
from drivers.bill_acceptor.ebds.notes import read_note
from drivers.bill_acceptor.ebds.setup import ALL_BILLS, NO_BILLS, SetUp, Step
from drivers.bill_acceptor.events import AcceptorEvent, AcceptorReady
from drivers.bill_acceptor.standing_faults import StandingFaults
from drivers.faults import FaultCode

# Times are choices where no source is named.
SILENT_AFTER_S = 10.0  # a soft reset or a power-up is silent for 5 to 8 s
POWER_UP_RECORD_S = (
    0.3  # the next message lets it forget: the core puts the power-up on record first
)
STUCK_RESET_S = 30.0  # jams and failures: a hand may be in there first
RESET_QUIET_S = 1.0  # decapod-atm/ebds src/soft_reset.rs: ignore what comes in the first second
SET_UP_RETRY_S = 10.0
_RESET = Request(MessageType.AUXILIARY << 4, bytes([0x7F, 0x7F, Auxiliary.RESET]))
_ACTION = {Decision.STACK: Mode.STACK, Decision.RETURN: Mode.RETURN, None: Mode(0)}


class Ebds:
    """An `AcceptorProtocol`."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._enabled = False
        self._vouches = False
        self._ready_said = False
        self._exchange = Exchange()
        self._cycle = Cycle()
        self._setup = SetUp(currency)
        self._faults = StandingFaults()
        self._watch = Watch()
        self._events: list[AcceptorEvent] = []
        self._status: Status | None = None
        self._record_until_s = self._stuck_since_s = self._set_up_at_s = 0.0

    def connected(self, now_s: float) -> Turn:
        self._exchange.opened(now_s)
        self._setup.restart()
        self._status, self._ready_said, self._stuck_since_s = None, False, now_s
        return self._decide(now_s)

    def disconnected(self) -> None:
        self._exchange.closed()
        self._cycle.link_lost()

    def received(self, data: bytes, now_s: float) -> Turn:
        heard = False
        for answer in self._exchange.received(data, now_s):
            heard = True
            if isinstance(answer, Answer):
                self._on_answer(answer, now_s)
        return self._decide(now_s, heard=heard)

    def ticked(self, now_s: float) -> Turn:
        return self._decide(now_s)

    def commanded(self, command: AcceptorCommand, now_s: float) -> Turn:
        match command:
            case Enable() | Disable():
                self._enabled = isinstance(command, Enable)
            case AcknowledgeCredit():
                self._cycle.acknowledge()
            case Stack():
                self._cycle.decide(Decision.STACK)
            case Return():
                self._cycle.decide(Decision.RETURN)
            case Hold():
                self._cycle.decide(None)  # the set-up has given it two minutes already
        return self._decide(now_s)

    def farewell(self) -> bytes:
        """Not over a bill in escrow, nor over a credit that is not on record: they wait for the next driver."""
        if not self._exchange.is_open or not self._cycle.is_empty:
            return b""
        return self._exchange.send(self._setup.poll(NO_BILLS, Mode(0)), 0.0)

    # -- what the device said --------------------------------------------------------------------

    def _on_answer(self, answer: Answer, now_s: float) -> None:
        status = answer.reply.status
        if not answer.is_repeat:
            self._setup.answered(answer.request, answer.reply)
        if status:
            self._events += self._faults.cleared("reply")
            self._on_status(status, now_s)
            named = self._named(status, answer)
            self._events += self._cycle.seen(status, named, is_repeat=answer.is_repeat)
            for verdict in self._watch.judge(status, now_s):
                self._events += self._sentence(verdict)
        elif answer.request.type == MessageType.HOST:
            detail = f"it answers a poll with {describe(answer.reply)}"
            self._events += self._faults.stands("reply", FaultCode.ACCEPTOR_PROTOCOL, detail)
        self._judge_set_up(now_s)
        self._say_ready()

    def _on_status(self, status: Status, now_s: float) -> None:
        last, self._status = self._status, status
        if status.is_powering_up and not (last and last.is_powering_up):
            self._record_until_s = now_s + POWER_UP_RECORD_S
            self._set_up_anew()
            self._vouches = False
        if is_out_of_order(status):
            self._ready_said = False
        if is_broken(status) or is_cheated(status):
            self._vouches = False
        if not is_stuck(status):
            self._stuck_since_s = now_s

    def _named(self, status: Status, answer: Answer) -> Named | None:
        """A line of the table that was asked for is no report: a report has the index 0."""
        asked, note = answer.request.subtype, read_note(answer.reply.extension)
        if answer.reply.subtype == Extended.NOTE and (asked != Extended.NOTE or not note.index):
            ours = note.bill if note.bill and note.bill.currency == self._currency else None
            return Named(ours, str(note)) if note.bill else None
        if not status.index:
            return None
        words = f"index {status.index}"
        if not self._setup.has_extended_notes:
            return Named(self._setup.bills.get(status.index), words)
        return Named(None, words) if status.is_stacked_event else None

    def _sentence(self, verdict: Verdict) -> list[AcceptorEvent]:
        if verdict.code is None:
            return self._faults.cleared(verdict.cause)
        went_down = self._cycle.held is not None and self._cycle.held.stack_sent
        code = FaultCode.STACKER_JAM if verdict.cause == JAM and went_down else verdict.code
        return self._faults.stands(verdict.cause, code, verdict.detail)

    def _judge_set_up(self, now_s: float) -> None:
        if self._setup.at is Step.FAILED:
            detail = "it names its bills neither by note (70 02) nor by value (70 06)"
            self._events += self._faults.stands("set-up", FaultCode.ACCEPTOR_PROTOCOL, detail)
        elif self._setup.is_done:
            self._events += self._faults.cleared("set-up")
            self._events += self._judge_currency()
        if self._setup.at is not Step.FAILED:
            self._set_up_at_s = now_s

    def _judge_currency(self) -> list[AcceptorEvent]:
        if self._setup.bills:
            return self._faults.cleared("currency")
        takes = ", ".join(
            sorted({note.bill.currency for note in self._setup.table.values() if note.bill})
        )
        detail = f"the device takes {takes}, the kiosk {self._currency}"
        return self._faults.stands("currency", FaultCode.ACCEPTOR_CURRENCY, detail)

    def _say_ready(self) -> None:
        if self._cycle.lost_sight:
            self._cycle.lost_sight = self._ready_said = self._vouches = False
        is_ready = self._setup.is_done and self._cycle.is_empty and self._is_at_rest
        if self._ready_said or not is_ready:
            return
        bills = tuple(self._setup.bills.values())
        self._events.append(AcceptorReady(bills, self._vouches, self._setup.firmware))
        self._ready_said = self._vouches = True

    @property
    def _is_at_rest(self) -> bool:
        return self._status is not None and is_at_rest(self._status)

    def _set_up_anew(self) -> None:
        self._setup.restart()
        self._ready_said = False

    # -- what to send next -----------------------------------------------------------------------

    def _decide(self, now_s: float, *, heard: bool = False) -> Turn:
        overdue = self._exchange.overdue(now_s)
        if overdue:
            send = self._again(overdue, now_s)
        else:
            send = self._next(now_s) if self._exchange.is_free else b""
        events, self._events = tuple(self._events), []
        return Turn(send, events, self._exchange.wake_at_s, heard)

    def _again(self, overdue: Request, now_s: float) -> bytes:
        if self._cycle.must_wait:
            return self._exchange.repeat(now_s)
        if self._exchange.slipped:
            self._exchange.slipped = self._vouches = False
        elif not self._setup.unanswered(overdue):
            return self._exchange.repeat(now_s)
        self._judge_set_up(now_s)
        return self._exchange.send(self._poll(), now_s)

    def _next(self, now_s: float) -> bytes:
        is_due = self._exchange.is_due(now_s)
        if self._cycle.must_wait or now_s < self._record_until_s:
            return self._exchange.repeat(now_s) if is_due else b""
        if self._status is None:
            return self._exchange.send(self._poll(), now_s) if is_due else b""
        if now_s - self._stuck_since_s >= STUCK_RESET_S:
            return self._reset(now_s)
        request = self._set_up_request(now_s) or (self._poll(self._status) if is_due else None)
        return self._exchange.send(request, now_s) if request else b""

    def _set_up_request(self, now_s: float) -> Request | None:
        if not self._is_at_rest:
            return None
        if self._setup.at is Step.FAILED and now_s - self._set_up_at_s >= SET_UP_RETRY_S:
            self._set_up_anew()
        return self._setup.request()

    def _poll(self, status: Status | None = None) -> Request:
        """With the decision, when the bill it is about was in escrow a moment ago."""
        decision = self._cycle.decision
        if status is None or State.ESCROWED not in status.state:
            decision = None
        if decision is Decision.STACK:
            self._cycle.stack_sent()
        return self._setup.poll(self._notes, _ACTION[decision])

    @property
    def _notes(self) -> int:
        """While a bill is inside nothing is withdrawn: a unit may give back what it may not take."""
        if self._cycle.held:
            return ALL_BILLS
        if not (self._enabled and self._setup.is_done):
            return NO_BILLS
        return self._setup.notes

    def _reset(self, now_s: float) -> bytes:
        """It has no answer."""
        self._stuck_since_s = now_s
        self._cycle.broke()
        self._set_up_anew()
        send = self._exchange.send(_RESET, now_s)
        self._exchange.pause(now_s + RESET_QUIET_S)
        return send
