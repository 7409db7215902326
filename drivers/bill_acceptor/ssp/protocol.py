"""The dialogue with an SSP device: what to send next, and what its replies mean.

Responsible for: set-up, enable and disable, the core's decisions, holding a credit until the core has it on
record, and the standing faults.
Not responsible for: the line (`codec`, `encryption`, `exchange`), the bill and its credit (`cycle`), threads and
ports. RESET (01) is never sent: it would throw events away.

A bill in escrow: the next poll accepts it. So nothing is polled until the core has decided; HOLD keeps it, STACK
is a poll, RETURN is REJECT.
A credit: a command with a new sequence would tell the device that its reply was heard. So until the core has
committed, the last packet is sent again, byte for byte; then EVENT ACK where the device takes part in POLL WITH
ACK, else the next poll.
Vouching: an instance of this driver vouches for what happened while it listened, also over a cable that was out,
since a packet left unanswered is sent again before SYNC. It does not vouch for the time before it: which events
wait for EVENT ACK differs by model, and what a poll has told an earlier process is told no more. Nor after a
power-up, a jam, a fraud attempt, an open path, a reply given up, or an event not in the tables.
Source: ITL SSP Protocol Manual GA138 v2.2; GA973 (polling); issues 39 and 59 of
skokov3812/encrypted-smiley-secure-protocol (a key lost, a poll late).
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
from drivers.bill_acceptor.events import AcceptorEvent, AcceptorReady, PoweredUp
from drivers.bill_acceptor.ssp.cycle import NOT_AT_REST, Cycle
from drivers.bill_acceptor.ssp.dataset import read_dataset
from drivers.bill_acceptor.ssp.escrow import Escrow
from drivers.bill_acceptor.ssp.exchange import Exchange
from drivers.bill_acceptor.ssp.faults import SHAKING
from drivers.bill_acceptor.ssp.frames import POLLS, Command, CommandCode, Reply, ResponseCode
from drivers.bill_acceptor.ssp.poll_events import EventCode, read_events
from drivers.bill_acceptor.ssp.setup import SetUp
from drivers.bill_acceptor.ssp.switch import Switch
from drivers.bill_acceptor.ssp.troubles import Troubles
from drivers.faults import FaultCode

# Times and counts below are choices where no source is named.
SILENT_AFTER_S = 6.0  # then nobody is there, and the port is opened anew
CREDIT_AGAIN_S = 1.0  # well below the 10 s after which a device disables itself
POWER_UP_RECORD_S = 0.3  # a poll makes it forget: the core puts the power-up on record first
REST_S = 3.0  # nothing moves, nothing is said: no word will come
START_REST_S = 5.0  # the same of one that may be starting, where POLL does not tell INITIALISING
REFUSED_RETRY_S = 2.0
ACKS_MAX = 10
_NEVER_S = float("-inf")


class Ssp:
    """An `AcceptorProtocol`."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._firmware = ""
        self._vouches = self._ready_said = False
        self._exchange = Exchange()
        self._setup = SetUp()
        self._cycle = Cycle()
        self._escrow = Escrow()
        self._switch = Switch()
        self._troubles = Troubles()
        self._events: list[AcceptorEvent] = []
        self._poll_code = CommandCode.POLL_WITH_ACK
        self._ack_due = False
        self._calm_since_s: float | None = None
        self._not_before_s = _NEVER_S

    def connected(self, now_s: float) -> Decision:
        self._exchange.opened(now_s)
        self._start_over()
        send = self._exchange.resume(now_s)
        return self._decide(now_s, send)

    def disconnected(self) -> None:
        self._exchange.closed()
        self._cycle.link_lost()

    def received(self, data: bytes, now_s: float) -> Decision:
        heard = False
        for asked, reply in self._exchange.received(data):
            heard = True
            if asked:
                self._on_reply(asked, reply, now_s)
        return self._decide(now_s, heard=heard)

    def ticked(self, now_s: float) -> Decision:
        again = self._exchange.timed_out(now_s)
        if again == b"":
            self._lost_touch()  # what that reply would have told is lost
        return self._decide(now_s, again or b"")

    def commanded(self, command: AcceptorCommand, now_s: float) -> Decision:
        match command:
            case Enable() | Disable():
                self._switch.order(enabled=isinstance(command, Enable))
            case AcknowledgeCredit():
                self._cycle.acknowledge()
            case Stack():
                self._cycle.decide("stack")
            case Return():
                self._cycle.decide("return")
            case Hold():
                self._cycle.decide("hold")
                self._escrow.extended(now_s)
        return self._decide(now_s)

    def farewell(self) -> bytes:
        """Not while a bill is in the machine: it would be disturbed, and by itself it takes no second one."""
        if not self._exchange.is_open or not self._setup.is_done or not self._cycle.is_empty:
            return b""
        return self._exchange.send(Command(CommandCode.DISABLE), _NEVER_S)

    # -- what the device said --------------------------------------------------------------------

    def _on_reply(self, asked: Command, reply: Reply, now_s: float) -> None:
        if reply.code == ResponseCode.KEY_NOT_SET and self._exchange.session:
            self._cycle.memory_lost()
            self._lost_touch()
        elif self._setup.is_at(asked.code):
            self._on_set_up(asked, reply, now_s)
        elif asked.code in POLLS:
            self._on_poll(asked, reply, now_s)
        elif asked.code == CommandCode.EVENT_ACK:
            self._ack_due = False
        elif asked.code == CommandCode.LAST_REJECT_CODE:
            is_known = reply.code == ResponseCode.OK
            self._events += self._cycle.reject_explained(reply.data if is_known else b"")
        elif asked.code in {CommandCode.HOLD, CommandCode.REJECT}:
            if self._escrow.answered(asked, reply, now_s):
                self._cycle.escrow_left()
        elif asked.code in {CommandCode.ENABLE, CommandCode.DISABLE}:
            self._switch.answered(asked, reply)

    def _on_set_up(self, asked: Command, reply: Reply, now_s: float) -> None:
        self._exchange.session = self._setup.session(reply) or self._exchange.session
        is_done = reply.code == ResponseCode.OK
        if asked.code == CommandCode.HOLD and is_done:
            self._escrow.found(now_s)
            self._events += self._cycle.escrow_found()
        elif asked.code == CommandCode.HOLD:
            self._cycle.escrow_left()
        elif asked.code == CommandCode.SETUP_REQUEST:
            is_done = is_done and self._on_dataset(reply.data)
        if self._setup.answered(asked.code, is_obeyed=is_done):
            self._events += self._troubles.cleared("set-up")
            return
        self._not_before_s = now_s + REFUSED_RETRY_S
        detail = f"it answers {asked.name} ({asked.code:02X}) with {reply.code:02X} {reply.name}"
        self._events += self._troubles.stands("set-up", FaultCode.ACCEPTOR_PROTOCOL, detail)

    def _on_dataset(self, data: bytes) -> bool:
        dataset = read_dataset(data)
        if dataset is None:
            return False
        self._firmware = dataset.firmware
        bills = dataset.bills.items()
        self._cycle.bills = {at: bill for at, bill in bills if bill.currency == self._currency}
        if self._cycle.bills:
            self._events += self._troubles.cleared("currency")
            return True
        takes = ", ".join(sorted({bill.currency for _, bill in bills})) or "no currency we know"
        detail = f"the device takes {takes}, the kiosk {self._currency}"
        self._events += self._troubles.stands("currency", FaultCode.ACCEPTOR_CURRENCY, detail)
        return True

    def _on_poll(self, asked: Command, reply: Reply, now_s: float) -> None:
        if reply.code == ResponseCode.COMMAND_NOT_KNOWN and asked.code != CommandCode.POLL:
            self._poll_code = CommandCode.POLL
            self._cycle.tells_once = True
            self._cycle.may_have_restarted = True  # only POLL WITH ACK is told INITIALISING
            self._exchange.next_poll_s = now_s
            return
        self._cycle.tells_once = asked.code == CommandCode.POLL
        # The manual shows a reply that begins with its event, without OK.
        data = reply.data if reply.code == ResponseCode.OK else bytes([reply.code]) + reply.data
        events, rest = read_events(data)
        self._events += self._troubles.polled(events, rest, now_s)
        if self._poll_code == CommandCode.POLL_WITH_ACK and self._cycle.wants_ack(events):
            self._ack_due = True
        codes = {event.code for event in events}
        if rest or codes & SHAKING:
            self._vouches = False
        self._switch.polled(codes)
        self._on_told(self._cycle.seen(events), now_s)
        if EventCode.READ in codes:
            self._escrow.found(now_s)
        self._judge_rest(is_calm=not rest and not codes & NOT_AT_REST, now_s=now_s)

    def _on_told(self, told: list[AcceptorEvent], now_s: float) -> None:
        self._events += told
        if self._cycle.credit is None:
            self._events += self._troubles.cleared("credit")
        if any(isinstance(event, PoweredUp) for event in told):
            self._not_before_s = now_s + POWER_UP_RECORD_S
            self._vouches = self._ready_said = False
            self._switch.forget()
            self._setup.settings_lost()

    def _judge_rest(self, *, is_calm: bool, now_s: float) -> None:
        if not is_calm:
            self._calm_since_s = None
            return
        self._calm_since_s = now_s if self._calm_since_s is None else self._calm_since_s
        is_starting = self._cycle.may_have_restarted and self._poll_code == CommandCode.POLL
        rest_s = START_REST_S if is_starting else REST_S
        if now_s - self._calm_since_s >= rest_s:
            self._events += self._cycle.rested()
        self._say_ready()

    def _say_ready(self) -> None:
        if self._cycle.lost_sight:
            self._cycle.lost_sight = self._ready_said = self._vouches = False
        is_set_up = self._setup.is_done and self._switch.is_known
        if self._ready_said or not is_set_up or not self._cycle.is_empty or self._ack_due:
            return
        bills = tuple(dict.fromkeys(self._cycle.bills.values()))
        self._events.append(AcceptorReady(bills, self._vouches, self._firmware))
        self._ready_said = self._vouches = True

    def _lost_touch(self) -> None:
        self._vouches = False
        self._cycle.out_of_touch()
        self._start_over()

    def _start_over(self) -> None:
        self._setup = SetUp()
        self._ready_said = self._ack_due = False
        self._calm_since_s = None
        self._switch.forget()
        self._poll_code = CommandCode.POLL_WITH_ACK

    # -- what to send next -----------------------------------------------------------------------

    def _decide(self, now_s: float, send: bytes = b"", *, heard: bool = False) -> Decision:
        if not send and self._exchange.is_free:
            send = self._next_packet(now_s)
        events, self._events = tuple(self._events), []
        return Decision(send, events, self._exchange.wake_at_s(now_s), heard)

    def _next_packet(self, now_s: float) -> bytes:
        if self._cycle.waits_for_commit:
            return self._exchange.send_again_every(CREDIT_AGAIN_S, now_s)
        if now_s < self._not_before_s:
            return b""
        command = self._next_command(now_s)
        return self._exchange.send(command, now_s) if command else b""

    def _next_command(self, now_s: float) -> Command | None:
        if not self._setup.is_done:
            return self._setup.command(self._cycle.bills)
        if self._cycle.reject_unexplained:
            return Command(CommandCode.LAST_REJECT_CODE)
        if self._ack_due:
            self._count_ack()
            return Command(CommandCode.EVENT_ACK)
        if self._cycle.is_escrow_closed_to_polls:
            if self._escrow.is_overdue(now_s):
                self._cycle.decide("return")
            return self._escrow.command(self._cycle.choice, now_s)
        if self._calm_since_s is not None and self._cycle.is_empty:
            command = self._switch.command(self._cycle.bills, now_s)
            if command:
                return command
        return self._poll(now_s)

    def _count_ack(self) -> None:
        credit = self._cycle.credit
        if credit is None:
            return
        credit.acks_sent += 1
        if credit.acks_sent > ACKS_MAX:
            detail = "the credit persists after EVENT ACK (57)"
            self._events += self._troubles.stands("credit", FaultCode.ACCEPTOR_PROTOCOL, detail)

    def _poll(self, now_s: float) -> Command | None:
        if now_s < self._exchange.next_poll_s:
            return None
        if self._cycle.choice == "stack":
            self._cycle.escrow_left()
        return Command(self._poll_code)
