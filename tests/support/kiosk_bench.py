"""A kiosk core with its ports held in the hand: a moved clock, recorded commands, a real database."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from drivers.bill_acceptor import commands, events
from drivers.bill_acceptor.events import Bill
from drivers.faults import FaultCode
from drivers.printer.events import PrinterCommand, PrinterStatus, PrintReceipt
from drivers.scanner.events import CodeSeen, ScannerCommand, ScannerReady
from kiosk.clock import KioskClock
from kiosk.config import Config
from kiosk.core.core import Core, Inbox
from kiosk.core.watch import Watch, Watched
from kiosk.health import CENTRAL_STUCK
from kiosk.journal.outbox import OutboxReader
from kiosk.journal.store import Store
from kiosk.screen_link import intents
from kiosk.screen_link.snapshot import Snapshot
from kiosk.session.events import CentralReached, CoreStarted, Event, QuoteReceived, TransferSeen
from kiosk.sync.asker import Question
from kiosk_wire.messages import PrepareRequest, Quote, QuoteRequest, Transfer, TransferState
from kiosk_wire.pricing import coin_amount, price_with_markup

ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"  # BIP-173's first key, on regtest
TWENTY = Bill(2_000, "USD")
HUNDRED = Bill(10_000, "USD")
DENOMINATIONS = tuple(Bill(v * 100, "USD") for v in (1, 5, 10, 20, 50, 100))
MARKET_PRICE_MINOR = 9_500_000
MARKUP_BPS = 500
FEE_MINOR = 100
TXID = "ab" * 32
LONGEST_TURN_S = 15.0  # of each thread of the bench
STUCK_CODES = (
    FaultCode.ACCEPTOR_STUCK,
    FaultCode.CAMERA_STUCK,
    FaultCode.PRINTER_STUCK,
    CENTRAL_STUCK,
)


class HandClock:
    """The system's clocks. `utc_off_ms` is how far its UTC is wrong."""

    def __init__(self) -> None:
        self.seconds = 1_000.0
        self.utc_off_ms = 0

    def monotonic_s(self) -> float:
        return self.seconds

    def true_ms(self) -> int:
        return 1_790_000_000_000 + int(self.seconds * 1000)

    def now_ms(self) -> int:
        return self.true_ms() + self.utc_off_ms


@dataclass
class Thread:
    """As much of a thread as the watch sees."""

    last_turn_s: float


@dataclass
class RecordingPorts:
    """What the core commanded, in order, and the last of what it showed and asked."""

    acceptor: list[commands.AcceptorCommand] = field(default_factory=list)
    scanner: list[ScannerCommand] = field(default_factory=list)
    printed: list[PrintReceipt] = field(default_factory=list)
    question: Question | None = None
    screen: Snapshot | None = None

    def command_acceptor(self, command: commands.AcceptorCommand) -> None:
        self.acceptor.append(command)

    def acceptor_trace(self) -> str:
        return "2026-11-20T10:00:00.000+00:00 > fc 05 11 27 56"

    def command_scanner(self, command: ScannerCommand) -> None:
        self.scanner.append(command)

    def command_printer(self, command: PrinterCommand) -> None:
        self.printed.append(command)

    def ask_central(self, question: Question | None) -> None:
        self.question = question

    def wake_outbox(self) -> None:
        pass

    def show(self, snapshot: Snapshot) -> None:
        self.screen = snapshot


