"""A sale, its refusals and its ends, through the core with a real database."""

import pytest

from drivers.bill_acceptor import commands, events
from drivers.faults import FaultCode, RejectReason
from drivers.printer.events import PrinterStatus, ReceiptFailed, ReceiptPrinted
from drivers.scanner.events import CodeSeen, CodeUnreadable, StartScanning, StopScanning
from kiosk.screen_link import intents
from kiosk.session.events import CentralConfused, CentralLost, CentralReached, CentralRefused
from kiosk_wire.messages import EventKind, TransferState

HUNDRED = events.Bill(10_000, "USD")
TWENTY = events.Bill(2_000, "USD")


def test_two_bills_become_coins(bench):
    bench.prepare()
    assert bench.state == "inserting"
    assert bench.ports.acceptor[-1] == commands.Enable()
    bench.insert()
    bench.insert()
    bench.commit()
    assert bench.state == "paying"
    bench.send(bench.paid())
    assert bench.state == "paid"
    # 4,000 minor - 100 fee = 3,900; price 95,000.00 + 5 % = 99,750.00 a coin: 3900e8 / 9975000, rounded down
    assert bench.screen.payout.amount_base_units == 39_097
    [job] = bench.ports.printed
    bench.send(ReceiptPrinted(job.job_id))
    assert bench.screen.receipt == "printed"
    bench.send(intents.DismissRequested())
    assert bench.state == "idle"
    assert bench.store.cash_equation().credited_minor == 4_000
    assert bench.outbox_kinds() == [
        EventKind.KIOSK_STARTED,
        EventKind.SESSION_STARTED,
        EventKind.WALLET_DECLARED,
        EventKind.TRANSFER_PREPARED,
        *[EventKind.BILL_ESCROWED, EventKind.STACK_DECIDED, EventKind.BILL_CREDITED] * 2,
        EventKind.TRANSFER_FINALIZED,
        EventKind.SESSION_ENDED,
    ]


def test_the_intent_is_on_disk_before_the_stack_command_leaves(bench):
    bench.prepare()
    seen = []
    command = bench.ports.command_acceptor
    bench.ports.command_acceptor = lambda c: (seen.append((c, bench.outbox_kinds())), command(c))
    bench.send(events.BillEscrowed(TWENTY))
    assert seen == [(commands.Stack(), bench.outbox_kinds())]
    assert bench.outbox_kinds()[-1] is EventKind.STACK_DECIDED


def test_no_credit_at_escrow(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY), events.BillStacking())
    assert bench.screen.cash.credited_minor == 0
    assert bench.screen.cash.in_transit_minor == 2_000


def test_a_repeated_credit_counts_once_and_is_acknowledged_again(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY), events.BillStacked(TWENTY), events.BillStacked(TWENTY))
    assert bench.screen.cash.credited_minor == 2_000
    assert bench.ports.acceptor[-2:] == [commands.AcknowledgeCredit()] * 2


def test_a_bill_over_the_limit_goes_back_and_the_largest_that_fits_is_named(bench):
    bench.prepare()  # the limit is 200.00
    bench.insert(HUNDRED)
    bench.insert(TWENTY)
    bench.send(events.BillEscrowed(HUNDRED))
    assert bench.state == "returning"
    assert bench.ports.acceptor[-1] == commands.Return()
    bench.send(events.BillReturned(HUNDRED))
    assert bench.state == "inserting"
    assert bench.screen.notice.code == "bill_over_limit"
    assert bench.screen.notice.amount_minor == 5_000
    assert bench.screen.cash.credited_minor == 12_000
    assert bench.store.cash_equation().returned_minor == 10_000


def test_a_bill_that_was_to_go_back_and_got_stacked_is_not_lost(bench):
    bench.prepare()
    bench.insert(HUNDRED)
    bench.insert(TWENTY)
    bench.send(events.BillEscrowed(HUNDRED), events.BillStacked(HUNDRED))
    assert bench.state == "reviewing"
    assert bench.screen.cash.credited_minor == 12_000
    assert bench.store.cash_equation().unattributed_minor == 10_000


def test_a_stacked_bill_in_an_idle_machine_is_booked_unattributed(bench):
    bench.send(events.BillStacked(TWENTY))
    assert bench.store.cash_equation().unattributed_minor == 2_000
    assert bench.ports.acceptor[-1] == commands.AcknowledgeCredit()


def test_a_bill_in_escrow_of_an_idle_machine_goes_back(bench):
    bench.send(events.BillEscrowed(TWENTY))
    assert bench.ports.acceptor[-1] == commands.Return()
    bench.send(events.BillReturned(TWENTY))
    assert bench.store.cash_equation().returned_minor == 2_000


