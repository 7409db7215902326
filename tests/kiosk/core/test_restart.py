"""The core is cut off in each state and started again: cash stays whole, the sale ends well."""

import pytest

from drivers.bill_acceptor import commands, events
from drivers.faults import FaultCode
from kiosk.screen_link import intents

TWENTY = events.Bill(2_000, "USD")


@pytest.mark.parametrize("steps", ["scan", "ask", "prepare"])
def test_before_cash_it_is_cancelled_and_the_lock_released(bench, steps):
    getattr(bench, steps)()
    bench.restart()
    assert (bench.state, bench.screen.notice.code) == ("cancelled", "restarted")


def test_with_cash_in_what_is_in_is_sent(bench):
    bench.prepare()
    bench.insert()
    bench.restart()
    assert bench.state == "reviewing"
    bench.send(intents.SendRequested(), bench.paid())
    assert bench.state == "paid"


def test_a_bill_still_in_escrow_goes_back(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart(ready=False)
    assert bench.state == "recovering"
    bench.send(events.BillEscrowed(TWENTY))
    assert bench.ports.acceptor[-1] == commands.Return()
    bench.send(events.BillReturned(TWENTY))
    assert bench.state == "cancelled"
    assert bench.store.cash_equation().returned_minor == 2_000


def test_a_bill_stacked_meanwhile_is_credited_once(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart(ready=False)
    bench.send(events.BillStacked(None), events.BillStacked(None), events.CreditSettled())
    assert bench.state == "reviewing"
    assert bench.screen.cash.credited_minor == 2_000
    bench.send(events.BillStacked(TWENTY))  # another one, from nowhere
    assert bench.store.cash_equation().credited_minor == 2_000
    assert bench.store.cash_equation().unattributed_minor == 2_000


def test_a_credit_committed_and_not_acknowledged_is_not_counted_again(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY), events.BillStacked(TWENTY))
    bench.restart(ready=False)
    bench.send(events.BillStacked(None))
    assert bench.ports.acceptor[-1] == commands.AcknowledgeCredit()
    bench.send(events.CreditSettled())
    assert bench.store.cash_equation().credited_minor == 2_000


def test_a_device_that_kept_its_power_and_shows_nothing_has_given_the_bill_back(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart()
    assert bench.state == "cancelled"
    assert bench.store.cash_equation().returned_minor == 2_000


def test_a_device_that_lost_its_power_cannot_vouch(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart(vouches=False)
    assert bench.state == "disputed"
    assert bench.store.cash_equation().disputed_minor == 2_000


def test_a_jam_outlives_the_core(bench):
    bench.prepare()
    bench.insert()
    bench.send(events.BillEscrowed(TWENTY), events.AcceptorFault(FaultCode.STACKER_JAM, "46"))
    bench.restart(ready=False)
    bench.send(events.AcceptorReady((TWENTY,), vouches=True, firmware=""))
    assert bench.state == "reviewing"
    assert bench.store.cash_equation().disputed_minor == 2_000


def test_a_device_that_never_comes_back_ends_in_dispute(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart(ready=False)
    bench.pass_s(100)
    assert bench.state == "disputed"


def test_a_committed_sale_is_watched_again(bench):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.restart()
    assert bench.state == "paying"
    assert bench.ports.question.transfer_id == bench.core.memory.sale.transfer_id
    bench.send(bench.paid())
    bench.restart()
    assert bench.state == "paid"
    assert len(bench.ports.printed) == 1  # nobody knows whether the first came out


def test_the_standing_orders_are_given_again(bench):
    bench.send(intents.StartRequested(), intents.TermsAccepted())
    bench.restart()
    assert bench.ports.acceptor == [commands.Disable()]
