"""The dialogue with a ccTalk bill validator: what to send next, and what its answers mean.

Responsible for: set-up, settings, the core's decisions, the acknowledgement of a credit, and what to conclude from
a history that another process may have read before.
Not responsible for: the line (`codec`, `exchange`), which events are new (`history`), the bill and its credit
(`escrow`, `cycle`), the faults (`troubles`), threads and ports.

The credit. ccTalk has no acknowledgement: the host is to remember the event counter, and a host that was killed
remembers nothing. So the acknowledgement is kept where it survives the host, in the device: the inhibit mask (231).
Before STACK is sent the mask is closed for all bills, the seal, and it is opened again when the core has committed
the credit. Two things follow.

- No bill can enter behind an uncommitted credit, so the credit stays the newest event about a bill.
- A new driver reads the mask (230) beside the history. A credit behind a closed mask was not committed: it is told
  again. A credit behind an open mask was.

Vouching. While this process lives, every event since the last poll is seen, and it vouches, unless something broke,
was opened, was lost, or the device was restarted. A process that has just begun vouches only if the history shows
the last bill in escrow going back; anything else may hide a bill, and nobody guesses.

The device is never reset (1): its counter and its history are the evidence.
Source: ccTalk Generic Specification 4.7, part 2, headers 159, 154, 153, 228, 231, 232; part 3, appendix 16 (sessions).
"""

from drivers.bill_acceptor.cctalk.cycle import Cycle
from drivers.bill_acceptor.cctalk.exchange import BILL_EVENTS, SIMPLE_POLL, Exchange
from drivers.bill_acceptor.cctalk.faults import (
    BREAKS,
    INHIBITED_ON_SERIAL,
    MASTER_INHIBIT_ACTIVE,
    STACKER_INSERTED,
    STACKER_REMOVED,
)
from drivers.bill_acceptor.cctalk.frames import Answer, Frame, Header, Request, Route, route
from drivers.bill_acceptor.cctalk.history import Change, History, Report, read_report
from drivers.bill_acceptor.cctalk.settings import INHIBITED, Settings, wanted
from drivers.bill_acceptor.cctalk.setup import SetUp
from drivers.bill_acceptor.cctalk.troubles import Troubles
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
from drivers.bill_acceptor.events import AcceptorEvent, AcceptorReady, Bill, PoweredUp

# Choices.
SILENT_AFTER_S = 5.0  # then nobody is there, and the port is opened anew
POWER_UP_RECORD_S = 0.3  # a bill makes it forget that it was restarted; by then it is on record
_ROUTE = {Stack: Route.STACK, Return: Route.RETURN, Hold: None}
_NEVER_S = float("-inf")


