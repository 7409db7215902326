"""The frames of ccTalk, and the headers a bill validator knows.

Source: ccTalk Generic Specification 4.7 (public domain), part 1 sections 8 to 10 for the frame, part 2 for the
headers.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum

HOST = 1
ADDRESSES = range(40, 48)  # of bill validators; 40 is the first and the usual one
DATA_BYTES_MAX = 252


class Check(Enum):
    """How a frame is checked; a device is built, or set, for one of them."""

    SUM_8 = "8-bit sum"
    CRC_16 = "CRC-16"


class Header(IntEnum):
    """What the host asks. A device ignores what it does not know."""

    RESET = 1
    COMMS_REVISION = 4
    READ_BARCODE = 129
    CURRENCY_REVISION = 145
    STACKER_CYCLE = 147
    GET_MODE = 152
    SET_MODE = 153
    ROUTE_BILL = 154
    BILL_POSITION = 155
    COUNTRY_SCALING = 156
    BILL_ID = 157
    BILL_EVENTS = 159
    BUILD_CODE = 192
    ROM_CHECKSUM = 197
    DATA_STORAGE = 216
    ACCEPT_COUNTER = 225
    INSERTION_COUNTER = 226
    GET_MASTER_INHIBIT = 227
    SET_MASTER_INHIBIT = 228
    GET_INHIBIT_MASK = 230
    SET_INHIBIT_MASK = 231
    SELF_CHECK = 232
    SOFTWARE = 241
    SERIAL_NUMBER = 242
    PRODUCT = 244
    CATEGORY = 245
    MANUFACTURER = 246
    POLLING_PRIORITY = 249
    SIMPLE_POLL = 254


class Answer(IntEnum):
    """The header of a reply. Data, when there are any, come with the first."""

    DONE = 0  # ACK when alone
    NAK = 5
    BUSY = 6


class Route(IntEnum):
    """The data of ROUTE_BILL."""

    RETURN = 0
    STACK = 1
    EXTEND = 255  # keep the bill for another time-out of the escrow


ESCROW_EMPTY = 254  # the one byte that refuses ROUTE_BILL; 255 is "failed to route"


@dataclass(frozen=True)
class Frame:
    """On the wire. With CRC-16 the sender's address makes room for the check, and `source` is None."""

    destination: int
    source: int | None
    header: int
    data: bytes = b""

    @property
    def check(self) -> Check:
        return Check.CRC_16 if self.source is None else Check.SUM_8

    @property
    def is_reply(self) -> bool:
        return self.destination == HOST

    @property
    def name(self) -> str:
        names: type[IntEnum] = Answer if self.is_reply else Header
        return names(self.header).name if self.header in set(names) else f"header {self.header}"


@dataclass(frozen=True)
class Request:
    """What the host asks, before it has an address and a check."""

    header: Header
    data: bytes = b""

    @property
    def route(self) -> Route:
        """Of ROUTE_BILL."""
        return Route(self.data[0])

    def to(self, address: int, check: Check) -> Frame:
        source = HOST if check is Check.SUM_8 else None
        return Frame(address, source, self.header, self.data)


def route(where: Route) -> Request:
    return Request(Header.ROUTE_BILL, bytes([where]))
