"""The code tables of a ccTalk bill validator, and the bills that it knows.

Source: ccTalk Generic Specification v4.7, Part 2 (headers), Part 3 (bill events, fault codes, and the
example device of appendix 16, whose identity this one has).
"""

from dataclasses import dataclass
from enum import IntEnum


class Header(IntEnum):
    SIMPLE_POLL = 254
    REQUEST_POLLING_PRIORITY = 249
    REQUEST_MANUFACTURER = 246
    REQUEST_CATEGORY = 245
    REQUEST_PRODUCT = 244
    REQUEST_SERIAL_NUMBER = 242
    REQUEST_SOFTWARE = 241
    PERFORM_SELF_CHECK = 232
    MODIFY_INHIBITS = 231
    REQUEST_INHIBITS = 230
    MODIFY_MASTER_INHIBIT = 228
    REQUEST_MASTER_INHIBIT = 227
    REQUEST_INSERTIONS = 226
    REQUEST_ACCEPTANCES = 225
    REQUEST_DATA_STORAGE = 216
    REQUEST_CHECKSUM = 197
    REQUEST_BUILD = 192
    READ_EVENTS = 159
    REQUEST_BILL_ID = 157
    REQUEST_SCALING = 156
    REQUEST_BILL_POSITIONS = 155
    ROUTE_BILL = 154
    MODIFY_OPERATING_MODE = 153
    REQUEST_OPERATING_MODE = 152
    PERFORM_STACKER_CYCLE = 147
    REQUEST_CURRENCY_REVISION = 145
    REQUEST_COMMS_REVISION = 4
    RESET = 1


ACK, NAK = 0, 5  # headers of replies; every reply with data is an ACK too


class Event(IntEnum):
    """Second byte of an event whose first is 0, that is, of one without a bill type."""

    MASTER_INHIBIT_ACTIVE = 0
    RETURNED = 1
    INVALID_VALIDATION = 2
    INVALID_TRANSPORT = 3
    INHIBITED_SERIAL = 4
    INHIBITED_SWITCHES = 5
    JAM_UNSAFE = 6
    JAM_IN_STACKER = 7
    PULLED_BACKWARDS = 8
    TAMPER = 9
    STACKER_REMOVED = 11
    STACKER_INSERTED = 12
    STACKER_FAULTY = 13
    STACKER_FULL = 14
    OPTO_FRAUD = 17
    STRING_FRAUD = 18
    ANTI_STRING_FAULTY = 19


CREDIT, ESCROW = 0, 1  # second byte of an event whose first is a bill type


class Fault(IntEnum):
    """What a self-check finds."""

    NONE = 0
    VALIDATION_SENSOR = 36
    TRANSPORT_MOTOR = 37
    STACKER = 38
    BILL_JAMMED = 39
    STRING_MECHANISM = 41
    STACKER_MISSING = 44
    STACKER_FULL = 45


REJECT_CODES = frozenset(
    {
        Event.INVALID_VALIDATION,
        Event.INVALID_TRANSPORT,
        Event.INHIBITED_SERIAL,
        Event.INHIBITED_SWITCHES,
        Event.TAMPER,
        Event.OPTO_FRAUD,
        Event.STRING_FRAUD,
    }
)
FAILURE_CODES = frozenset(
    {Fault.VALIDATION_SENSOR, Fault.TRANSPORT_MOTOR, Fault.STACKER, Fault.STRING_MECHANISM}
)
FAILURE_EVENTS = {
    Fault.STACKER: Event.STACKER_FAULTY,
    Fault.STRING_MECHANISM: Event.ANTI_STRING_FAULTY,
}


class Route(IntEnum):
    RETURN = 0
    STACK = 1
    EXTEND = 255


ROUTE_ESCROW_EMPTY, ROUTE_FAILED = 254, 255
USES_ESCROW = 0x02  # of the operating mode; bit 0 is the stacker
MODE_AT_POWER_UP = 0x01  # a choice: escrow only for a host that asks for it

BILL_TYPES = 16
NOT_PROGRAMMED = b"......."

TEXTS: dict[int, bytes] = {
    Header.REQUEST_MANUFACTURER: b"MCI",
    Header.REQUEST_CATEGORY: b"Bill Validator",
    Header.REQUEST_PRODUCT: b"Ardac6",
    Header.REQUEST_SERIAL_NUMBER: (1605).to_bytes(3, "little"),
    Header.REQUEST_SOFTWARE: b"AEN-F1-V4.44",
    Header.REQUEST_BUILD: b"Standard",
    Header.REQUEST_POLLING_PRIORITY: bytes([2, 20]),  # 20 times 10 ms
    Header.REQUEST_DATA_STORAGE: bytes(5),  # none
    Header.REQUEST_CHECKSUM: bytes.fromhex("12 34 56 78"),  # of its program; a choice
    Header.REQUEST_COMMS_REVISION: bytes([1, 4, 7]),  # level 1 of specification 4.7
}


@dataclass(frozen=True)
class Currency:
    country: bytes
    values: tuple[int, ...]  # by bill type, the first of which is 1
    revision: bytes = b"001"
    scaling: bytes = bytes([100, 0, 2])  # times 100, of which two digits are decimals

    def bill_type(self, value: int) -> int:
        return self.values.index(value) + 1

    def bill_id(self, bill_type: int) -> bytes:
        if bill_type > len(self.values):
            return NOT_PROGRAMMED
        return self.country + b"%04dA" % self.values[bill_type - 1]

    def allowed(self, mask: int) -> frozenset[int]:
        return frozenset(value for at, value in enumerate(self.values) if mask >> at & 1)


CURRENCIES = {
    "EUR": Currency(b"EU", (5, 10, 20, 50, 100, 200, 500)),
    "USD": Currency(b"US", (1, 5, 10, 20, 50, 100)),
}
