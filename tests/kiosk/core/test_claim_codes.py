"""Whoever stands before the machine when it loses sight of a bill has a code, on the screen and on paper."""

import pytest

from astray import FORGOT, JAM, TWENTY, WAYS, between_sales, jam
from drivers.bill_acceptor import events
from drivers.faults import FaultCode
from drivers.printer.document import Heading
from drivers.printer.events import PrinterStatus, ReceiptFailed, ReceiptPrinted
from kiosk.screen_link import intents
from ui.pages.proof import CLAIMS_IN


def codes_on_paper(bench):
    return [
        e.text
        for job in bench.ports.printed
        for e in job.document.elements[-6:]
        if isinstance(e, Heading)
    ]


@pytest.mark.parametrize("way", WAYS)
def test_the_code_is_on_the_screen_and_the_last_paper_names_the_bill(bench, way):
    way(bench)
    assert bench.screen.state in CLAIMS_IN
    assert bench.screen.cash.disputed_bills > 0
    assert codes_on_paper(bench)[-1] == bench.screen.claim_code
    assert "is recorded" in str(bench.ports.printed[-1].document)
    assert "our staff will open it" in str(bench.ports.printed[-1].document)


@pytest.mark.parametrize("way", WAYS)
def test_it_is_the_same_code_after_a_power_loss(bench, way):
    way(bench)
    shown = bench.screen
    bench.restart()
    assert bench.screen.claim_code == shown.claim_code
    assert bench.screen.cash.disputed_bills == shown.cash.disputed_bills
    assert bench.screen.state in CLAIMS_IN
    assert bench.screen.deadline.left_ms == bench.screen.deadline.total_ms  # time to write it down


def test_a_jam_gives_one_slip_at_once_and_promises_no_coins(bench):
    bench.prepare()
    bench.insert()
    bench.send(events.BillEscrowed(TWENTY), JAM)
    assert bench.state == "jammed"
    assert codes_on_paper(bench) == [bench.screen.claim_code]
    slip = str(bench.ports.printed[0].document)
    assert "Your 20.00 USD is recorded." in slip
    assert "may be stuck" in slip
    assert "BTC" not in slip
    bench.send(ReceiptPrinted(bench.ports.printed[0].job_id))
    assert bench.screen.receipt == "printed"
    bench.send(events.BillReturned(TWENTY), events.BillEscrowed(TWENTY), JAM)
    assert len(bench.ports.printed) == 1


def test_a_bill_stuck_before_it_was_known_is_promised_no_amount(bench):
    bench.prepare()
    bench.send(events.AcceptorFault(FaultCode.ACCEPTOR_JAM, "45"))
    bench.pass_s(200)
    assert bench.state == "disputed"
    assert "A bill may be stuck" in str(bench.ports.printed[-1].document)


def test_without_paper_the_screen_stands_in_and_nothing_is_printed_later(bench):
    bench.send(PrinterStatus(frozenset({FaultCode.PRINTER_PAPER_END})))
    between_sales(bench)
    assert (bench.state, bench.screen.receipt) == ("disputed", "unavailable")
    bench.send(PrinterStatus(frozenset()))
    assert bench.ports.printed == []


def test_paper_that_did_not_come_out_is_said_on_the_screen(bench):
    jam(bench)
    bench.send(ReceiptFailed(bench.ports.printed[-1].job_id, FaultCode.PRINTER_PAPER_END))
    assert bench.screen.receipt == "unavailable"


def test_a_case_of_its_own_ends_as_every_sale_and_the_next_customer_sees_nothing_of_it(bench):
    between_sales(bench)
    code = bench.screen.claim_code
    bench.send(intents.DismissRequested())
    assert (bench.state, bench.screen.claim_code) == ("idle", None)
    bench.prepare()
    assert bench.screen.claim_code != code
    assert bench.screen.cash.disputed_bills == 0


def test_a_bill_that_comes_back_between_sales_opens_no_case(bench):
    bench.send(events.BillEscrowed(TWENTY), events.BillReturned(TWENTY))
    assert (bench.state, bench.ports.printed) == ("idle", [])
    bench.send(events.AcceptorReady((), vouches=False, firmware=""))
    assert bench.state == "idle"


def test_a_sale_that_is_taken_up_again_keeps_its_code_and_what_was_in(bench):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid(), events.BillEscrowed(TWENTY))
    code = bench.screen.claim_code
    bench.send(intents.DismissRequested())
    assert bench.state == "idle"
    bench.send(FORGOT)
    assert (bench.state, bench.screen.claim_code) == ("disputed", code)
    assert (bench.screen.cash.credited_minor, bench.screen.cash.disputed_minor) == (2_000, 2_000)
