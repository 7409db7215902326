"""Every transition of the session machine, as data. Read it top to bottom.

Three rules:
1. Everything that moves the machine stands in this file; what is not here does not happen.
2. For one state and event the rows are tried in order; the first whose guard holds is taken. An event
   without a row in a state changes nothing.
3. A money fact is never refused: each has, in every state, a row without a guard at the end of its rows.

A target of None stays in the state without renewing its deadline. The diagram in `docs/session.md` is drawn from
these rows.
"""

from collections.abc import Callable
from typing import NamedTuple

from drivers.bill_acceptor import events as acceptor
from drivers.printer.events import ReceiptFailed, ReceiptPrinted
from drivers.scanner.events import CodeSeen, CodeUnreadable
from kiosk.screen_link import intents
from kiosk.session import actions as do
from kiosk.session import bill_actions as bills
from kiosk.session import events
from kiosk.session import guards as when
from kiosk.session.states import BEFORE_CASH, BILL_IN_MOTION, State
from kiosk.session.turn import Turn

S = State
ANY = tuple(State)
WITH_CASH = (S.INSERTING, *BILL_IN_MOTION, S.REVIEWING)
LAST_SCREENS = (S.PAID, S.QUEUED, S.DISPUTED, S.CANCELLED)

Guard = Callable[[Turn], bool]
Action = Callable[[Turn], None]


class Row(NamedTuple):
    source: State | tuple[State, ...]
    event: type
    guard: Guard | None
    target: State | None
    actions: tuple[Action, ...]
    why: str


# fmt: off
PATH: tuple[Row, ...] = (
    Row(S.IDLE, intents.ChooseLanguage, when.language_is_known, None, (do.choose_language,), "words before anything else"),
    Row(S.IDLE, intents.StartRequested, when.can_sell, S.WARNING, (do.open_sale,), "a sale begins with its ids"),
    Row(S.WARNING, intents.TermsAccepted, None, S.SCANNING, (), "the warning is read"),
    Row(S.SCANNING, CodeSeen, when.code_is_to_be_shown_again, S.SCANNING_AGAIN, (do.keep_destination,), "the operator has it shown twice"),
    Row(S.SCANNING, CodeSeen, when.code_is_payable, S.CONFIRMING_WALLET, (do.keep_destination,), "a wallet we can pay"),
    Row(S.SCANNING_AGAIN, CodeSeen, when.code_is_of_the_same_wallet, S.CONFIRMING_WALLET, (), "shown twice, and the same"),
    Row(S.SCANNING_AGAIN, CodeSeen, when.code_is_payable, S.SCANNING, (do.forget_destination, do.say_not_the_same_wallet), "another wallet: nobody knows which is meant"),
    Row((S.SCANNING, S.SCANNING_AGAIN), CodeSeen, None, None, (do.say_why_code_is_refused,), "another coin, network, a typing error: say which"),
    Row((S.SCANNING, S.SCANNING_AGAIN), CodeUnreadable, None, None, (do.say_code_is_unreadable,), "help the hand that holds the phone"),
    Row(S.CONFIRMING_WALLET, intents.WalletConfirmed, None, S.QUOTING, (do.note_declaration, do.mint_quote_id), "the customer declares it theirs, on record"),
    Row(S.CONFIRMING_WALLET, intents.ScanAgainRequested, None, S.SCANNING, (do.forget_destination,), "not the right wallet"),
    Row(S.QUOTING, events.QuoteReceived, when.quote_is_sound, S.PREPARING, (do.keep_quote,), "a price that adds up"),
    Row(S.QUOTING, events.QuoteReceived, when.quote_is_ours, S.CANCELLED, (do.say_central_refused,), "a price that does not"),
    Row(S.PREPARING, events.TransferSeen, when.transfer_is_prepared, S.INSERTING, (do.open_slot,), "funds locked, rate fixed: cash may come"),
    Row(S.PREPARING, events.TransferSeen, when.transfer_is_ours, S.CANCELLED, (do.dismiss_transfer, do.say_central_refused), "not what we asked for"),
    Row((S.QUOTING, S.PREPARING), events.CentralRefused, when.answer_is_ours, S.CANCELLED, (do.dismiss_transfer, do.say_central_refused), "no cash was taken"),
    Row((S.QUOTING, S.PREPARING), events.CentralConfused, when.answer_is_ours, S.CANCELLED, (do.dismiss_transfer, do.say_central_refused), "no cash was taken"),
    Row(S.INSERTING, intents.FinishRequested, when.credit_can_be_sent, S.REVIEWING, (), "no more bills"),
    Row(S.INSERTING, intents.FinishRequested, when.was_told_it_is_too_little, S.PAYING, (do.finalize,), "there is no more; a person will settle it"),
    Row(S.INSERTING, intents.FinishRequested, when.has_credit, None, (do.say_too_small,), "too little to be sent"),
    Row(S.REVIEWING, intents.InsertMoreRequested, when.can_insert_more, S.INSERTING, (), "one more after all"),
    Row(S.REVIEWING, intents.SendRequested, None, S.PAYING, (do.finalize,), "the order to pay, committed before anyone is told"),
    Row((S.PAYING, S.QUEUED), events.TransferSeen, when.transfer_is_paid, S.PAID, (do.keep_payout, do.print_receipt), "on its way on the network"),
    Row((S.PAYING, S.QUEUED), events.TransferSeen, when.refund_is_due, S.DISPUTED, (do.note_refund_due, do.print_receipt), "central cannot pay it as coins"),
    Row(S.PAID, events.TransferSeen, when.transfer_is_paid, None, (do.keep_payout,), "confirmations grow"),
    Row(S.CANCELLED, intents.DismissRequested, when.has_bill_in_doubt, S.DISPUTED, (do.print_receipt,), "the claim code, in peace and on paper"),
    Row(LAST_SCREENS, intents.DismissRequested, None, S.IDLE, (do.end_sale,), "read"),
)

