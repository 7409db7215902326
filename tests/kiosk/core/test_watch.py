"""A thread that stands still is a fault, and at long last the end of the process; a turning core says so."""

import json
import math
from contextlib import closing

import pytest

from drivers.bill_acceptor import events
from drivers.faults import FaultCode
from kiosk.core.watch import LOOK_EVERY_S_MAX, RESTART_EVERY_S, STUCK_S_MAX, ThreadStuck
from kiosk.health import CENTRAL_STUCK
from kiosk.journal.outbox import OutboxReader
from kiosk.screen_link import intents
from kiosk_bench import LONGEST_TURN_S, TWENTY
from kiosk_wire.messages import EventKind

STEP_S = 5.0


def hang(bench, code):
    bench.threads[code].last_turn_s = bench.clock.seconds


def free(bench, code):
    bench.threads[code].last_turn_s = math.inf


def pass_s(bench, seconds):
    """In the steps of a core that turns."""
    for _ in range(math.ceil(seconds / STEP_S)):
        bench.pass_s(STEP_S)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (FaultCode.ACCEPTOR_STUCK, "out_of_service"),
        (FaultCode.CAMERA_STUCK, "out_of_service"),
        (CENTRAL_STUCK, "out_of_service"),
        (FaultCode.PRINTER_STUCK, "degraded"),
    ],
)
def test_a_thread_that_stands_still_is_a_fault_until_it_turns(bench, code, status):
    hang(bench, code)
    pass_s(bench, LONGEST_TURN_S)
    assert bench.screen.service.status == "in_service"
    pass_s(bench, STEP_S)
    assert (bench.screen.service.status, bench.screen.service.reasons) == (status, (code,))
    free(bench, code)
    bench.pass_s(STEP_S)
    assert bench.screen.service.status == "in_service"
    with closing(OutboxReader(bench.config.database)) as reader:
        *_, raised, cleared = reader.after(0, 1_000)
    assert (raised.kind, cleared.kind) == (EventKind.FAULT_RAISED, EventKind.FAULT_CLEARED)
    assert json.loads(raised.body)["code"] == code


def test_a_customer_at_the_slot_is_told(bench):
    bench.prepare()
    hang(bench, FaultCode.ACCEPTOR_STUCK)
    pass_s(bench, LONGEST_TURN_S + STEP_S)
    assert bench.screen.notice.fault_code == FaultCode.ACCEPTOR_STUCK
    free(bench, FaultCode.ACCEPTOR_STUCK)
    bench.pass_s(STEP_S)
    assert bench.screen.notice is None


def test_no_bill_is_asked_for_that_nobody_would_see(bench):
    bench.prepare()
    bench.insert()
    bench.send(intents.FinishRequested())
    hang(bench, FaultCode.ACCEPTOR_STUCK)
    pass_s(bench, LONGEST_TURN_S + STEP_S)
    bench.send(intents.InsertMoreRequested())
    assert bench.state == "reviewing"


def test_no_receipt_is_promised_on_a_printer_that_does_not_come_back(bench):
    bench.prepare()
    bench.insert()
    hang(bench, FaultCode.PRINTER_STUCK)
    pass_s(bench, LONGEST_TURN_S + STEP_S)
    bench.commit()
    bench.send(bench.paid())
    assert (bench.screen.receipt, bench.ports.printed) == ("unavailable", [])


def test_a_core_that_stood_still_itself_blames_no_thread(bench):
    """Stopped and continued, or waiting for its disk: the threads have had no chance to turn either."""
    for code in bench.threads:
        hang(bench, code)
    bench.pass_s(LOOK_EVERY_S_MAX + 100)
    assert bench.screen.service.status == "in_service"


def test_a_thread_that_stays_stuck_ends_the_process_once_an_hour(bench):
    hang(bench, FaultCode.CAMERA_STUCK)
    pass_s(bench, RESTART_EVERY_S)
    assert (
        bench.ended == []
    )  # a camera that is dead from the start must not make it start for ever
    pass_s(bench, STEP_S)
    [end] = bench.ended
    assert isinstance(end, ThreadStuck)
    assert "camera-stuck" in str(end)


def test_the_process_does_not_end_under_a_customer_or_a_bill(bench):
    pass_s(bench, RESTART_EVERY_S)
    bench.prepare()
    hang(bench, FaultCode.PRINTER_STUCK)
    bench.send(events.BillEscrowed(TWENTY), events.BillStacked(TWENTY))
    while bench.state != "idle":
        assert bench.ended == []
        bench.pass_s(STEP_S)
    bench.pass_s(STEP_S)
    assert bench.ended


def test_an_acceptor_that_hangs_with_a_bill_between_sales_ends_it_all_the_same(bench):
    """Nothing else would: idle has no deadline, and only a new process asks the device for the bill."""
    pass_s(bench, RESTART_EVERY_S)
    bench.send(events.BillEscrowed(TWENTY))
    hang(bench, FaultCode.ACCEPTOR_STUCK)
    pass_s(bench, LONGEST_TURN_S + STUCK_S_MAX + 2 * STEP_S)
    assert bench.ended


def test_a_thread_that_is_slow_does_not_end_the_process(bench):
    pass_s(bench, RESTART_EVERY_S)
    hang(bench, FaultCode.PRINTER_STUCK)
    pass_s(bench, LONGEST_TURN_S + STUCK_S_MAX)
    free(bench, FaultCode.PRINTER_STUCK)
    bench.pass_s(STEP_S)
    assert bench.ended == []
