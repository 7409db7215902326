"""The events in the reply to a poll: which there are, and how many data bytes belong to each.

Without the length of an event, nothing behind it can be read; so the payout family's are here too, although
this driver orders no payout. Source: ITL SSP Protocol Manual GA138 v2.2, event tables; lengths as read by
kybarg/ssp (lib/utils.js) for protocol version 6. Where the manual's examples carry a value and the tables
none, the bytes themselves decide: a value ends with three letters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from drivers.bill_acceptor.events import Bill

VALUE_BYTES = 7  # four of value, low byte first, and three letters of currency
DISCREPANCY_BYTES = 11  # paid, asked for, three letters


class EventCode(IntEnum):
    SLAVE_RESET = 0xF1
    READ = 0xEF  # channel 0: being read; else it is in escrow, and the next poll accepts it
    NOTE_CREDIT = 0xEE
    REJECTING = 0xED
    REJECTED = 0xEC
    STACKED = 0xEB
    SAFE_JAM = 0xEA  # out of the customer's reach
    UNSAFE_JAM = 0xE9  # within it
    DISABLED = 0xE8
    STACKER_FULL = 0xE7
    FRAUD_ATTEMPT = 0xE6
    BARCODE_VALIDATED = 0xE5
    CASHBOX_REPLACED = 0xE4
    CASHBOX_REMOVED = 0xE3
    CLEARED_TO_CASHBOX = 0xE2  # these two at power-up; channel 0: the value is not known
    CLEARED_FROM_FRONT = 0xE1
    NOTE_PATH_OPEN = 0xE0
    COIN_CREDIT = 0xDF
    CASHBOX_PAID = 0xDE
    INCOMPLETE_FLOAT = 0xDD
    INCOMPLETE_PAYOUT = 0xDC
    STORED_IN_PAYOUT = 0xDB
    DISPENSING = 0xDA
    TIME_OUT = 0xD9
    FLOATED = 0xD8
    FLOATING = 0xD7
    HALTED = 0xD6
    JAMMED = 0xD5
    DISPENSED = 0xD2
    BARCODE_ACKNOWLEDGED = 0xD1
    DEVICE_FULL = 0xCF
    HELD_IN_BEZEL = 0xCE
    DISPENSED_AT_RESET = 0xCD
    STACKING = 0xCC
    INTO_STORE_AT_RESET = 0xCB
    INTO_STACKER_AT_RESET = 0xCA
    TRANSFERRED_TO_STACKER = 0xC9
    NOTE_FLOAT_ATTACHED = 0xC8
    NOTE_FLOAT_REMOVED = 0xC7
    PAYOUT_OUT_OF_SERVICE = 0xC6
    EMPTIED = 0xC3
    EMPTYING = 0xC2
    VALUE_ADDED = 0xBF
    INITIALISING = 0xB6  # to POLL WITH ACK only
    ALL_INHIBITED = 0xB5
    SMART_EMPTIED = 0xB4
    SMART_EMPTYING = 0xB3
    ERROR_DURING_PAYOUT = 0xB1
    JAM_RECOVERY = 0xB0
    CALIBRATION_FAILED = 0x83


E = EventCode
CHANNEL_EVENTS = frozenset(
    {E.READ, E.NOTE_CREDIT, E.FRAUD_ATTEMPT, E.CLEARED_TO_CASHBOX, E.CLEARED_FROM_FRONT}
)
_ONE_BYTE = CHANNEL_EVENTS | {E.CALIBRATION_FAILED, E.ERROR_DURING_PAYOUT}
_MAY_CARRY_A_VALUE = frozenset(
    {
        E.COIN_CREDIT,
        E.HELD_IN_BEZEL,
        E.DISPENSED_AT_RESET,
        E.INTO_STORE_AT_RESET,
        E.INTO_STACKER_AT_RESET,
        E.TRANSFERRED_TO_STACKER,
    }
)
_LISTS: Mapping[int, int] = {  # a count, then so many records of so many bytes
    **dict.fromkeys(
        (
            *(E.CASHBOX_PAID, E.DISPENSING, E.TIME_OUT, E.FLOATED, E.FLOATING, E.HALTED, E.JAMMED),
            *(E.DISPENSED, E.VALUE_ADDED, E.SMART_EMPTIED, E.SMART_EMPTYING),
        ),
        VALUE_BYTES,
    ),
    **dict.fromkeys((E.INCOMPLETE_FLOAT, E.INCOMPLETE_PAYOUT), DISCREPANCY_BYTES),
}


@dataclass(frozen=True)
class Event:
    code: int
    data: bytes = b""

    @property
    def channel(self) -> int:
        """0 when the event names none."""
        return self.data[0] if self.code in CHANNEL_EVENTS else 0

    @property
    def bill(self) -> Bill | None:
        """Where the device names it by value and currency; payout units count in the smallest unit."""
        if self.code not in _MAY_CARRY_A_VALUE or len(self.data) != VALUE_BYTES:
            return None
        return Bill(int.from_bytes(self.data[:4], "little"), self.data[4:].decode("ascii"))

    @property
    def name(self) -> str:
        return f"{EventCode(self.code).name} {self.data.hex(' ').upper()}".rstrip()


def read_events(data: bytes) -> tuple[list[Event], bytes]:
    """The events, and what could not be read: it begins with an event that is not in the tables."""
    events: list[Event] = []
    while data:
        length = _length(data)
        if length is None or len(data) <= length:
            break
        events.append(Event(data[0], data[1 : 1 + length]))
        data = data[1 + length :]
    return events, data


def _length(data: bytes) -> int | None:
    code = data[0]
    if code not in set(EventCode):
        return None
    if code in _LISTS:
        return 1 + data[1] * _LISTS[code] if len(data) > 1 else 1
    if code in _MAY_CARRY_A_VALUE:
        currency = data[5 : 1 + VALUE_BYTES]
        return VALUE_BYTES if len(currency) == 3 and _are_letters(currency) else 0
    return 1 if code in _ONE_BYTE else 0


def _are_letters(data: bytes) -> bool:
    return all(ord("A") <= byte <= ord("Z") for byte in data)
