"""The code tables of ID-003, and the bills that devices for each currency know.

Source: JCM ID-003 communication specification, tables of status, operation, setting and reject
codes; currency records as answered by a real EUR device (RT-circuits/ccnet-poc, Session-logs).
"""

from dataclasses import dataclass
from enum import IntEnum


class Status(IntEnum):
    IDLE = 0x11
    ACCEPTING = 0x12
    ESCROW = 0x13
    STACKING = 0x14
    VEND_VALID = 0x15
    STACKED = 0x16
    REJECTING = 0x17
    RETURNING = 0x18
    HOLDING = 0x19
    INHIBITED = 0x1A
    INITIALIZE = 0x1B
    POWER_UP = 0x40
    POWER_UP_BILL_IN_ACCEPTOR = 0x41
    POWER_UP_BILL_IN_STACKER = 0x42
    STACKER_FULL = 0x43
    STACKER_OPEN = 0x44
    ACCEPTOR_JAM = 0x45
    STACKER_JAM = 0x46
    PAUSE = 0x47
    CHEATED = 0x48
    FAILURE = 0x49
    INVALID_COMMAND = 0x4B
    ACK = 0x50


class Operation(IntEnum):
    STATUS_REQUEST = 0x11
    RESET = 0x40
    STACK_1 = 0x41
    STACK_2 = 0x42
    RETURN = 0x43
    HOLD = 0x44
    WAIT = 0x45
    ACK = 0x50


class Setting(IntEnum):
    """The command that sets it; the command that asks for it is 0x40 lower."""

    DENOMINATIONS = 0xC0
    SECURITY = 0xC1
    COMMUNICATION_MODE = 0xC2
    INHIBIT = 0xC3
    DIRECTION = 0xC4
    OPTIONAL_FUNCTIONS = 0xC5
    BARCODE_FUNCTION = 0xC6
    BARCODE_INHIBIT = 0xC7


GET_BELOW_SET = 0x40
ESCROW_LIMIT = 0xCD  # it can be set, but no command asks for it
GET_VERSION, GET_BOOT_VERSION, GET_CURRENCIES, GET_SERIAL_NUMBER = 0x88, 0x89, 0x8A, 0x91

# Denominations enabled, inhibited until told otherwise, 18-character barcodes, as after a reset.
DEFAULTS: dict[int, bytes] = {
    Setting.DENOMINATIONS: b"\x00\x00",
    Setting.SECURITY: b"\x00\x00",
    Setting.COMMUNICATION_MODE: b"\x00",
    Setting.INHIBIT: b"\x01",
    Setting.DIRECTION: b"\x00",
    Setting.OPTIONAL_FUNCTIONS: b"\x00\x00",
    Setting.BARCODE_FUNCTION: b"\x01\x12",
    Setting.BARCODE_INHIBIT: b"\x00",
    ESCROW_LIMIT: b"\x01",
}
POWER_RECOVERY = 0x02  # of the first byte of the optional functions

REJECT_INHIBITED = 0x79  # also: the host gave no answer in escrow
REJECT_UNRECOGNISED = 0x76
REJECT_CODES = frozenset({*range(0x71, 0x80), 0x98, 0x9B})
FAILURE_CODES = frozenset({0xA2, *range(0xA5, 0xAA), *range(0xAB, 0xAE), 0xAF, *range(0xB0, 0xB4)})


@dataclass(frozen=True)
class Denomination:
    """One record of the currency assignment: a bill of `digits` times ten to the `exponent`."""

    escrow_code: int
    country: int
    digits: int
    exponent: int

    @property
    def value(self) -> int:
        return int(self.digits * 10**self.exponent)

    @property
    def inhibit_bit(self) -> int:
        return 1 << (self.escrow_code - 0x61)

    @property
    def record(self) -> bytes:
        return bytes([self.escrow_code, self.country, self.digits, self.exponent])


_USD, _EUR, _UNUSED = 0x01, 0xE0, 0x00

CURRENCIES: dict[str, tuple[Denomination, ...]] = {
    "USD": (
        Denomination(0x61, _USD, 1, 0),
        Denomination(0x62, _UNUSED, 0, 0),
        Denomination(0x63, _USD, 5, 0),
        Denomination(0x64, _USD, 10, 0),
        Denomination(0x65, _USD, 20, 0),
        Denomination(0x66, _USD, 50, 0),
        Denomination(0x67, _USD, 10, 1),
        Denomination(0x68, _UNUSED, 0, 0),
    ),
    "EUR": (
        Denomination(0x61, _UNUSED, 0, 0),
        Denomination(0x62, _EUR, 5, 0),
        Denomination(0x63, _EUR, 10, 0),
        Denomination(0x64, _EUR, 20, 0),
        Denomination(0x65, _EUR, 50, 0),
        Denomination(0x66, _EUR, 10, 1),
        Denomination(0x67, _EUR, 20, 1),
        Denomination(0x68, _EUR, 50, 1),
    ),
}

_VERSIONS = {
    # The second is a real device's; the first is built like it.
    "USD": b"i(USA1)100-SS ID003-05V300-45 28JUN23 7F23",
    "EUR": b"i(EUR5)100-SS ID003-05V300-45 28JUN23 7F23",
}
BOOT_VERSION = b"B05"
SERIAL_NUMBER = b"000000000001"


def version(currency: str) -> bytes:
    return _VERSIONS[currency]