CANCELLING: tuple[Row, ...] = (
    Row((*BEFORE_CASH, S.INSERTING), intents.CancelRequested, when.can_cancel, S.CANCELLED, (do.dismiss_transfer, do.say_cancelled), "always there until cash is in"),
    Row((S.WARNING, S.SCANNING, S.SCANNING_AGAIN, S.CONFIRMING_WALLET), events.DeadlinePassed, None, S.CANCELLED, (do.say_timed_out,), "the customer has gone"),
    Row((S.QUOTING, S.PREPARING), events.DeadlinePassed, None, S.CANCELLED, (do.dismiss_transfer, do.say_central_unreachable), "no answer, no cash"),
    Row(S.INSERTING, events.DeadlinePassed, when.credit_can_be_sent, S.REVIEWING, (), "what is in will be sent"),
    Row(S.INSERTING, events.DeadlinePassed, when.has_credit, S.PAYING, (do.finalize,), "too little to be sent; a person will settle it"),
    Row(S.INSERTING, events.DeadlinePassed, None, S.CANCELLED, (do.dismiss_transfer, do.say_timed_out), "nothing is in"),
    Row(S.REVIEWING, events.DeadlinePassed, None, S.PAYING, (do.finalize,), "the customer has gone; the coins go to the wallet"),
    Row(S.PAYING, events.DeadlinePassed, None, S.QUEUED, (do.print_receipt,), "recorded; paid when the network is back"),
    Row(S.CANCELLED, events.DeadlinePassed, when.has_bill_in_doubt, S.DISPUTED, (do.print_receipt,), "too short a screen for a claim code"),
    Row(LAST_SCREENS, events.DeadlinePassed, None, S.IDLE, (do.end_sale,), "the customer has gone"),
)

