"""The core thread: one event at a time; decide, commit, then act.

Responsible for: the order of things. An event is decided, its facts and the new state are on disk, and only
then does anything leave: commands to devices, questions to central, the snapshot to the screen.
Not responsible for: what is decided (`kiosk/session/table.py`) or how it is stored (`kiosk/journal/store.py`).

Crash-only: an exception ends `run`, and with it the process; the next one starts from the database.
"""

import logging
import queue
import uuid
from importlib.metadata import version
from typing import NoReturn, Protocol

from drivers.bill_acceptor.commands import (
    AcceptorCommand,
    AcknowledgeCredit,
    Disable,
    Enable,
    Return,
    Stack,
)
from drivers.clock import Clock
from drivers.faults import FaultCode
from drivers.printer.events import PrinterCommand, PrintReceipt
from drivers.scanner.events import CodeSeen, ScannerCommand
from kiosk.config import Config
from kiosk.core.standing import StandingOrders, standing_orders
from kiosk.core.view import derive_snapshot, service_in_words
from kiosk.core.watch import Watch
from kiosk.health import STARTING, Health
from kiosk.journal.store import Store
from kiosk.receipt import compose_receipt
from kiosk.screen_link.snapshot import DeadlineView, Snapshot
from kiosk.session import effects
from kiosk.session.events import (
    CentralReached,
    CoreStarted,
    DeadlinePassed,
    Event,
    OutboxAcknowledged,
)
from kiosk.session.machine import SessionMachine
from kiosk.session.memory import Memory
from kiosk.session.states import State
from kiosk.session.turn import Rules, Turn
from kiosk.sync.asker import Question
from kiosk.wallet.payload import parse_payload
from kiosk.wallet.refusal import PayloadRefusal
from kiosk_wire.messages import EventKind

INBOX_EVENTS_MAX = (
    1000  # a minute of every device at its fastest; more means that the core stands still
)
LET_GO_EVERY_S = 3600.0  # when nothing was old enough; otherwise again at the next idle tick
FAULT_DETAIL_MAX = 500  # of a driver's own words
WATCHDOG_S = 5.0  # the longest the loop sleeps: WatchdogSec of the unit is several of these

log = logging.getLogger(__name__)


class Ports(Protocol):
    """The outside, as the core commands it. None of these block."""

    def command_acceptor(self, command: AcceptorCommand) -> None: ...
    def acceptor_trace(self) -> str: ...
    def command_scanner(self, command: ScannerCommand) -> None: ...
    def command_printer(self, command: PrinterCommand) -> None: ...
    def ask_central(self, question: Question | None) -> None: ...
    def wake_outbox(self) -> None: ...
    def show(self, snapshot: Snapshot) -> None: ...


class Inbox:
    """Where every thread delivers. Bounded: overflow is a fault, not a silent drop."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Event] = queue.Queue(INBOX_EVENTS_MAX)

    def deliver(self, event: Event) -> None:
        """Raises queue.Full when the core has not taken an event for a long time."""
        self._queue.put(event, timeout=10)

    def take(self, timeout_s: float) -> Event:
        """The next event; raises queue.Empty after `timeout_s`."""
        return self._queue.get(timeout=timeout_s)


def mint_id() -> str:
    return str(uuid.uuid4())


def _news_of_start(event: Event) -> list[effects.Fact]:
    if not isinstance(event, CoreStarted):
        return []
    return [effects.Fact(EventKind.KIOSK_STARTED, None, {"version": version("stater-kiosk")})]


def _log_faults(before: frozenset[str], after: frozenset[str], event: Event) -> None:
    """For whoever asks the machine's log why it is out of service. `docs/faults/` says what to do."""
    for code in sorted(after - before):
        log.warning("fault %s: %s", code, getattr(event, "detail", f"see docs/faults/{code}.md"))
    for code in sorted(before - after):
        log.warning("fault %s is over", code)


def _to_be_kept(event: Event, network: str) -> Event:
    """Of what is scanned, only what can be paid: the rest may be the key to somebody's coins."""
    scanned = parse_payload(event.text, network) if isinstance(event, CodeSeen) else None
    if isinstance(scanned, PayloadRefusal):
        return CodeSeen(f"not kept: {scanned.code.value}")
    return event


def rules_of(config: Config) -> Rules:
    return Rules(
        currency=config.kiosk.currency,
        network=config.kiosk.network,
        languages=tuple(config.kiosk.languages),
        session_limit_minor=config.limits.session_minor,
        second_scan=config.scanner.second_scan,
        receipt=lambda sale, now_ms: compose_receipt(config, sale, now_ms),
    )