def test_a_rejected_bill_says_why(bench):
    bench.prepare()
    bench.send(events.BillRejected(RejectReason.INSERTED_BADLY, "71", from_escrow=False))
    assert bench.screen.notice.code == "bill_rejected_inserted_badly"


def test_a_jam_is_called_a_jam_and_ends_in_dispute_when_nothing_else_is_in(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY), events.AcceptorFault(FaultCode.STACKER_JAM, "46"))
    assert bench.state == "jammed"
    assert bench.screen.jam_code == "stacker-jam"
    bench.pass_s(200)
    assert bench.state == "disputed"
    assert bench.screen.notice.code == "bill_disputed"
    assert bench.store.cash_equation().disputed_minor == 2_000
    assert EventKind.TRANSFER_FINALIZED in bench.outbox_kinds()
    assert len(bench.ports.printed) == 2  # a slip at once, and the receipt


def test_a_jam_beside_credit_still_sends_what_is_in(bench):
    bench.prepare()
    bench.insert()
    bench.send(events.BillEscrowed(TWENTY), events.AcceptorFault(FaultCode.ACCEPTOR_JAM, "45"))
    bench.pass_s(200)
    assert bench.state == "reviewing"
    assert bench.screen.cash.disputed_minor == 2_000
    bench.send(intents.SendRequested(), bench.paid())
    assert bench.state == "paid"


def test_a_jammed_bill_that_hands_have_taken_out_is_disputed_and_not_called_returned(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY), events.AcceptorFault(FaultCode.ACCEPTOR_JAM, "45"))
    bench.send(events.AcceptorFaultCleared(FaultCode.ACCEPTOR_JAM))
    bench.send(events.AcceptorReady((TWENTY,), vouches=True, firmware=""))
    assert bench.store.cash_equation().disputed_minor == 2_000


def test_a_bill_that_was_pulled_back_while_being_stacked_is_disputed(bench):
    bench.prepare()
    bench.send(
        events.BillEscrowed(TWENTY),
        events.AcceptorFault(FaultCode.CHEAT_SUSPECTED, "48"),
        events.AcceptorFaultCleared(FaultCode.CHEAT_SUSPECTED),
        events.AcceptorReady((TWENTY,), vouches=True, firmware=""),
    )
    assert bench.state == "disputed"
    assert bench.store.cash_equation().disputed_minor == 2_000


def test_a_jam_outlives_a_cable_that_was_out(bench):
    bench.send(
        events.AcceptorFault(FaultCode.CASHBOX_FULL, "43"),
        events.AcceptorLost(FaultCode.ACCEPTOR_MISSING, ""),
        events.AcceptorReady((TWENTY,), vouches=True, firmware=""),
    )
    assert bench.screen.service.reasons == ("cashbox-full",)


