"""What the table does: each action notes one thing in the turn. Pure; the core writes and acts."""

from drivers.printer.events import ReceiptPrinted
from drivers.scanner.events import CodeSeen
from kiosk.errors import Bug
from kiosk.screen_link.intents import ChooseLanguage
from kiosk.session.effects import Fact, Print
from kiosk.session.events import CentralConfused, CentralRefused, QuoteReceived, TransferSeen
from kiosk.session.memory import Payout, Sale
from kiosk.session.turn import Turn
from kiosk.wallet.destination import Destination
from kiosk.wallet.payload import parse_payload
from kiosk_wire.claim_code import mint_claim_code
from kiosk_wire.messages import EventKind

_CENTRAL_NOTICES = {"funds_unavailable": "funds_unavailable"}
IN_DOUBT = (EventKind.BILL_DISPUTED, EventKind.BILL_UNATTRIBUTED)


# --- the customer's path -------------------------------------------------------------------------


def choose_language(turn: Turn) -> None:
    if isinstance(turn.event, ChooseLanguage):
        turn.remember(language=turn.event.language)


def new_sale(turn: Turn) -> Sale:
    sale = Sale(
        session_id=turn.mint_id(),
        claim_code=mint_claim_code(),
        language=turn.memory.language,
        started_at_ms=turn.now_ms,
    )
    body = {"claim_code": sale.claim_code, "language": sale.language}
    turn.facts.append(Fact(EventKind.SESSION_STARTED, sale.session_id, body))
    return sale


def open_sale(turn: Turn) -> None:
    turn.remember(sale=new_sale(turn), jam_code=None)


def open_case(turn: Turn) -> None:
    """Between sales: the one the bill belongs to is taken up again. A bill from nowhere gets one of its
    own, which buys nothing: its claim code is what it is for."""
    turn.remember(sale=_unfinished(turn) or new_sale(turn), unfinished=None)


def _unfinished(turn: Turn) -> Sale | None:
    """The sale that the bill on its way belongs to, whether it is still open or not."""
    memory = turn.memory
    sales = (sale for sale in (memory.sale, memory.unfinished) if sale is not None)
    session_id = memory.transit.session_id if memory.transit else None
    return next((sale for sale in sales if sale.session_id == session_id), None)


def keep_destination(turn: Turn) -> None:
    if isinstance(turn.event, CodeSeen):
        destination = parse_payload(turn.event.text, turn.rules.network)
        if not isinstance(destination, Destination):
            raise Bug("a code was found payable and is not")
        turn.update_sale(destination=destination)


def forget_destination(turn: Turn) -> None:
    turn.update_sale(destination=None)


def say_not_the_same_wallet(turn: Turn) -> None:
    turn.say("qr_not_the_same_wallet")


def note_declaration(turn: Turn) -> None:
    """In the customer's words on the screen: this is my own wallet. For whoever asks later, with its time."""
    destination = turn.sale.destination
    if destination is None:
        raise Bug("a wallet was declared, and none was scanned")
    turn.write(
        EventKind.WALLET_DECLARED,
        coin=destination.coin,
        network=destination.network,
        address=destination.address,
        language=turn.sale.language,
    )


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
        turn.update_sale(
            limit_minor=transfer.max_amount_minor, least_minor=transfer.min_amount_minor
        )
        turn.write(
            EventKind.TRANSFER_PREPARED,
            transfer_id=transfer.transfer_id,
            quote_id=turn.sale.quote_id,
            address=transfer.address,
            max_amount_minor=transfer.max_amount_minor,
        )


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


def print_slip(turn: Turn) -> None:
    """With hands in the machine nobody knows how long it takes: one slip, now."""
    if turn.sale.receipt == "none":
        print_receipt(turn)


def print_again(turn: Turn) -> None:
    """What is on paper already does not say that a bill of this sale is in doubt."""
    sale = turn.memory.sale
    told = (fact.session_id for fact in turn.facts if fact.kind in IN_DOUBT)
    if sale is not None and sale.receipt != "none" and sale.session_id in told:
        print_receipt(turn)


def note_receipt(turn: Turn) -> None:
    printed = isinstance(turn.event, ReceiptPrinted)
    turn.update_sale(receipt="printed" if printed else "unavailable")


def end_sale(turn: Turn) -> None:
    if turn.memory.sale is not None:
        turn.write(EventKind.SESSION_ENDED, outcome=_outcome(turn.memory.sale))
    left, language = _unfinished(turn), turn.rules.languages[0]
    turn.remember(sale=None, unfinished=left, jam_code=None, language=language)


def _outcome(sale: Sale) -> str:
    if sale.payout is not None:
        return "paid"
    if sale.refund_due:
        return "refund_due"
    if sale.credited_minor:
        return "queued"
    return "disputed" if sale.disputed_bills else "cancelled"


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


def say_too_small(turn: Turn) -> None:
    turn.say("amount_too_small", amount_minor=turn.sale.least_minor)