class Core:
    def __init__(  # noqa: PLR0913  # its whole world, and nothing that it makes itself
        self,
        config: Config,
        store: Store,
        ports: Ports,
        *,
        clock: Clock,
        inbox: Inbox,
        watch: Watch | None = None,
    ) -> None:
        """`watch` is for a process with threads."""
        self._config = config
        self._rules = rules_of(config)
        self._store = store
        self._ports = ports
        self._clock = clock
        self._inbox = inbox
        self._watch = watch
        state, memory = store.load() or (State.IDLE, Memory(language=config.kiosk.languages[0]))
        self._machine = SessionMachine(state)
        self._memory = memory
        self._health = Health(has_printer=config.printer is not None)
        self._standing: StandingOrders | None = None
        self._deadline_s: float | None = None
        self._let_go_at_s = clock.monotonic_s()

    @property
    def state(self) -> State:
        return self._machine.state

    @property
    def memory(self) -> Memory:
        return self._memory

    def run(self) -> NoReturn:
        """Until something breaks: raises StorageError, Bug, or whatever it was."""
        self.turn(CoreStarted())
        while True:
            self.tick()
            if self._watch is not None:
                self._watch.turned(service_in_words(self.state, self._health))
            try:
                event = self._inbox.take(self._sleep_s())
            except queue.Empty:
                self.tidy()
                continue
            self.turn(event)

    def tick(self) -> None:
        """The clock's part: the current state has lasted as long as it may, or a thread stands still."""
        if self._deadline_s is not None and self._clock.monotonic_s() >= self._deadline_s:
            self.turn(DeadlinePassed())
        if self._watch is not None:
            for event in self._watch.look(at_rest=self._is_at_rest()):
                self.turn(event)

    def _is_at_rest(self) -> bool:
        """No customer, and no bill that still moves: behind an acceptor that hangs, only a new process asks for it."""
        bill_moves = self._memory.transit is not None
        hangs = FaultCode.ACCEPTOR_STUCK in self._health.stuck_threads
        return self.state is State.IDLE and (hangs or not bill_moves)

    def tidy(self) -> None:
        """Nobody is here, and the time is central's: one step of letting old rows of the journal go."""
        is_quiet = self.state is State.IDLE and not self._health.central_faults
        if is_quiet and self._clock.monotonic_s() >= self._let_go_at_s:
            gone = self._store.let_go_old_rows(self._clock.now_ms())
            pause_s = 0.0 if gone else LET_GO_EVERY_S
            self._let_go_at_s = self._clock.monotonic_s() + pause_s

    def turn(self, event: Event) -> None:
        """Decide, commit, act. Everything the kiosk does begins here."""
        before, known, faults = self._machine.state, self._health.reported, self._health.faults
        self._health = self._health.after(event, self._rules.network)
        turn = Turn(event, self._memory, self._health, self._rules, self._clock.now_ms(), mint_id)
        taken = self._machine.dispatch(turn)
        turn.facts += [*_news_of_start(event), *self._news_of_health(known, event)]
        with self._store.transaction():
            self._write(turn, before, taken=taken)
        self._memory = turn.memory
        _log_faults(faults - {STARTING}, self._health.faults - {STARTING}, event)
        if self._machine.state is not before or isinstance(event, CoreStarted | DeadlinePassed):
            self._set_deadline()
        for act in turn.acts:
            self._perform(act)
        if turn.facts or isinstance(event, CentralReached):
            self._ports.wake_outbox()
        self._reissue_standing_orders()
        self._ports.show(self.snapshot())

    def snapshot(self) -> Snapshot:
        total_s = self._config.deadlines.of(self.state)
        deadline = None
        if self._deadline_s is not None and total_s is not None:
            left_s = max(0.0, self._deadline_s - self._clock.monotonic_s())
            deadline = DeadlineView(left_ms=int(left_s * 1000), total_ms=int(total_s * 1000))
        return derive_snapshot(
            self._config,
            self.state,
            self._memory,
            self._health,
            now_ms=self._clock.now_ms(),
            deadline=deadline,
        )

    def _news_of_health(self, known: frozenset[str], event: Event) -> list[effects.Fact]:
        raised, cleared = self._health.reported - known, known - self._health.reported
        detail = getattr(event, "detail", "")[:FAULT_DETAIL_MAX]
        said = {"detail": detail} if detail else {}
        return [
            *(
                effects.Fact(EventKind.FAULT_RAISED, None, {"code": c} | said)
                for c in sorted(raised)
            ),
            *(effects.Fact(EventKind.FAULT_CLEARED, None, {"code": c}) for c in sorted(cleared)),
        ]

    def _write(self, turn: Turn, before: State, *, taken: bool) -> None:
        if isinstance(turn.event, OutboxAcknowledged):
            self._store.acknowledge(turn.event.through_seq)
        for fact in turn.facts:
            if fact.kind is EventKind.BILL_DISPUTED:
                trace = self._ports.acceptor_trace()
                self._store.append_dispute(fact, trace, mint_id(), turn.now_ms)
            else:
                self._store.append(fact, mint_id(), turn.now_ms)
        after, sale = self._machine.state, self._memory.sale
        if taken:
            session_id = turn.session_id or (sale.session_id if sale else turn.told_session_id)
            ended = sale if turn.memory.sale is None else None
            event = _to_be_kept(turn.event, self._rules.network)
            self._store.note(event, session_id, before, after, at_ms=turn.now_ms, ended=ended)
        if taken or turn.facts or turn.memory != self._memory or after is not before:
            self._store.save(after, turn.memory)
        if turn.facts:
            self._store.check_cash(turn.memory)

    def _perform(self, act: effects.Act) -> None:
        match act:
            case effects.StackBill():
                self._ports.command_acceptor(Stack())
            case effects.ReturnBill():
                self._ports.command_acceptor(Return())
            case effects.AcknowledgeCredit():
                self._ports.command_acceptor(AcknowledgeCredit())
            case effects.Print(job_id, document):
                self._ports.command_printer(PrintReceipt(job_id, document))

    def _reissue_standing_orders(self) -> None:
        """Command what changed. All of it after a start, when nobody knows what is in force."""
        now, last = standing_orders(self.state, self._memory, self._rules), self._standing
        self._standing = now
        if last is None or now.take_bills != last.take_bills:
            self._ports.command_acceptor(Enable() if now.take_bills else Disable())
        if last is None or now.scanner != last.scanner:
            self._ports.command_scanner(now.scanner)
        if last is None or now.question != last.question:
            self._ports.ask_central(now.question)

    def _set_deadline(self) -> None:
        length_s = self._config.deadlines.of(self.state)
        self._deadline_s = None if length_s is None else self._clock.monotonic_s() + length_s

    def _sleep_s(self) -> float:
        if self._deadline_s is None:
            return WATCHDOG_S
        return min(WATCHDOG_S, max(0.0, self._deadline_s - self._clock.monotonic_s()))
