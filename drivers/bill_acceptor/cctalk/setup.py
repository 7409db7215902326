"""What the device is asked once after each connection: who it is, what it was set to, which bills it knows.

Source: ccTalk Generic Specification 4.7, part 2, headers 246, 244, 241, 230, 157, 156, 232. A bill type that is not
answered for is not programmed. Required is only the scaling of a country whose bills are.
"""

from collections import deque

from drivers.bill_acceptor.cctalk.bills import (
    SCALING_BYTES,
    TYPES_OF_A_BYTE,
    country_of,
    read_bill,
)
from drivers.bill_acceptor.cctalk.frames import Frame, Header, Request
from drivers.bill_acceptor.events import Bill

TRIES_MAX = 6  # the specification says about three; but then a bad line may cost us a bill type
MASK_BYTES = 2  # unless the device has more bill types

_NAMES = (Header.MANUFACTURER, Header.PRODUCT, Header.SOFTWARE)


class SetUp:
    def __init__(self) -> None:
        first = (*_NAMES, Header.GET_INHIBIT_MASK, Header.SELF_CHECK)
        self._todo = deque(Request(header) for header in first)
        self._failures = 0
        self._names: dict[Header, str] = {}
        self._identities: dict[int, bytes] = {}
        self._scalings: dict[str, bytes] = {}
        self._asked_countries: set[str] = set()
        self.mask_found: bytes | None = None  # as the last driver of this device left it

    @property
    def next(self) -> Request | None:
        return self._todo[0] if self._todo else None

    @property
    def is_done(self) -> bool:
        return not self._todo

    @property
    def is_stuck(self) -> bool:
        return self._failures >= TRIES_MAX

    @property
    def mask_width(self) -> int:
        return len(self.mask_found) if self.mask_found else MASK_BYTES

    @property
    def firmware(self) -> str:
        return " ".join(self._names[header] for header in _NAMES if self._names.get(header))

    @property
    def bills(self) -> dict[int, Bill]:
        found = {}
        for kind, identity in self._identities.items():
            bill = read_bill(identity, self._scalings.get(country_of(identity) or "", b""))
            if bill:
                found[kind] = bill
        return found

    def answered(self, asked: Request, reply: Frame) -> None:
        if asked != self.next:
            return
        if asked.header in _NAMES:
            self._names[asked.header] = reply.data.decode("ascii", "replace").strip("\0 ")
        elif asked.header == Header.GET_INHIBIT_MASK:
            self.mask_found = reply.data or None
        elif asked.header == Header.BILL_ID:
            self._identities[asked.data[0]] = reply.data
        elif asked.header == Header.COUNTRY_SCALING and len(reply.data) == SCALING_BYTES:
            self._scalings[asked.data.decode()] = reply.data
        self._advance()

    def unanswered(self, asked: Request) -> None:
        """No answer, or NAK."""
        if asked != self.next:
            return
        self._failures += 1
        if self._failures >= TRIES_MAX and asked.header != Header.COUNTRY_SCALING:
            self._advance()

    def line_failed(self) -> None:
        """A poll was not answered either: so silence says nothing of the device."""
        self._failures = 0

    def _advance(self) -> None:
        self._failures = 0
        if self._todo.popleft().header == Header.GET_INHIBIT_MASK:
            kinds = range(1, self.mask_width * TYPES_OF_A_BYTE + 1)
            self._todo.extend(Request(Header.BILL_ID, bytes([kind])) for kind in kinds)
        if not self._todo:
            countries = {country_of(identity) for identity in self._identities.values()}
            missing = sorted({name for name in countries if name} - self._asked_countries)
            self._asked_countries |= set(missing)
            asked = (Request(Header.COUNTRY_SCALING, name.encode()) for name in missing)
            self._todo.extend(asked)
