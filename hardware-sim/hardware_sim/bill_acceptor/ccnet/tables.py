"""The code tables of CCNET, and the bills that devices for each currency know.

Source: CCNET Document 1, Common Specifications, bill validator: commands, poll replies, reject and
failure codes. Bill tables as real devices answer them: euro from the logs of RT-circuits/ccnet-poc,
dollars (and their country letters "USA") from derskythe/CashInMilliKart.
"""

from dataclasses import dataclass
from enum import IntEnum

ACK, NAK = 0x00, 0xFF  # each of both sides, as a complete frame
ILLEGAL_COMMAND = 0x30


class Command(IntEnum):
    ACK = 0x00
    RESET = 0x30
    GET_STATUS = 0x31
    SET_SECURITY = 0x32
    POLL = 0x33
    ENABLE_BILL_TYPES = 0x34
    STACK = 0x35
    RETURN = 0x36
    IDENTIFICATION = 0x37
    HOLD = 0x38
    GET_BILL_TABLE = 0x41
    NAK = 0xFF


class Status(IntEnum):
    POWER_UP = 0x10
    POWER_UP_BILL_IN_VALIDATOR = 0x11
    POWER_UP_BILL_IN_STACKER = 0x12
    INITIALIZE = 0x13
    IDLING = 0x14
    ACCEPTING = 0x15
    STACKING = 0x17
    RETURNING = 0x18
    DISABLED = 0x19
    HOLDING = 0x1A
    BUSY = 0x1B
    REJECTING = 0x1C
    CASSETTE_FULL = 0x41
    CASSETTE_REMOVED = 0x42
    VALIDATOR_JAMMED = 0x43
    CASSETTE_JAMMED = 0x44
    CHEATED = 0x45
    PAUSE = 0x46
    FAILURE = 0x47
    ESCROW = 0x80
    BILL_STACKED = 0x81
    BILL_RETURNED = 0x82


REJECT_UNRECOGNISED = 0x65  # identification
REJECT_INHIBITED = 0x68
REJECT_CODES = frozenset({*range(0x60, 0x6B), 0x6C, 0x6D, *range(0x92, 0x96)})
FAILURE_CODES = frozenset({*range(0x50, 0x57), 0x5F})

BILL_TYPES = 24


@dataclass(frozen=True)
class BillType:
    """One record of the bill table: `digit` times ten to the `exponent`, none when digit is 0."""

    digit: int = 0
    country: str = "\0\0\0"
    exponent: int = 0

    @property
    def value(self) -> int:
        return int(self.digit * 10**self.exponent)

    @property
    def record(self) -> bytes:
        return bytes([self.digit, *self.country.encode("ascii"), self.exponent])


_UNUSED = BillType()

CURRENCIES: dict[str, tuple[BillType, ...]] = {
    "USD": (
        BillType(1, "USA", 0),
        _UNUSED,  # two dollars, which this device does not know
        BillType(5, "USA", 0),
        BillType(1, "USA", 1),
        BillType(2, "USA", 1),
        BillType(5, "USA", 1),
        BillType(1, "USA", 2),
    ),
    "EUR": (
        BillType(5, "EUR", 0),
        BillType(1, "EUR", 1),
        BillType(2, "EUR", 1),
        BillType(5, "EUR", 1),
        BillType(1, "EUR", 2),
        BillType(2, "EUR", 2),
        BillType(5, "EUR", 2),
    ),
}


def bill_table(currency: str) -> bytes:
    types = CURRENCIES[currency]
    unused = [_UNUSED] * (BILL_TYPES - len(types))
    return b"".join(each.record for each in (*types, *unused))


# 15 characters of part, 12 of serial number, 7 bytes of asset number; both are published answers:
# that of a public Arduino validator, and that of the logs of RT-circuits/ccnet-poc.
_IDENTIFICATIONS = {
    "USD": b"VU-UA1837AF    00K505021811" + bytes.fromhex("4110000000C9FF"),
    "EUR": b"ID003          231000760443" + bytes(7),
}


def identification(currency: str) -> bytes:
    return _IDENTIFICATIONS[currency]