class Bench:
    """One kiosk on a bench: events in by hand, a power cut at will."""

    def __init__(self, folder: Path) -> None:
        self.config = make_config(folder)
        self.clock = HandClock()
        self.boot()

    def boot(self) -> None:
        """Power on: everything in memory is gone, the database stays."""
        self.ports = RecordingPorts()
        self.store = Store(self.config.database)
        self.kiosk_clock = KioskClock(self.clock)
        self.kiosk_clock.recorded(self.store.last_record_ms())
        self.threads = {code: Thread(math.inf) for code in STUCK_CODES}
        watched = tuple(Watched(t, LONGEST_TURN_S, code) for code, t in self.threads.items())
        self.ended: list[BaseException] = []
        watch = Watch(self.kiosk_clock, watched, self.ended.append)
        self.core = Core(
            self.config,
            self.store,
            self.ports,
            clock=self.kiosk_clock,
            inbox=Inbox(),
            watch=watch,
        )

    def restart(self, *, vouches: bool = True, ready: bool = True) -> None:
        self.store.close()
        self.boot()
        self.start(vouches=vouches, ready=ready)

    def start(self, *, vouches: bool = True, ready: bool = True) -> None:
        self.send(
            CoreStarted(),
            CentralReached("regtest"),
            ScannerReady("sim"),
            PrinterStatus(frozenset()),
        )
        if ready:
            self.send(events.AcceptorReady(DENOMINATIONS, vouches=vouches, firmware="sim"))

    def send(self, *happenings: Event) -> None:
        for event in happenings:
            self.core.turn(event)

    def pass_s(self, seconds: float) -> None:
        self.clock.seconds += seconds
        self.core.tick()

    @property
    def state(self) -> str:
        return self.core.state.value

    @property
    def screen(self) -> Snapshot:
        assert self.ports.screen is not None
        return self.ports.screen

    def outbox_kinds(self) -> list[str]:
        """Read as the sync worker reads, and each must be what the wire allows."""
        reader = OutboxReader(self.config.database)
        kinds = [event.kind for event in reader.after(0, 1_000)]
        reader.close()
        return kinds

    # --- a customer's steps

    def scan(self) -> None:
        self.send(
            intents.StartRequested(), intents.TermsAccepted(), CodeSeen(f"bitcoin:{ADDRESS}")
        )

    def ask(self) -> None:
        self.scan()
        self.send(intents.WalletConfirmed())

    def prepare(self) -> None:
        self.ask()
        self.send(self.quote())
        self.send(self.prepared())

    def insert(self, bill: Bill = TWENTY) -> None:
        """One bill all the way into the cashbox."""
        self.send(
            events.BillEscrowed(bill),
            events.BillStacking(),
            events.BillStacked(bill),
            events.CreditSettled(),
        )

    def commit(self) -> None:
        self.send(intents.FinishRequested(), intents.SendRequested())

    # --- central's answers, sound ones

    def quote(self, **changes: object) -> QuoteReceived:
        question = self.ports.question
        assert isinstance(question, QuoteRequest)
        fields = {
            "quote_id": question.quote_id,
            "session_id": question.session_id,
            "currency": "USD",
            "coin": "BTC",
            "coin_exponent": 8,
            "network": "regtest",
            "market_price_minor": MARKET_PRICE_MINOR,
            "price_source": "fixed",
            "price_as_of_ms": self.clock.true_ms(),
            "markup_bps": MARKUP_BPS,
            "price_minor": price_with_markup(MARKET_PRICE_MINOR, MARKUP_BPS),
            "fee_minor": FEE_MINOR,
            "expires_at_ms": self.clock.true_ms() + 60_000,
        }
        return QuoteReceived(Quote.model_validate(fields | changes))

    def prepared(self, **changes: object) -> TransferSeen:
        question = self.ports.question
        assert isinstance(question, PrepareRequest)
        fields = {
            "transfer_id": question.transfer_id,
            "session_id": question.session_id,
            "state": TransferState.PREPARED,
            "network": "regtest",
            "address": question.address,
            "max_amount_minor": question.max_amount_minor,
        }
        return TransferSeen(Transfer.model_validate(fields | changes))

    def paid(self, **changes: object) -> TransferSeen:
        sale = self.core.memory.sale
        assert sale is not None
        price_minor = price_with_markup(MARKET_PRICE_MINOR, MARKUP_BPS)
        fields = {
            "transfer_id": sale.transfer_id,
            "session_id": sale.session_id,
            "state": TransferState.BROADCAST,
            "network": "regtest",
            "address": ADDRESS,
            "max_amount_minor": sale.limit_minor,
            "committed_minor": sale.credited_minor,
            "amount_base_units": coin_amount(sale.credited_minor, FEE_MINOR, price_minor, 8),
            "txid": TXID,
        }
        return TransferSeen(Transfer.model_validate(fields | changes))


def make_config(folder: Path) -> Config:
    return Config.model_validate(
        {
            "kiosk": {"id": "kiosk-1", "data_dir": folder, "network": "regtest"},
            "operator": {"name": "Corner Shop", "support_phone": "+1 555 0100"},
            "central": {"url": "http://127.0.0.1:1", "key_file": folder / "key.pem"},
            "bill_acceptor": {"port": folder / "acceptor"},
            "scanner": {"source": "0"},
            "printer": {"port": folder / "printer"},
            "limits": {"session_minor": 20_000},
        }
    )