BILLS: tuple[Row, ...] = (
    # A bill waits in escrow.
    Row(S.INSERTING, acceptor.BillEscrowed, when.bill_fits, S.STACKING, (bills.decide_to_stack,), "intent first, then the command"),
    Row(S.INSERTING, acceptor.BillEscrowed, when.no_bill_is_on_its_way, S.RETURNING, (bills.decide_to_return, bills.say_over_limit), "more than central has locked"),
    Row(S.IDLE, acceptor.BillEscrowed, when.another_bill_is_inside, S.DISPUTED, (do.open_case, bills.close_as_disputed, bills.decide_to_return, do.print_receipt), "a claim code also between sales"),
    Row(ANY, acceptor.BillEscrowed, when.another_bill_is_inside, None, (bills.close_as_disputed, bills.decide_to_return, do.print_again), "not the bill we decided on, and nobody says where that one went"),
    Row(S.RECOVERING, acceptor.BillEscrowed, when.bill_is_on_its_way, None, (bills.return_after_all,), "still in escrow after a restart: it goes back"),
    Row(ANY, acceptor.BillEscrowed, when.bill_is_on_its_way, None, (bills.repeat_decision,), "offered again: the device missed the command"),
    Row(ANY, acceptor.BillEscrowed, when.lost_bill_is_in_escrow, None, (bills.return_lost_bill,), "disputed, and still held: not a new bill"),
    Row(ANY, acceptor.BillEscrowed, None, None, (bills.decide_to_return,), "no bill is wanted now"),
    Row((S.STACKING, S.RETURNING, S.JAMMED), acceptor.BillAccepting, when.bill_is_on_its_way, S.INSERTING, (bills.close_as_disputed,), "a new bill is drawn in, and nobody says where ours went"),
    Row(S.IDLE, acceptor.BillAccepting, when.bill_is_on_its_way, S.DISPUTED, (do.open_case, bills.close_as_disputed, do.print_receipt), "between sales, with a claim code"),
    Row(ANY, acceptor.BillAccepting, when.bill_is_on_its_way, None, (bills.close_as_disputed, do.print_again), "beside a sale"),
    Row(ANY, acceptor.BillAccepting, None, None, (bills.forget_lost_bill,), "a new bill is drawn in, so nothing is held any more"),
    # The device vouches: this alone is credit.
    Row((S.STACKING, S.RETURNING, S.JAMMED), acceptor.BillStacked, when.bill_can_be_credited, S.INSERTING, (bills.credit_bill,), "credit, once, when stacked"),
    Row(S.RECOVERING, acceptor.BillStacked, when.bill_can_be_credited, S.REVIEWING, (bills.credit_bill,), "it made it into the cashbox"),
    Row(ANY, acceptor.BillStacked, when.bill_can_be_credited, None, (bills.credit_bill,), "late, and still part of the sale"),
    Row(S.IDLE, acceptor.BillStacked, when.another_bill_is_inside, S.DISPUTED, (do.open_case, bills.close_as_disputed, bills.book_unattributed, do.print_receipt), "two bills, one claim code"),
    Row(ANY, acceptor.BillStacked, when.another_bill_is_inside, None, (bills.close_as_disputed, bills.book_unattributed, do.print_again), "not the bill that was on its way"),
    Row(ANY, acceptor.BillStacked, when.credit_is_a_repeat, None, (bills.acknowledge_again,), "credited before; the device has not heard"),
    Row(ANY, acceptor.BillStacked, when.lost_bill_is_found, None, (bills.note_lost_bill_found,), "evidence for a dispute, not new cash"),
    Row(WITH_CASH, acceptor.BillStacked, when.has_credit, S.REVIEWING, (bills.book_unattributed,), "beyond what the lock covers; the rest is safe"),
    Row(BILL_IN_MOTION, acceptor.BillStacked, None, S.DISPUTED, (bills.book_unattributed, do.dismiss_transfer, do.print_receipt), "a bill no sale can take"),
    Row(S.IDLE, acceptor.BillStacked, None, S.DISPUTED, (do.open_case, bills.book_unattributed, do.print_receipt), "nobody's bill, with a claim code"),
    Row(ANY, acceptor.BillStacked, None, None, (bills.book_unattributed, do.print_again), "a fact is never refused"),
    Row(ANY, acceptor.CreditSettled, None, None, (bills.settle_credit,), "it will not be repeated"),
    # The bill goes back.
    Row((S.STACKING, S.RETURNING, S.JAMMED), acceptor.BillReturned, when.bill_is_on_its_way, S.INSERTING, (bills.close_as_returned, bills.say_returned), "back in the customer's hand"),
    Row((S.STACKING, S.RETURNING, S.JAMMED), acceptor.BillRejected, when.bill_was_in_escrow, S.INSERTING, (bills.close_as_returned, bills.say_returned), "the device gave it back by itself"),
    Row(S.RECOVERING, acceptor.BillReturned, when.has_credit, S.REVIEWING, (bills.close_as_returned, bills.say_returned), "what is in will be sent"),
    Row(S.RECOVERING, acceptor.BillRejected, when.given_back_beside_credit, S.REVIEWING, (bills.close_as_returned, bills.say_returned), "what is in will be sent"),
    Row(S.RECOVERING, acceptor.BillReturned, None, S.CANCELLED, (bills.close_as_returned, do.dismiss_transfer, bills.say_returned), "nothing is in"),
    Row(S.RECOVERING, acceptor.BillRejected, when.bill_was_in_escrow, S.CANCELLED, (bills.close_as_returned, do.dismiss_transfer, bills.say_returned), "nothing is in"),
    Row(ANY, acceptor.BillReturned, when.lost_bill_is_back, None, (bills.note_lost_bill_back,), "evidence for a dispute"),
    Row(ANY, acceptor.BillReturned, None, None, (bills.close_as_returned,), "between sales, or never seen in escrow"),
    Row(ANY, acceptor.BillRejected, when.bill_was_in_escrow, None, (bills.close_as_returned,), "between sales"),
    Row(S.INSERTING, acceptor.BillRejected, None, None, (bills.say_rejected,), "say why, and try again"),
    Row(ANY, acceptor.BillRejected, None, None, (), "never was in escrow"),
    # The device is back, empty, with nothing unacknowledged: what it did not report did not happen,
    # unless it lost power or hands were in it; then it cannot vouch, and nobody guesses.
    Row(BILL_IN_MOTION, acceptor.AcceptorReady, when.unvouched_beside_credit, S.REVIEWING, (bills.settle_credit, bills.close_as_disputed), "what is in will be sent"),
    Row(BILL_IN_MOTION, acceptor.AcceptorReady, when.device_cannot_vouch, S.DISPUTED, (bills.settle_credit, bills.close_as_disputed, do.dismiss_transfer, do.print_receipt), "nothing else is in"),
    Row(S.RECOVERING, acceptor.AcceptorReady, when.has_credit, S.REVIEWING, (bills.settle_credit, bills.close_as_returned, do.say_restarted), "what is in will be sent"),
    Row(S.RECOVERING, acceptor.AcceptorReady, None, S.CANCELLED, (bills.settle_credit, bills.close_as_returned, do.dismiss_transfer, do.say_restarted), "nothing is in"),
    Row(BILL_IN_MOTION, acceptor.AcceptorReady, when.bill_is_on_its_way, S.INSERTING, (bills.settle_credit, bills.close_as_returned, bills.say_returned), "a plug put back: the sale goes on"),
    Row(BILL_IN_MOTION, acceptor.AcceptorReady, None, S.INSERTING, (bills.settle_credit,), "no bill was on its way: the sale goes on"),
    Row(S.IDLE, acceptor.AcceptorReady, when.device_cannot_vouch, S.DISPUTED, (bills.settle_credit, do.open_case, bills.close_as_disputed, do.print_receipt), "between sales, with a claim code"),
    Row(ANY, acceptor.AcceptorReady, when.device_cannot_vouch, None, (bills.settle_credit, bills.close_as_disputed, do.print_again), "beside a sale"),
    Row(ANY, acceptor.AcceptorReady, None, None, (bills.settle_credit, bills.close_as_returned, bills.clear_fault_notice), "nothing is inside"),
    Row(ANY, acceptor.PoweredUp, None, None, (bills.doubt_bill,), "on record before the device is reset; what becomes of a bill inside follows"),
)

