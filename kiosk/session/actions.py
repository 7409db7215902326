"""What the table does: each action notes one thing in the turn. Pure; the core writes and acts."""

import secrets
from dataclasses import replace

from drivers.bill_acceptor.events import (
    AcceptorFault,
    AcceptorLost,
    BillEscrowed,
    BillRejected,
    BillStacked,
)
from drivers.printer.events import ReceiptPrinted
from drivers.scanner.events import CodeSeen
from kiosk.errors import Bug
from kiosk.health import DISPUTED_BILL_FOUND
from kiosk.screen_link.intents import ChooseLanguage
from kiosk.session.effects import AcknowledgeCredit, Fact, Print, ReturnBill, StackBill
from kiosk.session.events import CentralConfused, CentralRefused, QuoteReceived, TransferSeen
from kiosk.session.guards import largest_bill_taken
from kiosk.session.memory import Payout, Sale, Transit
from kiosk.session.turn import Turn
from kiosk.wallet.destination import Destination, parse_payload
from kiosk_wire.messages import EventKind

_CLAIM_ALPHABET = (
    "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is mistaken for another when spoken
)
_CENTRAL_NOTICES = {"funds_unavailable": "funds_unavailable"}


def mint_claim_code() -> str:
    """Eight letters in two groups, 40 bits: quoted by a person, found by an operator."""
    letters = "".join(secrets.choice(_CLAIM_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


# --- the customer's path -------------------------------------------------------------------------


def choose_language(turn: Turn) -> None:
    if isinstance(turn.event, ChooseLanguage):
        turn.remember(language=turn.event.language)


def open_sale(turn: Turn) -> None:
    sale = Sale(
        session_id=turn.mint_id(),
        claim_code=mint_claim_code(),
        language=turn.memory.language,
        started_at_ms=turn.now_ms,
    )
    turn.remember(sale=sale, jam_code=None)
    turn.write(EventKind.SESSION_STARTED, claim_code=sale.claim_code, language=sale.language)


def keep_destination(turn: Turn) -> None:
    if isinstance(turn.event, CodeSeen):
        destination = parse_payload(turn.event.text, turn.rules.network)
        if not isinstance(destination, Destination):
            raise Bug("a code was found payable and is not")
        turn.update_sale(destination=destination)


def forget_destination(turn: Turn) -> None:
    turn.update_sale(destination=None)


def say_why_code_is_refused(turn: Turn) -> None:
    if isinstance(turn.event, CodeSeen):
        refusal = parse_payload(turn.event.text, turn.rules.network)
        if not isinstance(refusal, Destination):
            turn.say(refusal.code)


def say_code_is_unreadable(turn: Turn) -> None:
    turn.say("qr_unreadable")


def mint_quote_id(turn: Turn) -> None:
    turn.update_sale(quote_id=turn.mint_id())


def keep_quote(turn: Turn) -> None:
    if isinstance(turn.event, QuoteReceived):
        turn.update_sale(quote=turn.event.quote, transfer_id=turn.mint_id())


def open_slot(turn: Turn) -> None:
    """The funds are locked: from here on cash may come in."""
    if isinstance(turn.event, TransferSeen):
        transfer = turn.event.transfer
        turn.update_sale(limit_minor=transfer.max_amount_minor)
        turn.write(
            EventKind.TRANSFER_PREPARED,
            transfer_id=transfer.transfer_id,
            quote_id=turn.sale.quote_id,
            address=transfer.address,
            max_amount_minor=transfer.max_amount_minor,
        )


# --- bills ---------------------------------------------------------------------------------------


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
        transit = Transit(
            turn.mint_id(), turn.session_id, bill.value_minor, bill.currency, "return"
        )
        _note_bill(turn, transit)
        turn.act(ReturnBill())


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
    turn.remember(transit=None, unsettled_bill_id=transit.bill_id)
    _write_bill(turn, EventKind.BILL_CREDITED, transit, transfer_id=turn.sale.transfer_id)
    turn.act(AcknowledgeCredit())


def acknowledge_again(turn: Turn) -> None:
    turn.act(AcknowledgeCredit())


def book_unattributed(turn: Turn) -> None:
    """The device vouches for a bill that no open sale can take: never dropped, a person settles it."""
    transit, event = turn.memory.transit, turn.event
    bill = event.bill if isinstance(event, BillStacked) else None
    bill_id = transit.bill_id if transit else turn.mint_id()
    value_minor = transit.value_minor if transit else bill.value_minor if bill else None
    turn.remember(transit=None, unsettled_bill_id=bill_id)
    turn.write(
        EventKind.BILL_UNATTRIBUTED,
        bill_id=bill_id,
        value_minor=value_minor,
        currency=bill.currency if bill else turn.rules.currency,
    )
    turn.act(AcknowledgeCredit())
    if turn.memory.sale is not None:
        turn.update_sale(disputed_minor=turn.sale.disputed_minor + (value_minor or 0))
        turn.say("bill_disputed", amount_minor=value_minor)


def note_lost_bill_found(turn: Turn) -> None:
    """It stays disputed, with the device's word as evidence; counting it again would invent cash."""
    lost = turn.memory.lost_bill
    if lost is not None:
        turn.remember(lost_bill=None, unsettled_bill_id=lost.bill_id)
        turn.write(EventKind.FAULT_RAISED, code=DISPUTED_BILL_FOUND, detail=lost.bill_id)
    turn.act(AcknowledgeCredit())


def return_lost_bill(turn: Turn) -> None:
    """It was counted once already, as disputed; what is done with it now is evidence."""
    turn.act(ReturnBill())


def forget_lost_bill(turn: Turn) -> None:
    turn.remember(lost_bill=None)


def settle_credit(turn: Turn) -> None:
    turn.remember(unsettled_bill_id=None)


def close_as_returned(turn: Turn) -> None:
    transit = turn.memory.transit
    if transit is None:
        return
    turn.remember(transit=None)
    _write_bill(turn, EventKind.BILL_RETURNED, transit)


def close_as_disputed(turn: Turn) -> None:
    """Nobody can say where the bill is. Booked with the reason, never guessed."""
    transit, sale = turn.memory.transit, turn.memory.sale
    if transit is None:
        return
    turn.remember(transit=None, lost_bill=transit)
    if sale is not None and sale.session_id == transit.session_id:
        turn.update_sale(disputed_minor=sale.disputed_minor + transit.value_minor)
    reason = f"{type(turn.event).__name__} while the bill was to be {transit.intent}ed"
    _write_bill(turn, EventKind.BILL_DISPUTED, transit, reason=reason)
    turn.say("bill_disputed", amount_minor=transit.value_minor)


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


def say_device_fault(turn: Turn) -> None:
    if isinstance(turn.event, AcceptorFault | AcceptorLost):
        turn.say("device_fault", fault_code=turn.event.code.value)


def clear_fault_notice(turn: Turn) -> None:
    notice = turn.memory.notice
    if notice is not None and notice.code == "device_fault":
        turn.remember(notice=None)


# --- the end of a sale ---------------------------------------------------------------------------


def finalize(turn: Turn) -> None:
    """The order to pay, for what was credited and not a cent else."""
    sale = turn.sale
    turn.update_sale(finalized=True)
    turn.write(
        EventKind.TRANSFER_FINALIZED,
        transfer_id=sale.transfer_id,
        committed_minor=sale.credited_minor,
    )


def dismiss_transfer(turn: Turn) -> None:
    """Nothing to pay: release the lock, also when the prepare's answer never came."""
    sale = turn.sale
    if sale.transfer_id is not None and not sale.finalized:
        turn.update_sale(finalized=True)
        turn.write(EventKind.TRANSFER_FINALIZED, transfer_id=sale.transfer_id, committed_minor=0)


def keep_payout(turn: Turn) -> None:
    if isinstance(turn.event, TransferSeen):
        transfer = turn.event.transfer
        turn.update_sale(
            payout=Payout(
                amount_base_units=transfer.amount_base_units or 0,
                txid=transfer.txid,
                confirmations=transfer.confirmations,
            )
        )


def note_refund_due(turn: Turn) -> None:
    turn.update_sale(refund_due=True)
    turn.say("central_refused", amount_minor=turn.sale.credited_minor)


def print_receipt(turn: Turn) -> None:
    if not turn.health.can_print:
        turn.update_sale(receipt="unavailable")
        return
    job_id = turn.mint_id()
    turn.update_sale(receipt="printing", receipt_job=job_id)
    turn.act(Print(job_id, turn.rules.receipt(turn.sale, turn.now_ms)))


def note_receipt(turn: Turn) -> None:
    printed = isinstance(turn.event, ReceiptPrinted)
    turn.update_sale(receipt="printed" if printed else "unavailable")


def end_sale(turn: Turn) -> None:
    if turn.memory.sale is not None:
        turn.write(EventKind.SESSION_ENDED, outcome=_outcome(turn.memory.sale))
    turn.remember(sale=None, jam_code=None, language=turn.rules.languages[0])


def _outcome(sale: Sale) -> str:
    if sale.payout is not None:
        return "paid"
    if sale.refund_due:
        return "refund_due"
    if sale.credited_minor:
        return "queued"
    return "disputed" if sale.disputed_minor else "cancelled"


# --- words ---------------------------------------------------------------------------------------


def say_cancelled(turn: Turn) -> None:
    turn.say("cancelled_by_customer")


def say_timed_out(turn: Turn) -> None:
    turn.say("timed_out")


def say_restarted(turn: Turn) -> None:
    turn.say("restarted")


def say_central_unreachable(turn: Turn) -> None:
    turn.say("central_unreachable")


def say_central_refused(turn: Turn) -> None:
    if isinstance(turn.event, CentralRefused):
        turn.say(_CENTRAL_NOTICES.get(turn.event.code, "central_refused"))
    elif isinstance(turn.event, CentralConfused | QuoteReceived | TransferSeen):
        turn.say("central_confused")
