"""The machine's own log says why it is out of service, and when that is over."""

import logging

import pytest

from drivers.bill_acceptor import events
from drivers.faults import FaultCode


@pytest.fixture
def told(bench, caplog):
    bench.prepare()
    caplog.clear()
    caplog.set_level(logging.WARNING, logger="kiosk.core.core")
    return lambda: [record.getMessage() for record in caplog.records]


def test_a_fault_is_told_once_with_its_detail_and_its_end(bench, told):
    jam = events.AcceptorFault(FaultCode.ACCEPTOR_JAM, "45 jam in acceptor")
    bench.send(jam, jam)
    assert told() == ["fault acceptor-jam: 45 jam in acceptor"]
    bench.send(events.AcceptorFaultCleared(FaultCode.ACCEPTOR_JAM))
    assert told()[1:] == ["fault acceptor-jam is over"]


def test_a_device_that_goes_away_is_told_with_the_reason(bench, told):
    bench.send(events.AcceptorLost(FaultCode.ACCEPTOR_MISSING, "/dev/x is gone"))
    assert told() == ["fault acceptor-missing: /dev/x is gone"]
