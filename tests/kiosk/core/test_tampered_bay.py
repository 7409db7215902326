"""A sticker with a thief's code beside the camera, a covered lens: no sale can start."""

import pytest

from drivers.faults import FaultCode
from drivers.scanner.events import BayChecked, StartScanning, StopScanning, WatchBay
from kiosk.screen_link import intents


@pytest.mark.parametrize(
    "code", [FaultCode.CAMERA_CODE_IN_VIEW, FaultCode.CAMERA_COVERED, FaultCode.CAMERA_MOVED]
)
def test_no_sale_starts_until_the_bay_is_well(bench, code):
    bench.send(BayChecked(frozenset({code})))
    assert (bench.screen.state, bench.screen.service.reasons) == ("out_of_service", (code,))
    bench.send(intents.StartRequested())
    assert bench.state == "idle"
    bench.send(BayChecked(frozenset()))
    bench.send(intents.StartRequested())
    assert bench.state == "warning"


def test_bay_is_watched_between_sales_alone(bench):
    assert bench.ports.scanner[-1] == WatchBay()
    bench.send(intents.StartRequested())
    assert bench.ports.scanner[-1] == StopScanning()
    bench.send(intents.TermsAccepted())
    assert bench.ports.scanner[-1] == StartScanning()
