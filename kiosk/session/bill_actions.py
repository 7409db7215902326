"""What the table does about bills: decided, credited, returned, disputed, unattributed. Pure, as `actions`."""

from dataclasses import replace

from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorLost,
    BillEscrowed,
    BillRejected,
    BillStacked,
)
from drivers.faults import FaultCode
from kiosk.health import DISPUTED_BILL_FOUND, DISPUTED_BILL_RETURNED
from kiosk.session.actions import new_sale
from kiosk.session.effects import AcknowledgeCredit, Fact, ReturnBill, StackBill
from kiosk.session.guards import largest_bill_taken
from kiosk.session.memory import Transit, Unsettled
from kiosk.session.turn import Turn
from kiosk_wire.messages import EventKind


def _write_bill(turn: Turn, kind: EventKind, transit: Transit, **more: object) -> None:
    body = {
        "bill_id": transit.bill_id,
        "value_minor": transit.value_minor,
        "currency": transit.currency,
    }
    turn.facts.append(Fact(kind, transit.session_id, body | more))


def _note_bill(turn: Turn, transit: Transit) -> None:
    turn.remember(transit=transit)
    _write_bill(turn, EventKind.BILL_ESCROWED, transit)


def decide_to_stack(turn: Turn) -> None:
    """The intent is committed here; the command leaves after the commit."""
    if isinstance(turn.event, BillEscrowed):
        bill = turn.event.bill
        transit = Transit(
            turn.mint_id(), turn.session_id, bill.value_minor, bill.currency, "stack"
        )
        _note_bill(turn, transit)
        turn.write(EventKind.STACK_DECIDED, bill_id=transit.bill_id)
        turn.act(StackBill())


def decide_to_return(turn: Turn) -> None:
    if isinstance(turn.event, BillEscrowed):
        bill = turn.event.bill
        transit = Transit(turn.mint_id(), _owner(turn), bill.value_minor, bill.currency, "return")
        _note_bill(turn, transit)
        turn.act(ReturnBill())


def _owner(turn: Turn) -> str:
    """The session a bill is booked under. Between sales it gets one of its own, and so a claim code."""
    if turn.memory.sale is not None:
        return turn.memory.sale.session_id
    case = new_sale(turn)
    turn.remember(unfinished=case)
    return case.session_id


def say_over_limit(turn: Turn) -> None:
    turn.say("bill_over_limit", amount_minor=largest_bill_taken(turn))


def repeat_decision(turn: Turn) -> None:
    """The device offers the bill we have decided on again; it missed the command."""
    turn.act(StackBill() if turn.transit.intent == "stack" else ReturnBill())


def return_after_all(turn: Turn) -> None:
    """Found in escrow after a restart: nobody may be there for the rest of the sale, so it goes back."""
    turn.remember(transit=replace(turn.transit, intent="return"))
    turn.act(ReturnBill())


def credit_bill(turn: Turn) -> None:
    transit = turn.transit
    turn.update_sale(credited_minor=turn.sale.credited_minor + transit.value_minor)
    unsettled = Unsettled(transit.bill_id, transit.value_minor)
    turn.remember(transit=None, unsettled=unsettled)
    _write_bill(turn, EventKind.BILL_CREDITED, transit, transfer_id=turn.sale.transfer_id)
    turn.act(AcknowledgeCredit())


def acknowledge_again(turn: Turn) -> None:
    turn.act(AcknowledgeCredit())


def book_unattributed(turn: Turn) -> None:
    """The device vouches for a bill that no open sale can take: never dropped, a person settles it."""
    transit, event = turn.memory.transit, turn.event
    stacked = event.bill if isinstance(event, BillStacked) else None
    session_id = transit.session_id if transit else turn.session_id
    bill_id = transit.bill_id if transit else turn.mint_id()
    value_minor = transit.value_minor if transit else stacked.value_minor if stacked else None
    currency = transit.currency if transit else turn.rules.currency
    turn.remember(transit=None, unsettled=Unsettled(bill_id, value_minor))
    body = {"bill_id": bill_id, "value_minor": value_minor, "currency": currency}
    turn.facts.append(Fact(EventKind.BILL_UNATTRIBUTED, session_id, body))
    turn.act(AcknowledgeCredit())
    _tell_doubt(turn, session_id, value_minor)