FAULTS: tuple[Row, ...] = (
    Row((S.INSERTING, S.STACKING, S.RETURNING), acceptor.AcceptorFault, when.is_jam, S.JAMMED, (bills.note_jam, bills.doubt_bill, do.print_slip), "said as what it is, with the claim code"),
    Row(S.JAMMED, acceptor.AcceptorFault, when.is_jam, None, (bills.note_jam, bills.doubt_bill), "a jam behind a cable that was out"),
    Row(ANY, acceptor.AcceptorFault, when.bill_is_on_its_way, None, (bills.doubt_bill,), "a cheat, a broken part: the bill may not be where it should"),
    Row((S.STACKING, S.RETURNING), acceptor.AcceptorLost, None, S.JAMMED, (bills.note_jam,), "a bill is inside, and nobody answers"),
    Row(S.INSERTING, acceptor.AcceptorLost, None, None, (bills.say_device_fault,), "it may come back; finish stays open"),
    Row(S.INSERTING, acceptor.AcceptorFault, None, None, (bills.say_device_fault,), "finish stays open"),
    Row(S.INSERTING, acceptor.AcceptorFaultCleared, None, None, (bills.clear_fault_notice,), "well again"),
    Row(S.INSERTING, events.ThreadsSeen, when.acceptor_is_stuck, None, (bills.say_acceptor_is_stuck,), "nobody reads the slot; finish stays open"),
    Row(S.INSERTING, events.ThreadsSeen, None, None, (bills.clear_fault_notice,), "it turns again"),
    Row(S.JAMMED, acceptor.AcceptorFaultCleared, when.no_bill_is_on_its_way, S.INSERTING, (), "nothing of ours was inside"),
    Row(S.JAMMED, intents.FinishRequested, when.nothing_but_credit, S.REVIEWING, (), "why wait for the jam"),
    Row(BILL_IN_MOTION, events.DeadlinePassed, when.has_credit, S.REVIEWING, (bills.close_as_disputed,), "what is in will be sent"),
    Row(BILL_IN_MOTION, events.DeadlinePassed, None, S.DISPUTED, (bills.close_as_disputed, do.dismiss_transfer, do.print_receipt), "a slip with the claim code"),
)

