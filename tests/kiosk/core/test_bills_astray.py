"""Bills that jam, vanish, come back, or are not the bill they were: never guessed, never counted twice."""

import sqlite3
from contextlib import closing

import pytest

from drivers.bill_acceptor import commands, events
from drivers.faults import FaultCode, RejectReason
from kiosk.journal import evidence
from kiosk.receipt_words import WORDS
from kiosk.screen_link import intents
from kiosk.session.events import CentralLost
from kiosk_bench import DENOMINATIONS, Bench
from kiosk_wire.messages import EventKind, TransferState

ONE = events.Bill(100, "USD")
TWENTY = events.Bill(2_000, "USD")
HUNDRED = events.Bill(10_000, "USD")
READY = events.AcceptorReady(DENOMINATIONS, vouches=True, firmware="")


def books(bench):
    return bench.store.cash_equation()


def test_a_jam_first_heard_of_after_a_restart_is_no_return(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY), events.BillStacking())
    bench.restart(ready=False)
    bench.send(
        events.AcceptorFault(FaultCode.STACKER_JAM, "46"),
        events.AcceptorFaultCleared(FaultCode.STACKER_JAM),
        READY,
    )
    assert (bench.state, books(bench).disputed_minor) == ("disputed", 2_000)


def test_a_dispute_keeps_what_passed_on_the_wire(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.pass_s(70)
    bill_id = bench.core.memory.lost_bill.bill_id
    with closing(sqlite3.connect(bench.store.path)) as db:
        [(of_bill, of_session, packed)] = db.execute(
            "SELECT bill_id, session_id, trace FROM evidence"
        )
    assert (of_bill, of_session) == (bill_id, bench.screen.session_id)
    assert evidence.unpack(packed) == bench.ports.acceptor_trace()


def test_a_jam_behind_a_cable_that_was_out_is_no_return(bench):
    bench.prepare()
    bench.send(
        events.BillEscrowed(TWENTY),
        events.AcceptorLost(FaultCode.ACCEPTOR_MISSING, "cable"),
        events.AcceptorFault(FaultCode.STACKER_JAM, "46"),
        events.AcceptorFaultCleared(FaultCode.STACKER_JAM),
        READY,
    )
    assert books(bench).disputed_minor == 2_000


def test_a_cable_that_was_out_behind_a_cheat_does_not_wash_it_clean(bench):
    bench.prepare()
    bench.send(
        events.BillEscrowed(TWENTY),
        events.AcceptorFault(FaultCode.CHEAT_SUSPECTED, "48"),
        events.AcceptorLost(FaultCode.ACCEPTOR_MISSING, "cable"),
        READY,
    )
    assert books(bench).disputed_minor == 2_000


def test_a_late_bill_that_jams_during_the_review_is_no_return(bench):
    bench.prepare()
    bench.insert()
    bench.send(
        intents.FinishRequested(),
        events.BillEscrowed(TWENTY),  # drawn in just before the slot closed
        events.AcceptorFault(FaultCode.ACCEPTOR_JAM, "45"),
        events.AcceptorFaultCleared(FaultCode.ACCEPTOR_JAM),
        READY,
    )
    assert (bench.state, books(bench).disputed_minor) == ("reviewing", 2_000)


@pytest.mark.parametrize("credited", [False, True])
def test_a_bill_that_a_new_driver_sees_going_out_is_not_out_yet(bench, credited):
    """It did not see the escrow, and speaks at the beginning of the way: the bill may still jam there."""
    bench.prepare()
    if credited:
        bench.insert()
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart(ready=False)
    bench.send(events.BillRejected(RejectReason.NOT_TAKEN_NOW, "17 79", from_escrow=False))
    assert bench.state == "recovering"
    bench.send(
        events.AcceptorFault(FaultCode.ACCEPTOR_JAM, "45"),
        events.AcceptorFaultCleared(FaultCode.ACCEPTOR_JAM),
        READY,
    )
    assert (books(bench).returned_minor, books(bench).disputed_minor) == (0, 2_000)


def test_a_power_loss_is_remembered_by_the_next_process(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart(ready=False)
    bench.send(events.PoweredUp("nowhere"))
    bench.restart(ready=False)  # cut again before the set-up ended; the device has been reset
    bench.send(READY)
    assert (bench.state, books(bench).disputed_minor) == ("disputed", 2_000)


def test_a_bill_found_in_the_stacker_after_a_power_loss_is_still_credited(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart(ready=False)
    bench.send(events.PoweredUp("stacker"), events.BillStacked(None), events.CreditSettled())
    assert books(bench).credited_minor == 2_000


def test_another_bill_is_not_credited_at_the_first_ones_value(bench):
    """A hundred is pulled back on a string, and a one pushed in."""
    bench.prepare()
    bench.send(
        events.BillEscrowed(HUNDRED),
        events.AcceptorFault(FaultCode.CHEAT_SUSPECTED, "48"),
        events.AcceptorFaultCleared(FaultCode.CHEAT_SUSPECTED),
        events.BillAccepting(),
        events.BillEscrowed(ONE),
        events.BillStacked(ONE),
    )
    assert (books(bench).credited_minor, books(bench).disputed_minor) == (100, 10_000)


def test_another_bill_in_escrow_goes_back_also_when_its_drawing_in_was_missed(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(HUNDRED), events.BillEscrowed(ONE))
    assert bench.ports.acceptor[-1] == commands.Return()
    bench.send(events.BillReturned(ONE))
    assert (books(bench).returned_minor, books(bench).disputed_minor) == (100, 10_000)


def test_another_bill_stacked_is_not_the_one_that_was_decided_on(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(HUNDRED), events.BillStacked(ONE))
    assert books(bench).credited_minor == 0
    assert (books(bench).unattributed_minor, books(bench).disputed_minor) == (100, 10_000)


def test_a_bill_between_sales_that_gets_stacked_in_the_next_one_is_nobodys(bench):
    bench.send(events.BillEscrowed(TWENTY), intents.StartRequested(), events.BillStacked(TWENTY))
    assert books(bench).unattributed_minor == 2_000
    assert bench.screen.cash.disputed_minor == 0


def test_after_a_ready_no_credit_is_taken_for_a_repeat(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY), events.BillStacked(TWENTY))
    bench.restart()  # the device has heard the acknowledgement: ready, with nothing to repeat
    bench.send(events.BillStacked(TWENTY))
    assert (books(bench).credited_minor, books(bench).unattributed_minor) == (2_000, 2_000)


def test_a_disputed_bill_that_went_back_is_told_so_that_it_is_not_refunded(bench):
    bench.prepare()
    bench.insert()
    bench.send(
        events.BillEscrowed(TWENTY), events.AcceptorLost(FaultCode.ACCEPTOR_MISSING, "cable")
    )
    bench.pass_s(200)
    assert bench.screen.cash.disputed_minor == 2_000
    told = len(bench.outbox_kinds())
    bench.send(events.BillEscrowed(TWENTY))
    assert bench.ports.acceptor[-1] == commands.Return()
    bench.send(events.BillReturned(TWENTY))
    assert bench.outbox_kinds()[told:] == [EventKind.FAULT_RAISED]


def test_less_than_the_fee_is_asked_for_more_and_never_promised_as_coins(bench):
    bench.prepare()
    bench.insert(ONE)  # the fee is 1.00
    bench.send(intents.FinishRequested())
    assert (bench.state, bench.screen.notice.code) == ("inserting", "amount_too_small")
    bench.send(CentralLost("no route"), intents.FinishRequested())  # there is no more
    assert bench.state == "paying"
    bench.pass_s(30)
    assert bench.state == "queued"
    [job] = bench.ports.printed
    assert WORDS["en"]["queued"] not in str(job.document)
    assert WORDS["en"]["refund"] in str(job.document)


def test_a_customer_who_leaves_too_little_is_settled_by_a_person(bench):
    bench.prepare()
    bench.insert(ONE)
    bench.pass_s(130)
    assert bench.state == "paying"
    bench.send(bench.paid(state=TransferState.REFUND_DUE, txid=None))
    assert bench.state == "disputed"


def test_dust_is_too_little_also_above_the_fee(bench):
    bench.ask()
    bench.send(bench.quote())
    bench.send(bench.prepared(min_amount_minor=2_500))
    bench.insert()
    bench.send(intents.FinishRequested())
    assert bench.state == "inserting"
    assert bench.screen.notice.amount_minor == 2_500


def test_a_kiosk_without_a_printer_shows_the_receipt_on_the_screen(tmp_path):
    bench = Bench(tmp_path)
    bench.config = bench.config.model_copy(update={"printer": None})
    bench.boot()
    bench.start()
    assert bench.screen.service.status == "in_service"
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid())
    assert bench.screen.receipt == "unavailable"
    bench.store.close()


@pytest.mark.parametrize("is_theirs", [False, True])
def test_a_bill_on_its_way_back_does_not_take_the_cancel_button_away(bench, is_theirs):
    """Who was sent here by a scammer must get away: the bill is booked whatever becomes of it."""
    start, bill = intents.StartRequested(), events.BillEscrowed(TWENTY)
    bench.send(*((start, bill) if is_theirs else (bill, start)))
    bench.send(intents.CancelRequested())
    assert bench.state == "cancelled"
    bench.send(intents.DismissRequested(), events.BillReturned(TWENTY))
    assert (bench.state, books(bench).returned_minor) == ("idle", 2_000)
