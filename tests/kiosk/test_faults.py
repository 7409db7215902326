from drivers.faults import FaultCode
from kiosk.faults import CATALOGUE, page


def test_every_code_has_its_entry():
    assert set(FaultCode) <= set(CATALOGUE)


def test_the_page_names_every_code():
    assert all(f"| `{code}` |" in page() for code in CATALOGUE)
