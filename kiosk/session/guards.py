"""The questions the table asks. Pure: they read the turn and change nothing."""

from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorReady,
    BillEscrowed,
    BillRejected,
    BillStacked,
)
from drivers.faults import FaultCode
from drivers.printer.events import ReceiptFailed, ReceiptPrinted
from drivers.scanner.events import CodeSeen
from kiosk.session.events import CentralConfused, CentralRefused, QuoteReceived, TransferSeen
from kiosk.session.turn import Turn
from kiosk.wallet.destination import Destination
from kiosk.wallet.payload import parse_payload
from kiosk_wire.messages import TransferState
from kiosk_wire.pricing import price_with_markup

JAMS = frozenset({FaultCode.ACCEPTOR_JAM, FaultCode.STACKER_JAM})
PAID_STATES = frozenset({TransferState.BROADCAST, TransferState.CONFIRMED})


def can_sell(turn: Turn) -> bool:
    return turn.health.service().status != "out_of_service"


def language_is_known(turn: Turn) -> bool:
    return getattr(turn.event, "language", None) in turn.rules.languages


def code_is_payable(turn: Turn) -> bool:
    event = turn.event
    return isinstance(event, CodeSeen) and isinstance(
        parse_payload(event.text, turn.rules.network), Destination
    )


def code_is_to_be_shown_again(turn: Turn) -> bool:
    return turn.rules.second_scan and code_is_payable(turn)


def code_is_of_the_same_wallet(turn: Turn) -> bool:
    """As the one that was scanned first, however the code is written."""
    event, first = turn.event, turn.sale.destination
    if not isinstance(event, CodeSeen) or first is None:
        return False
    seen = parse_payload(event.text, turn.rules.network)
    return isinstance(seen, Destination) and (seen.coin, seen.network, seen.address) == (
        first.coin,
        first.network,
        first.address,
    )


def quote_is_sound(turn: Turn) -> bool:
    """The quote answers our question, adds up, and still stands."""
    if not isinstance(turn.event, QuoteReceived):
        return False
    quote = turn.event.quote
    return (
        quote.quote_id == turn.sale.quote_id
        and quote.session_id == turn.sale.session_id
        and quote.currency == turn.rules.currency
        and quote.network == turn.rules.network
        and quote.price_minor == price_with_markup(quote.market_price_minor, quote.markup_bps)
        and quote.expires_at_ms > turn.now_ms
    )


def quote_is_ours(turn: Turn) -> bool:
    return (
        isinstance(turn.event, QuoteReceived) and turn.event.quote.quote_id == turn.sale.quote_id
    )


def answer_is_ours(turn: Turn) -> bool:
    """A refusal, or nonsense, in answer to what this state asked."""
    ours = (turn.sale.quote_id, turn.sale.transfer_id)
    return (
        isinstance(turn.event, CentralRefused | CentralConfused) and turn.event.request_id in ours
    )


def transfer_is_ours(turn: Turn) -> bool:
    return (
        isinstance(turn.event, TransferSeen)
        and turn.event.transfer.transfer_id == turn.sale.transfer_id
    )


def transfer_is_prepared(turn: Turn) -> bool:
    """Prepared, for our address, on our network, for all we asked."""
    if not isinstance(turn.event, TransferSeen) or not transfer_is_ours(turn):
        return False
    transfer = turn.event.transfer
    return (
        transfer.state is TransferState.PREPARED
        and transfer.session_id == turn.sale.session_id
        and turn.sale.destination is not None
        and transfer.address == turn.sale.destination.address
        and transfer.network == turn.rules.network
        and transfer.max_amount_minor == turn.rules.session_limit_minor
    )


def transfer_is_paid(turn: Turn) -> bool:
    """On its way on the network, for what this sale promised and to the wallet that was scanned."""
    if not isinstance(turn.event, TransferSeen) or not transfer_is_ours(turn):
        return False
    transfer = turn.event.transfer
    return (
        transfer.state in PAID_STATES
        and transfer.txid is not None
        and turn.sale.destination is not None
        and transfer.address == turn.sale.destination.address
        and transfer.committed_minor == turn.sale.credited_minor
        and transfer.amount_base_units == turn.sale.expected_base_units
    )


def refund_is_due(turn: Turn) -> bool:
    return (
        isinstance(turn.event, TransferSeen)
        and transfer_is_ours(turn)
        and turn.event.transfer.state is TransferState.REFUND_DUE
    )


def bill_is_on_its_way(turn: Turn) -> bool:
    return turn.memory.transit is not None


def credit_can_be_sent(turn: Turn) -> bool:
    """It exceeds the fee, and buys more than the network calls dust."""
    return has_credit(turn) and turn.sale.is_sendable


def was_told_it_is_too_little(turn: Turn) -> bool:
    notice = turn.memory.notice
    return has_credit(turn) and notice is not None and notice.code == "amount_too_small"


def no_bill_is_on_its_way(turn: Turn) -> bool:
    return turn.memory.transit is None


