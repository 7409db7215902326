"""A core with nobody around it: ports that command nothing, and central's and the devices' words, ready made."""

import time
from pathlib import Path

from drivers.bill_acceptor import events as acceptor
from drivers.bill_acceptor.commands import AcceptorCommand
from drivers.bill_acceptor.events import Bill
from drivers.printer.events import PrinterCommand, PrinterStatus
from drivers.scanner.events import ScannerCommand, ScannerReady
from kiosk.config import Config
from kiosk.screen_link.snapshot import Snapshot
from kiosk.session.events import CentralReached, CoreStarted, Event, QuoteReceived, TransferSeen
from kiosk.session.memory import Sale
from kiosk.sync.asker import Question
from kiosk_wire.messages import Quote, Transfer, TransferState

ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"  # BIP-173's first key, on regtest
NOWHERE = Path("/dev/null")
CONFIG = Config.model_validate(
    {
        "kiosk": {"id": "kiosk-bench", "data_dir": NOWHERE, "network": "regtest"},
        "operator": {"name": "Bench", "support_phone": "+1 555 0100"},
        "central": {"url": "http://127.0.0.1:1", "key_file": NOWHERE},
        "bill_acceptor": {"port": NOWHERE},
        "scanner": {"source": "0"},
        "printer": {"port": NOWHERE},
    }
)


class IdlePorts:
    def command_acceptor(self, command: AcceptorCommand) -> None:
        pass

    def acceptor_trace(self) -> str:
        return ""

    def command_scanner(self, command: ScannerCommand) -> None:
        pass

    def command_printer(self, command: PrinterCommand) -> None:
        pass

    def ask_central(self, question: Question | None) -> None:
        pass

    def wake_outbox(self) -> None:
        pass

    def show(self, snapshot: Snapshot) -> None:
        pass


def awake() -> tuple[Event, ...]:
    return (
        CoreStarted(),
        CentralReached("regtest"),
        ScannerReady("bench"),
        PrinterStatus(frozenset()),
        acceptor.AcceptorReady((Bill(2_000, "USD"),), vouches=True, firmware="bench"),
    )


def quoted(sale: Sale) -> QuoteReceived:
    now_ms = time.time_ns() // 1_000_000
    return QuoteReceived(
        Quote(
            quote_id=sale.quote_id or "",
            session_id=sale.session_id,
            currency="USD",
            coin="BTC",
            coin_exponent=8,
            network="regtest",
            market_price_minor=6_000_000,
            price_source="bench",
            price_as_of_ms=now_ms,
            markup_bps=500,
            price_minor=6_300_000,
            fee_minor=100,
            expires_at_ms=now_ms + 60_000,
        )
    )


def prepared(sale: Sale) -> TransferSeen:
    return TransferSeen(_transfer(sale, state=TransferState.PREPARED))


def paid(sale: Sale) -> TransferSeen:
    return TransferSeen(
        _transfer(
            sale,
            state=TransferState.BROADCAST,
            committed_minor=sale.credited_minor,
            amount_base_units=sale.expected_base_units,
            txid="ab" * 32,
        )
    )


def _transfer(sale: Sale, **more: object) -> Transfer:
    return Transfer.model_validate(
        {
            "transfer_id": sale.transfer_id,
            "session_id": sale.session_id,
            "network": "regtest",
            "address": ADDRESS,
            "max_amount_minor": CONFIG.limits.session_minor,
        }
        | more
    )