def _tell_doubt(turn: Turn, session_id: str | None, value_minor: int | None) -> None:
    """To the customer whose bill it is."""
    sale = turn.memory.sale
    if sale is not None and sale.session_id == session_id:
        turn.update_sale(
            disputed_minor=sale.disputed_minor + (value_minor or 0),
            disputed_bills=sale.disputed_bills + 1,
        )
        turn.say("bill_disputed", amount_minor=value_minor)


def note_lost_bill_found(turn: Turn) -> None:
    """It stays disputed, with the device's word as evidence; counting it again would invent cash."""
    lost = turn.memory.lost_bill
    if lost is not None:
        turn.remember(lost_bill=None, unsettled=Unsettled(lost.bill_id, lost.value_minor))
        turn.write(EventKind.FAULT_RAISED, code=DISPUTED_BILL_FOUND, detail=lost.bill_id)
    turn.act(AcknowledgeCredit())


def return_lost_bill(turn: Turn) -> None:
    """It was counted once already, as disputed; what is done with it now is evidence."""
    turn.act(ReturnBill())


def forget_lost_bill(turn: Turn) -> None:
    turn.remember(lost_bill=None)


def note_lost_bill_back(turn: Turn) -> None:
    lost = turn.memory.lost_bill
    if lost is not None:
        turn.remember(lost_bill=None)
        turn.write(EventKind.FAULT_RAISED, code=DISPUTED_BILL_RETURNED, detail=lost.bill_id)


def settle_credit(turn: Turn) -> None:
    turn.remember(unsettled=None)


def close_as_returned(turn: Turn) -> None:
    transit = turn.memory.transit
    if transit is None:
        return
    turn.remember(transit=None)
    _write_bill(turn, EventKind.BILL_RETURNED, transit)


def close_as_disputed(turn: Turn) -> None:
    """Nobody can say where the bill is. Booked with the reason, never guessed."""
    transit = turn.memory.transit
    if transit is None:
        return
    turn.remember(transit=None, lost_bill=transit)
    reason = f"to be {transit.intent}ed; {transit.doubt or type(turn.event).__name__}"
    _write_bill(turn, EventKind.BILL_DISPUTED, transit, reason=reason)
    _tell_doubt(turn, transit.session_id, transit.value_minor)


def say_returned(turn: Turn) -> None:
    """Why it came back, unless that was said already (over the limit)."""
    turn.notice = turn.memory.notice
    if turn.notice is None:
        turn.say("bill_returned")


def say_rejected(turn: Turn) -> None:
    if isinstance(turn.event, BillRejected):
        turn.say(f"bill_rejected_{turn.event.reason.value.replace('-', '_')}")


def note_jam(turn: Turn) -> None:
    if isinstance(turn.event, AcceptorFault | AcceptorLost):
        turn.remember(jam_code=turn.event.code.value)


def doubt_bill(turn: Turn) -> None:
    """Hands may be in the device, or its memory gone: without its word, nobody says where the bill went."""
    transit, event = turn.memory.transit, turn.event
    if transit is not None:
        doubt = event.code.value if isinstance(event, AcceptorFault) else type(event).__name__
        turn.remember(transit=replace(transit, doubt=doubt))


def say_device_fault(turn: Turn) -> None:
    if isinstance(turn.event, AcceptorFault | AcceptorLost):
        turn.say("device_fault", fault_code=turn.event.code.value)


def say_acceptor_is_stuck(turn: Turn) -> None:
    turn.say("device_fault", fault_code=FaultCode.ACCEPTOR_STUCK)


def clear_fault_notice(turn: Turn) -> None:
    notice = turn.memory.notice
    if notice is not None and notice.code == "device_fault":
        turn.remember(notice=None)