def test_a_disputed_bill_found_later_is_evidence_and_not_new_cash(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.pass_s(70)
    assert bench.state == "disputed"
    bench.send(events.BillStacked(TWENTY))
    equation = bench.store.cash_equation()
    assert (equation.inserted_minor, equation.disputed_minor) == (2_000, 2_000)
    assert bench.ports.acceptor[-1] == commands.AcknowledgeCredit()


def test_the_plug_is_pulled_and_put_back_and_the_sale_goes_on(bench):
    bench.prepare()
    bench.insert()
    bench.send(events.AcceptorLost(FaultCode.ACCEPTOR_MISSING, "gone"))
    assert bench.screen.notice.fault_code == "acceptor-missing"
    bench.send(events.AcceptorReady((TWENTY,), vouches=True, firmware=""))
    assert bench.state == "inserting"
    assert bench.screen.notice is None
    bench.insert()
    assert bench.screen.cash.credited_minor == 4_000


def test_central_away_while_paying_ends_queued_with_a_receipt(bench):
    bench.prepare()
    bench.insert()
    bench.send(CentralLost("no route"))
    bench.commit()
    bench.pass_s(30)
    assert bench.state == "queued"
    assert len(bench.ports.printed) == 1
    bench.send(CentralReached("regtest"), bench.paid())
    assert bench.state == "paid"


def test_a_customer_who_walks_away_with_cash_in_is_paid(bench):
    bench.prepare()
    bench.insert()
    bench.pass_s(130)
    assert bench.state == "reviewing"
    bench.pass_s(70)
    assert bench.state == "paying"


def test_cancel_releases_the_lock_and_is_gone_once_cash_is_in(bench):
    bench.prepare()
    bench.insert()
    bench.send(intents.CancelRequested())
    assert bench.state == "inserting"
    assert not bench.screen.can_cancel
    bench.pass_s(130)
    bench.send(intents.SendRequested(), bench.paid(), intents.DismissRequested())
    bench.prepare()
    assert bench.screen.can_cancel
    bench.send(intents.CancelRequested())
    assert bench.state == "cancelled"
    assert bench.outbox_kinds()[-1] is EventKind.TRANSFER_FINALIZED


def test_what_the_scanner_saw_is_answered_in_its_own_words(bench):
    bench.send(intents.StartRequested(), intents.TermsAccepted())
    assert bench.ports.scanner[-1] == StartScanning()
    for text, code in {
        "litecoin:ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9": "qr_wrong_coin",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4": "qr_wrong_network",
        "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt08q": "qr_bad_address",
        "https://example.org/": "qr_web_page",
    }.items():
        bench.send(CodeSeen(text))
        assert (bench.state, bench.screen.notice.code) == ("scanning", code)
    bench.send(CodeUnreadable())
    assert bench.screen.notice.code == "qr_unreadable"
    bench.send(CodeSeen("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"))
    assert bench.state == "confirming_wallet"
    assert bench.ports.scanner[-1] == StopScanning()


def test_nonsense_from_central_takes_no_cash(bench):
    bench.ask()
    bench.send(bench.quote(price_minor=1))
    assert (bench.state, bench.screen.notice.code) == ("cancelled", "central_confused")
    bench.send(intents.DismissRequested())
    bench.ask()
    bench.send(bench.quote())
    bench.send(bench.prepared(address="bcrt1qother0000000000000000000000000000000"))
    assert (bench.state, bench.screen.notice.code) == ("cancelled", "central_confused")
    bench.send(intents.DismissRequested())
    bench.ask()
    bench.send(CentralConfused(bench.ports.question.quote_id, "not JSON"))
    assert (bench.state, bench.screen.notice.code) == ("cancelled", "central_confused")


def test_a_refusal_of_central_takes_no_cash(bench):
    bench.ask()
    bench.send(bench.quote())
    request = bench.ports.question.transfer_id
    bench.send(CentralRefused("another-request", "funds_unavailable", ""))
    assert bench.state == "preparing"
    bench.send(CentralRefused(request, "funds_unavailable", ""))
    assert (bench.state, bench.screen.notice.code) == ("cancelled", "funds_unavailable")


def test_an_answer_to_an_older_sale_is_not_taken_for_this_one(bench):
    bench.ask()
    old = bench.quote()
    bench.send(intents.CancelRequested(), intents.DismissRequested())
    bench.ask()
    bench.send(old)
    assert bench.state == "quoting"


def test_a_payment_of_another_amount_is_not_called_paid(bench):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid(amount_base_units=1))
    assert bench.state == "paying"


def test_a_refund_that_central_owes_is_said(bench):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid(state=TransferState.REFUND_DUE, txid=None))
    assert bench.state == "disputed"
    assert bench.screen.notice.code == "central_refused"


def test_without_a_printer_the_screen_stands_in(bench):
    bench.send(PrinterStatus(frozenset({FaultCode.PRINTER_PAPER_END})))
    assert bench.screen.service.status == "degraded"
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid())
    assert bench.screen.receipt == "unavailable"
    assert bench.ports.printed == []


def test_a_receipt_that_failed_is_said(bench):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid())
    [job] = bench.ports.printed
    bench.send(ReceiptFailed(job.job_id, FaultCode.PRINTER_PAPER_END))
    assert bench.screen.receipt == "unavailable"


def test_nobody_starts_a_sale_on_a_machine_that_cannot_sell(bench):
    bench.send(CentralLost("no route"))
    assert bench.screen.state == "out_of_service"
    bench.send(intents.StartRequested())
    assert bench.state == "idle"


def test_a_central_of_another_network_is_no_central(bench):
    bench.send(CentralReached("bitcoin"))
    assert bench.screen.service.reasons == ("central-network",)


def test_the_language_is_chosen_on_the_idle_screen_and_goes_back_with_the_customer(bench):
    bench.send(intents.ChooseLanguage(language="xx"))
    assert bench.screen.language == "en"
    bench.send(intents.ChooseLanguage(language="es"))
    assert bench.screen.language == "es"
    bench.send(intents.StartRequested(), intents.CancelRequested())
    assert bench.screen.language == "es"
    bench.send(intents.DismissRequested())
    assert bench.screen.language == "en"


@pytest.mark.parametrize(
    "text", ["5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "what nobody knows"]
)
def test_a_code_that_cannot_be_paid_is_kept_nowhere(bench, text):
    """It may be the key to somebody's coins."""
    bench.send(intents.StartRequested(), intents.TermsAccepted(), CodeSeen(text))
    bench.store.close()
    for file in bench.store.path.parent.glob("kiosk.db*"):
        assert text.encode() not in file.read_bytes()