class CcTalk:
    """An `AcceptorProtocol`."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._bills: dict[int, Bill] | None = None  # by bill type, ours alone; None: not read
        self._enabled = False
        self._vouches = False  # what happened before this process began, the history must show
        self._has_begun = False  # the history of the time before is dealt with
        self._is_polled = False  # since the connection
        self._is_table_read = self._ready_said = False
        self._restarted_s = _NEVER_S
        self._exchange = Exchange()
        self._cycle = Cycle()
        self._setup = SetUp()
        self._settings = Settings()
        self._troubles = Troubles()
        self._history = History()
        self._events: list[AcceptorEvent] = []

    def connected(self, now_s: float) -> Decision:
        """The set-up is kept: a history that goes on proves that it is the same device."""
        self._exchange.opened(now_s)
        self._cycle.broken(now_s)
        self._settings.forget()
        self._is_polled = self._ready_said = False
        return self._decide(now_s)

    def disconnected(self) -> None:
        self._exchange.closed()

    def received(self, data: bytes, now_s: float) -> Decision:
        replies = self._exchange.received(data, now_s)
        for asked, reply in replies:
            if asked and reply.header == Answer.DONE:
                self._on_answer(asked, reply, now_s)
            elif asked:
                self._on_refusal(asked, reply, now_s)
        return self._decide(now_s, heard=bool(replies))

    def ticked(self, now_s: float) -> Decision:
        asked = self._exchange.timed_out(now_s)
        if asked:
            self._setup.unanswered(asked)
            self._settings.unanswered()
            if asked == BILL_EVENTS:
                self._setup.line_failed()
            if asked.header == Header.ROUTE_BILL and self._cycle.held:
                self._events += self._cycle.held.unanswered(asked.route, now_s)
        return self._decide(now_s)

    def commanded(self, command: AcceptorCommand, now_s: float) -> Decision:
        match command:
            case Enable() | Disable():
                self._enabled = isinstance(command, Enable)
            case AcknowledgeCredit():
                self._cycle.acknowledge()
            case Stack() | Return() | Hold() if self._cycle.held:
                self._cycle.held.decide(_ROUTE[type(command)], now_s)
        return self._decide(now_s)

    def farewell(self) -> bytes:
        """The master inhibit alone. The mask stays: it says whether the last credit was committed."""
        if not self._exchange.is_open or not self._exchange.is_found:
            return b""
        return self._exchange.bytes_of(Request(Header.SET_MASTER_INHIBIT, INHIBITED))

    # -- what the device said --------------------------------------------------------------------

    def _on_answer(self, asked: Request, reply: Frame, now_s: float) -> None:
        match asked.header:
            case Header.BILL_EVENTS:
                self._on_report(read_report(reply.data), now_s)
            case Header.SET_MODE | Header.SET_INHIBIT_MASK | Header.SET_MASTER_INHIBIT:
                self._settings.know(asked.header, asked.data)
            case Header.ROUTE_BILL if self._cycle.held:
                self._events += self._cycle.held.answered(asked.route, reply, now_s)
            case Header.GET_INHIBIT_MASK | Header.GET_MASTER_INHIBIT:
                self._on_read_back(asked.header, reply.data, now_s)
            case Header.SELF_CHECK:
                self._troubles.check_sent(now_s)
                self._vouches = self._vouches and reply.data[0] == 0
                self._events += self._troubles.checked(reply.data[0])
        if asked == self._setup.next:
            self._setup.answered(asked, reply)

    def _on_refusal(self, asked: Request, reply: Frame, now_s: float) -> None:
        """NAK or BUSY."""
        if reply.header == Answer.NAK:
            self._setup.unanswered(asked)
        if asked.header == Header.ROUTE_BILL and self._cycle.held:
            self._events += self._cycle.held.answered(asked.route, reply, now_s)

    def _on_report(self, report: Report, now_s: float) -> None:
        self._is_polled = True
        change = self._history.take(report)
        if change is Change.OVERRUN:
            self._events += self._troubles.overrun()
            self._start_anew(now_s)
        elif change is Change.RESTARTED:
            self._on_restart(now_s)

    def _on_read_back(self, header: Header, value: bytes, now_s: float) -> None:
        """A restart leaves a counter of 0 as it was, and takes the mask away."""
        is_ours = self._settings.was_read(header, value)
        if not is_ours and header is Header.GET_INHIBIT_MASK and self._history.is_at_zero:
            self._on_restart(now_s)

    def _on_restart(self, now_s: float) -> None:
        self._restarted_s = now_s
        self._events.append(PoweredUp("nowhere"))
        self._start_anew(now_s)

    def _start_anew(self, now_s: float) -> None:
        """It may have forgotten anything, and nobody can vouch for what happened meanwhile."""
        self._vouches = False
        self._has_begun = True
        self._cycle.broken(now_s)
        self._settings.forget()
        self._setup = SetUp()
        self._is_table_read = self._ready_said = False

    def _read_table(self) -> None:
        if self._is_table_read or not self._setup.is_done:
            return
        self._is_table_read = True
        table = self._setup.bills
        self._events += self._troubles.table_read(table.values(), self._currency)
        self._bills = {k: bill for k, bill in table.items() if bill.currency == self._currency}

    def _begin(self, now_s: float) -> None:
        """The history of the time before this process, once the table can name its bills."""
        first = self._history.first
        if self._has_begun or first is None or not self._setup.is_done:
            return
        self._has_begun = True
        mask = self._setup.mask_found
        was_sealed = mask is not None and not any(mask)
        found = self._cycle.found(first, self._bills or {}, now_s, was_sealed=was_sealed)
        self._events += found.events
        self._vouches = found.went_back

    def _hear(self, now_s: float) -> None:
        """What is new, in order, up to the next credit; what is behind it waits for the commit."""
        if not self._has_begun or self._bills is None:
            return
        unheard = self._history.unheard
        while unheard and self._cycle.credit is None:
            event = unheard.popleft()
            self._events += self._troubles.seen(event)
            self._events += self._cycle.seen(event, self._bills, now_s)
            if event.a == 0:
                self._mind(event.b)

    def _mind(self, event: int) -> None:
        if event in BREAKS or event == STACKER_REMOVED:
            self._vouches = False
        if event in {MASTER_INHIBIT_ACTIVE, STACKER_REMOVED, STACKER_INSERTED}:
            self._settings.know(Header.SET_MASTER_INHIBIT, INHIBITED)
        if event == INHIBITED_ON_SERIAL:  # it may have lost its settings while the counter was 0
            self._settings.forget()

    # -- what to send next -----------------------------------------------------------------------

    def _decide(self, now_s: float, *, heard: bool = False) -> Decision:
        self._read_table()
        self._begin(now_s)
        self._hear(now_s)
        self._conclude(now_s)
        send = b""
        if self._exchange.is_free(now_s) and (request := self._next_request(now_s)):
            send = self._exchange.send(request, now_s)
        events, self._events = tuple(self._events), []
        return Decision(send, events, self._exchange.wake_at_s, heard)

    def _conclude(self, now_s: float) -> None:
        held = self._cycle.held
        if held and held.is_gone(now_s):
            self._cycle.vanished()
            self._vouches = self._ready_said = False
        elif held and held.is_late(now_s):
            self._events += self._troubles.route_is_late(is_stacking=held.is_stacking)
        elif not held:
            self._events += self._troubles.cleared("route")
        settings = self._wanted()
        mask = settings.get(Header.SET_INHIBIT_MASK)
        if mask is None or self._settings.is_set(Header.SET_INHIBIT_MASK, mask):
            self._events += self._cycle.settle()
        is_refused = self._settings.are_refused(settings, now_s) or self._setup.is_stuck
        self._events += self._troubles.set_up(is_refused=is_refused)
        self._say_ready()

    def _say_ready(self) -> None:
        is_asked = self._is_polled and self._setup.is_done and self._has_begun
        is_calm = not self._history.unheard and self._cycle.is_empty and self._troubles.is_well
        if self._ready_said or not (is_asked and is_calm and self._settings.hold(self._wanted())):
            return
        bills = tuple((self._bills or {}).values())
        self._events.append(AcceptorReady(bills, self._vouches, self._setup.firmware))
        self._ready_said = self._vouches = True

    def _wanted(self) -> dict[Header, bytes]:
        takes_bills = self._enabled and self._troubles.is_well
        width, is_sealed = self._setup.mask_width, self._cycle.is_sealed
        return wanted(self._bills or (), width, is_sealed=is_sealed, takes_bills=takes_bills)

    def _next_request(self, now_s: float) -> Request | None:
        if not self._exchange.is_found:
            return SIMPLE_POLL
        if self._exchange.is_poll_due(now_s):
            return BILL_EVENTS
        if self._setup.next:
            return self._setup.next
        is_on_record = now_s - self._restarted_s >= POWER_UP_RECORD_S
        if not (self._is_polled and self._has_begun and is_on_record):
            return None
        return (
            self._disposal(now_s)
            or self._settings.next(self._wanted(), now_s)
            or self._check(now_s)
            or self._settings.read_back(now_s)
        )

    def _disposal(self, now_s: float) -> Request | None:
        held = self._cycle.held
        if held is None or self._troubles.is_broken:
            return None
        where = held.next_route(now_s, is_sealed=self._settings.are_sealed)
        if where is None:
            return None
        held.sent(where, now_s)
        return route(where)

    def _check(self, now_s: float) -> Request | None:
        """Not with a bill in escrow, which motors could move."""
        is_safe = self._cycle.held is None or self._troubles.is_broken
        if not is_safe or not self._troubles.is_check_due(now_s):
            return None
        self._troubles.check_sent(now_s)
        return Request(Header.SELF_CHECK)
