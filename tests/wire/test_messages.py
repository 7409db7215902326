"""The words of the wire are what each side says by itself."""

from kiosk import health
from kiosk_wire.messages import MoneyFault


def test_the_kiosk_tells_of_a_disputed_bill_by_the_codes_of_the_wire() -> None:
    """It spells them itself; central finds the customer by them."""
    spelt = {health.DISPUTED_BILL_FOUND, health.DISPUTED_BILL_RETURNED}
    assert spelt == {code.value for code in MoneyFault}
    assert health.DISPUTED_BILL_FOUND == MoneyFault.DISPUTED_BILL_FOUND