RESTARTS: tuple[Row, ...] = (
    Row(BEFORE_CASH, events.CoreStarted, None, S.CANCELLED, (do.dismiss_transfer, do.say_restarted), "no cash was in"),
    Row(S.INSERTING, events.CoreStarted, when.has_credit, S.REVIEWING, (do.say_restarted,), "what is in will be sent"),
    Row(S.INSERTING, events.CoreStarted, None, S.CANCELLED, (do.dismiss_transfer, do.say_restarted), "no cash was in"),
    Row(BILL_IN_MOTION, events.CoreStarted, None, S.RECOVERING, (), "ask the device what became of the bill"),
    Row(LAST_SCREENS, events.CoreStarted, when.receipt_is_owed, None, (do.print_receipt,), "nobody knows whether it came out"),
)

RECEIPTS: tuple[Row, ...] = (
    Row(ANY, ReceiptPrinted, when.receipt_is_ours, None, (do.note_receipt,), "in the customer's hand"),
    Row(ANY, ReceiptFailed, when.receipt_is_ours, None, (do.note_receipt,), "the screen stands in for it, and no later paper: the next customer would take it"),
)

ROWS: tuple[Row, ...] = PATH + CANCELLING + BILLS + FAULTS + RESTARTS + RECEIPTS
# fmt: on
