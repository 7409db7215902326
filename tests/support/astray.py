"""Every way in which a kiosk loses sight of a bill, up to the screen that says so to whoever stands there."""

from collections.abc import Callable

from drivers.bill_acceptor import events
from drivers.bill_acceptor.events import Bill
from drivers.faults import FaultCode
from kiosk.screen_link import intents
from kiosk_bench import DENOMINATIONS, HUNDRED, TWENTY, Bench

ONE = Bill(100, "USD")
FORGOT = events.AcceptorReady(DENOMINATIONS, vouches=False, firmware="")
READY = events.AcceptorReady(DENOMINATIONS, vouches=True, firmware="")
JAM = events.AcceptorFault(FaultCode.STACKER_JAM, "46")
JAM_OVER = events.AcceptorFaultCleared(FaultCode.STACKER_JAM)


def jam(bench: Bench) -> None:
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY), JAM, JAM_OVER, READY)


def jam_that_lasts(bench: Bench) -> None:
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY), JAM)
    bench.pass_s(200)


def jam_beside_credit(bench: Bench) -> None:
    bench.prepare()
    bench.insert()
    bench.send(events.BillEscrowed(TWENTY), JAM, JAM_OVER, READY)
    bench.send(intents.SendRequested(), bench.paid())


def jam_during_the_review(bench: Bench) -> None:
    bench.prepare()
    bench.insert()
    bench.send(intents.FinishRequested(), events.BillEscrowed(TWENTY), JAM, JAM_OVER, READY)
    bench.send(intents.SendRequested())
    bench.pass_s(30)


def power_of_all(bench: Bench) -> None:
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart(vouches=False)


def device_that_stays_away(bench: Bench) -> None:
    bench.prepare()
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart(ready=False)
    bench.pass_s(100)


def another_bill_drawn_in(bench: Bench) -> None:
    bench.prepare()
    bench.send(events.BillEscrowed(HUNDRED), events.BillAccepting())
    bench.send(intents.CancelRequested())
    bench.pass_s(10)


def another_bill_stacked(bench: Bench) -> None:
    bench.prepare()
    bench.send(events.BillEscrowed(HUNDRED), events.BillStacked(ONE))
    bench.pass_s(70)


def restart_with_a_bill_in_doubt(bench: Bench) -> None:
    bench.prepare()
    bench.send(events.BillEscrowed(HUNDRED), events.BillAccepting())
    bench.restart()
    bench.pass_s(10)


def late_while_cancelled(bench: Bench) -> None:
    bench.prepare()
    bench.send(intents.CancelRequested(), events.BillEscrowed(TWENTY), FORGOT)
    bench.send(intents.DismissRequested())


def stacked_while_cancelled(bench: Bench) -> None:
    bench.prepare()
    bench.send(intents.CancelRequested(), events.BillStacked(TWENTY))
    bench.pass_s(10)


def late_while_paid(bench: Bench) -> None:
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid(), events.BillEscrowed(TWENTY), FORGOT)


def stacked_while_queued(bench: Bench) -> None:
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.pass_s(30)
    bench.send(events.BillStacked(HUNDRED))


def late_while_disputed(bench: Bench) -> None:
    jam(bench)
    bench.send(events.BillStacked(ONE))


def between_sales(bench: Bench) -> None:
    bench.send(events.BillEscrowed(TWENTY), FORGOT)


def drawn_in_between_sales(bench: Bench) -> None:
    bench.send(events.BillEscrowed(TWENTY), events.BillAccepting())


def another_in_escrow_between_sales(bench: Bench) -> None:
    bench.send(events.BillEscrowed(TWENTY), events.BillEscrowed(ONE), events.BillReturned(ONE))


def another_stacked_between_sales(bench: Bench) -> None:
    bench.send(events.BillEscrowed(TWENTY), events.BillStacked(ONE))


def stacked_between_sales(bench: Bench) -> None:
    bench.send(events.BillStacked(TWENTY))


def stacked_between_sales_of_unknown_value(bench: Bench) -> None:
    bench.send(events.BillStacked(None))


def after_the_sale_has_ended(bench: Bench) -> None:
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid(), events.BillEscrowed(TWENTY), intents.DismissRequested(), FORGOT)


def power_between_sales(bench: Bench) -> None:
    bench.send(events.BillEscrowed(TWENTY))
    bench.restart(vouches=False)


def power_while_disputed(bench: Bench) -> None:
    jam(bench)
    bench.restart()


WAYS: tuple[Callable[[Bench], None], ...] = (
    jam,
    jam_that_lasts,
    jam_beside_credit,
    jam_during_the_review,
    power_of_all,
    device_that_stays_away,
    another_bill_drawn_in,
    another_bill_stacked,
    restart_with_a_bill_in_doubt,
    late_while_cancelled,
    stacked_while_cancelled,
    late_while_paid,
    stacked_while_queued,
    late_while_disputed,
    between_sales,
    drawn_in_between_sales,
    another_in_escrow_between_sales,
    another_stacked_between_sales,
    stacked_between_sales,
    stacked_between_sales_of_unknown_value,
    after_the_sale_has_ended,
    power_between_sales,
    power_while_disputed,
)
