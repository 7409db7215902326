"""The code tables of SSP, and the bills that the simulated validator knows.

Source: ITL SSP Protocol Manual GA138: commands, generic responses, events and reject codes of banknote
validators; the replies of its packet examples.
"""

from dataclasses import dataclass
from enum import IntEnum


class Command(IntEnum):
    RESET = 0x01
    SET_INHIBITS = 0x02
    DISPLAY_ON = 0x03
    DISPLAY_OFF = 0x04
    SETUP_REQUEST = 0x05
    HOST_PROTOCOL_VERSION = 0x06
    POLL = 0x07
    REJECT = 0x08
    DISABLE = 0x09
    ENABLE = 0x0A
    GET_SERIAL_NUMBER = 0x0C
    UNIT_DATA = 0x0D
    CHANNEL_VALUES = 0x0E
    CHANNEL_SECURITY = 0x0F
    SYNC = 0x11
    LAST_REJECT_CODE = 0x17
    HOLD = 0x18
    GET_FIRMWARE_VERSION = 0x20
    GET_DATASET_VERSION = 0x21
    SET_GENERATOR = 0x4A
    SET_MODULUS = 0x4B
    REQUEST_KEY_EXCHANGE = 0x4C
    SET_BAUD_RATE = 0x4D
    GET_BUILD_REVISION = 0x4F
    CONFIGURE_BEZEL = 0x54
    POLL_WITH_ACK = 0x56
    EVENT_ACK = 0x57
    GET_COUNTERS = 0x58
    RESET_COUNTERS = 0x59
    SET_FIXED_KEY = 0x60
    RESET_FIXED_KEY = 0x61


class Response(IntEnum):
    OK = 0xF0
    UNKNOWN_COMMAND = 0xF2
    WRONG_PARAMETER_COUNT = 0xF3
    OUT_OF_RANGE = 0xF4
    CANNOT_BE_PROCESSED = 0xF5
    FAIL = 0xF8
    KEY_NOT_SET = 0xFA


class Event(IntEnum):
    CHANNELS_INHIBITED = 0xB5
    INITIALISING = 0xB6
    STACKING = 0xCC
    NOTE_PATH_OPEN = 0xE0
    CLEARED_FROM_FRONT = 0xE1
    CLEARED_TO_CASHBOX = 0xE2
    CASHBOX_REMOVED = 0xE3
    CASHBOX_REPLACED = 0xE4
    FRAUD_ATTEMPT = 0xE6
    STACKER_FULL = 0xE7
    DISABLED = 0xE8
    UNSAFE_JAM = 0xE9
    SAFE_JAM = 0xEA
    STACKED = 0xEB
    REJECTED = 0xEC
    REJECTING = 0xED
    CREDIT = 0xEE
    READ = 0xEF
    SLAVE_RESET = 0xF1


# Those that POLL WITH ACK repeats until EVENT ACK.
ACKNOWLEDGED_EVENTS = frozenset({Event.CREDIT, Event.FRAUD_ATTEMPT, Event.CLEARED_TO_CASHBOX})

# Reject codes that it has reasons of its own for.
ACCEPTED = 0x00
NOT_RECOGNISED = 0x02
BY_HOST = 0x08
CHANNEL_INHIBITED = 0x0C
ESCROW_TIME_OUT = 0x13
REJECT_CODES = frozenset({*range(0x01, 0x1B), 0x1C, 0x1D} - {BY_HOST, ESCROW_TIME_OUT})
FAILURE_CODES = frozenset({Event.NOTE_PATH_OPEN})  # the one trouble that has an event of its own

PROTOCOL_AT_POWER_UP, HIGHEST_PROTOCOL = 5, 8
_EXPANDED_FROM = 6  # protocol from which values are given a second time, in full
INHIBITED_EVENT_FROM = 7

_VALIDATOR = 0x00  # unit type
FIRMWARE = b"NV02004141498000"
_FIRMWARE_SHORT = b"0414"
SERIAL_NUMBER = 1873452
BUILD_REVISION = bytes([_VALIDATOR, 20, 0])
_CENTS = 100
_SECURITY = 2  # obsolete; this value when values are given the old way


@dataclass(frozen=True)
class Dataset:
    country: bytes
    values: tuple[int, ...]  # by channel, the first of which is 1; 0: not in use
    multiplier: int = 1
    firmware: bytes = _FIRMWARE_SHORT

    @property
    def version(self) -> bytes:
        return self.country + b"01610"

    @property
    def bills(self) -> frozenset[int]:
        return frozenset(self.values) - {0}

    def channel(self, value: int) -> int:
        """0 for a bill that it does not know."""
        return self.values.index(value) + 1 if value in self.bills else 0

    def allowed(self, mask: int) -> frozenset[int]:
        return self.bills & {value for at, value in enumerate(self.values) if mask >> at & 1}

    def unit_data(self, protocol: int) -> bytes:
        return self._head() + bytes([protocol])

    def setup(self, protocol: int) -> bytes:
        return (
            self._head()
            + self._short_values()
            + self.security()[1:]
            + _CENTS.to_bytes(3, "big")
            + bytes([protocol])
            + self._expansion(protocol)
        )

    def channel_values(self, protocol: int) -> bytes:
        return self._short_values() + self._expansion(protocol)

    def security(self) -> bytes:
        count = len(self.values)
        return bytes([count]) + bytes([_SECURITY]) * count

    def _head(self) -> bytes:
        return (
            bytes([_VALIDATOR]) + self.firmware + self.country + self.multiplier.to_bytes(3, "big")
        )

    def _short_values(self) -> bytes:
        return bytes([len(self.values), *(value // self.multiplier for value in self.values)])

    def _expansion(self, protocol: int) -> bytes:
        if protocol < _EXPANDED_FROM:
            return b""
        values = b"".join(value.to_bytes(4, "little") for value in self.values)
        return self.country * len(self.values) + values


DATASETS = {
    # A channel's byte cannot hold 500, which is why the euro's are multiplied.
    "EUR": Dataset(b"EUR", (5, 10, 20, 50, 100, 200, 500), multiplier=5),
    "USD": Dataset(b"USD", (1, 0, 5, 10, 20, 50, 100)),
}
