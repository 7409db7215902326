from drivers.faults import FaultCode
from kiosk.faults import CATALOGUE


def test_every_code_has_its_entry():
    assert set(FaultCode) <= set(CATALOGUE)