def bill_fits(turn: Turn) -> bool:
    """No other bill is on its way, and the limit holds with this one."""
    event = turn.event
    return (
        isinstance(event, BillEscrowed)
        and turn.memory.transit is None
        and event.bill.currency == turn.rules.currency
        and turn.sale.credited_minor + event.bill.value_minor <= turn.sale.limit_minor
    )


def bill_can_be_credited(turn: Turn) -> bool:
    """It belongs to the sale that is open, the payout is not fixed yet, and the lock covers it."""
    transit, sale = turn.memory.transit, turn.memory.sale
    return (
        transit is not None
        and not another_bill_is_inside(turn)
        and sale is not None
        and transit.session_id == sale.session_id
        and not sale.finalized
        and sale.credited_minor + transit.value_minor <= sale.limit_minor
    )


def credit_is_a_repeat(turn: Turn) -> bool:
    """The device has not yet seen our acknowledgement of a credit that is committed."""
    unsettled, event = turn.memory.unsettled, turn.event
    return (
        turn.memory.transit is None
        and unsettled is not None
        and isinstance(event, BillStacked)
        and (event.bill is None or event.bill.value_minor == unsettled.value_minor)
    )


def another_bill_is_inside(turn: Turn) -> bool:
    """The device speaks of a bill of another value than the one that is on its way."""
    transit, event = turn.memory.transit, turn.event
    return (
        transit is not None
        and isinstance(event, BillEscrowed | BillStacked)
        and event.bill is not None
        and event.bill.value_minor != transit.value_minor
    )


def lost_bill_is_back(turn: Turn) -> bool:
    """A bill booked as disputed has gone back to the customer after all."""
    return turn.memory.transit is None and turn.memory.lost_bill is not None


def lost_bill_is_found(turn: Turn) -> bool:
    """A bill booked as disputed turns up in the cashbox after all."""
    lost, event = turn.memory.lost_bill, turn.event
    return (
        turn.memory.transit is None
        and lost is not None
        and isinstance(event, BillStacked)
        and (event.bill is None or event.bill.value_minor == lost.value_minor)
    )


def lost_bill_is_in_escrow(turn: Turn) -> bool:
    """A bill booked as disputed is still held: the device offers it again after a reconnection."""
    lost, event = turn.memory.lost_bill, turn.event
    return (
        turn.memory.transit is None
        and lost is not None
        and isinstance(event, BillEscrowed)
        and event.bill.value_minor == lost.value_minor
    )


def bill_was_in_escrow(turn: Turn) -> bool:
    return (
        isinstance(turn.event, BillRejected)
        and turn.event.from_escrow
        and turn.memory.transit is not None
    )


def given_back_beside_credit(turn: Turn) -> bool:
    return bill_was_in_escrow(turn) and has_credit(turn)


def device_cannot_vouch(turn: Turn) -> bool:
    """It shows no trace of our bill, and lost its power, or its order, while the bill was inside: a jam
    that hands took out, a bill pulled back, a broken motor. A cable that was out is no such thing."""
    event, transit = turn.event, turn.memory.transit
    if not isinstance(event, AcceptorReady) or transit is None:
        return False
    return not event.vouches or transit.doubt is not None


def unvouched_beside_credit(turn: Turn) -> bool:
    return device_cannot_vouch(turn) and has_credit(turn)


def nothing_but_credit(turn: Turn) -> bool:
    return has_credit(turn) and no_bill_is_on_its_way(turn)


def is_jam(turn: Turn) -> bool:
    return isinstance(turn.event, AcceptorFault) and turn.event.code in JAMS


def has_bill_in_doubt(turn: Turn) -> bool:
    return turn.memory.sale is not None and turn.memory.sale.disputed_bills > 0


def acceptor_is_stuck(turn: Turn) -> bool:
    return FaultCode.ACCEPTOR_STUCK in turn.health.stuck_threads


def has_credit(turn: Turn) -> bool:
    return turn.memory.sale is not None and turn.memory.sale.credited_minor > 0


def can_cancel(turn: Turn) -> bool:
    """Also while a bill is on its way back: it is booked whatever becomes of it."""
    return not has_credit(turn)


def can_insert_more(turn: Turn) -> bool:
    return turn.health.acceptor_is_well and largest_bill_taken(turn) > 0


def largest_bill_taken(turn: Turn) -> int:
    """In minor units, of the bills this acceptor knows; 0 when none fits any more."""
    room_minor = turn.sale.limit_minor - turn.sale.credited_minor
    return max(
        (b.value_minor for b in turn.health.denominations if b.value_minor <= room_minor),
        default=0,
    )


def receipt_is_ours(turn: Turn) -> bool:
    return (
        isinstance(turn.event, ReceiptPrinted | ReceiptFailed)
        and turn.memory.sale is not None
        and turn.event.job_id == turn.memory.sale.receipt_job
    )


def receipt_is_owed(turn: Turn) -> bool:
    """A receipt was being printed when the process ended."""
    return turn.memory.sale is not None and turn.memory.sale.receipt == "printing"
