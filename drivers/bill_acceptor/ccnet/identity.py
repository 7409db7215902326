"""What a CCNET device told of itself: who it is, and which bills it knows.

Source: CCNET Protocol Description, Document 1, v2.6.0, IDENTIFICATION: part number (15 characters), serial
number (12), asset number (7 bytes, not for people).
"""

from drivers.bill_acceptor.ccnet.bill_table import read_table, type_mask
from drivers.bill_acceptor.events import Bill

_PART, _SERIAL = slice(15), slice(15, 27)
NO_TYPES = bytes(6)


class Identity:
    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._foreign: set[str] = set()
        self.firmware = ""
        self.bills: dict[int, Bill] | None = (
            None  # of the kiosk's currency, by type; None: not read
        )

    @property
    def enabling(self) -> bytes:
        """The data of ENABLE BILL TYPES: ours, and each of them by way of escrow."""
        mask = type_mask(self.bills or {})
        return mask + mask

    @property
    def complaint(self) -> str:
        """Why no bill of this device is of use; asked when there is none."""
        takes = ", ".join(sorted(self._foreign)) or "no currency we know"
        return f"the device takes {takes}, the kiosk {self._currency}"

    def read_name(self, body: bytes) -> None:
        words = (body[part].decode("ascii", "replace").strip("\0 ") for part in (_PART, _SERIAL))
        self.firmware = " ".join(words).strip()

    def read_bills(self, body: bytes) -> None:
        table = read_table(body)
        self.bills = {
            kind: bill for kind, bill in table.items() if bill.currency == self._currency
        }
        self._foreign = {bill.currency for bill in table.values()} - {self._currency}

    def named(self, data: bytes) -> Bill | None:
        """The bill that the data of a status mean, when it is one of ours."""
        return (self.bills or {}).get(data[0]) if data else None
