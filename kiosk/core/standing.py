"""Standing orders: what stays in force while a state lasts. Derived, never stored, so a crash cannot lose one."""

from dataclasses import dataclass

from drivers.scanner.events import ScannerCommand, StartScanning, StopScanning, WatchBay
from kiosk.session.memory import Memory, Sale
from kiosk.session.states import State
from kiosk.session.turn import Rules
from kiosk.sync.asker import Question, WatchTransfer
from kiosk_wire.messages import PrepareRequest, QuoteRequest


@dataclass(frozen=True)
class StandingOrders:
    take_bills: bool
    scanner: ScannerCommand
    question: Question | None


def standing_orders(state: State, memory: Memory, rules: Rules) -> StandingOrders:
    return StandingOrders(
        # A bill in motion keeps the slot as it is: no second one is taken, and the device is not disturbed.
        take_bills=state in (State.INSERTING, State.STACKING, State.RETURNING),
        scanner=_scanner_command(state),
        question=_question(state, memory.sale, rules) if memory.sale else None,
    )


def _scanner_command(state: State) -> ScannerCommand:
    match state:
        case State.SCANNING | State.SCANNING_AGAIN:
            return StartScanning()
        case State.IDLE:
            return WatchBay()
        case _:
            return StopScanning()


def _question(state: State, sale: Sale, rules: Rules) -> Question | None:
    match state:
        case State.QUOTING if sale.quote_id:
            return QuoteRequest(
                quote_id=sale.quote_id,
                session_id=sale.session_id,
                currency=rules.currency,
                coin="BTC",
            )
        case State.PREPARING if sale.transfer_id and sale.quote_id and sale.destination:
            return PrepareRequest(
                transfer_id=sale.transfer_id,
                session_id=sale.session_id,
                quote_id=sale.quote_id,
                address=sale.destination.address,
                max_amount_minor=rules.session_limit_minor,
            )
        case State.PAYING | State.PAID | State.QUEUED if sale.transfer_id:
            return WatchTransfer(sale.transfer_id)
        case _:
            return None
