"""The bits and tables of EBDS, and the bills that devices for each currency know.

Source: EBDS protocol specification, omnibus command and reply, extended and auxiliary commands;
note records as in decapod-atm/ebds and in the capture of a real device in kybarg/ebds (utils.js);
model and revision as in the frames of kybarg/ebds (dollars) and PyramidTechnologies/PTI.Rs232Validator.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag


class Kind(IntEnum):
    """Bits 4 to 6 of the control byte."""

    HOST = 1
    ACCEPTOR = 2
    CALIBRATE = 4
    AUXILIARY = 6
    EXTENDED = 7


class State(IntFlag):
    """Data byte 0 of a reply; none of them is out of service."""

    IDLING = 0x01
    ACCEPTING = 0x02
    ESCROWED = 0x04
    STACKING = 0x08
    STACKED = 0x10
    RETURNING = 0x20
    RETURNED = 0x40


class Condition(IntFlag):
    """Data byte 1."""

    CHEATED = 0x01
    REJECTED = 0x02
    JAMMED = 0x04
    CASSETTE_FULL = 0x08
    CASSETTE_ATTACHED = 0x10
    PAUSED = 0x20
    CALIBRATION = 0x40


class Exceptional(IntFlag):
    """Data byte 2; its bits 3 to 5 are the index of the note."""

    POWER_UP = 0x01
    INVALID_COMMAND = 0x02
    FAILURE = 0x04
    TRANSPORT_OPEN = 0x40


NOTE_SHIFT = 3


class Miscellaneous(IntFlag):
    """Data byte 3."""

    STALLED = 0x01
    PRE_STACK = 0x04


class Mode(IntFlag):
    """Data byte 1 of the host's command; bits 2 and 3 are the orientation."""

    ESCROW = 0x10
    STACK = 0x20
    RETURN = 0x40


class Policy(IntEnum):
    """Bits 2 and 3 of the host's data byte 2: what a power-up does with a bill in the path."""

    A = 0  # given back before the lever; stacked behind it, without its value
    B = 1  # held in escrow; stacked behind it, and reported
    C = 2  # held in escrow; stacked behind it, without its value


EXTENDED_NOTES = 0x10  # of the host's data byte 2


class Extended(IntEnum):
    """Sub-types of extended messages."""

    NOTE_SPECIFICATION = 0x02
    NOTE_INHIBITS = 0x03
    ESCROW_TIMEOUT = 0x04
    VALUE_TABLE = 0x06
    NOTE_RETRIEVED = 0x0B


RETRIEVED_OFF, RETRIEVED_ON = b"\x00", b"\x01"  # what the host may say
RETRIEVED_ACK, RETRIEVED_EVENT = b"\x01", b"\x7f"  # what the device says
SOFT_RESET = b"\x7f\x7f\x7f"
INHIBIT_BYTES = (8, 19)  # of CFSC and of SC devices; seven notes in each

# By the two bits of the host's command, which ways round a bill may come: right edge first face up
# and face down, left edge first face up and face down.
ORIENTATIONS = (frozenset({0}), frozenset({0, 2}), frozenset(range(4)), frozenset(range(4)))
WAYS_ROUND = 4
BLANK_NOTE = bytes(18)


@dataclass(frozen=True)
class Note:
    """A bill of `digit` times ten to the `exponent`; `index` is what non-extended reports call it."""

    currency: str
    digit: int
    exponent: int
    index: int

    @property
    def value(self) -> int:
        return int(self.digit * 10**self.exponent)

    @property
    def enable_bit(self) -> int:
        return 1 << (self.index - 1)

    @property
    def worth(self) -> bytes:
        return f"{self.currency}{self.digit:03}+{self.exponent:02}".encode("ascii")

    def specification(self, index: int, way_round: int = 0) -> bytes:
        """The 18 bytes of an extended note; `index` is 0 in escrow and stacked reports."""
        kind_series_compatibility_version, classification = b"CADB", 0
        return (
            bytes([index])
            + self.worth
            + bytes([way_round])
            + kind_series_compatibility_version
            + bytes([classification, 0, 0])
        )


# In the order of the extended table; a dollar device counts the two-dollar bill that it does not know.
CURRENCIES: dict[str, tuple[Note, ...]] = {
    "USD": (
        Note("USD", 1, 0, 1),
        Note("USD", 5, 0, 3),
        Note("USD", 1, 1, 4),
        Note("USD", 2, 1, 5),
        Note("USD", 5, 1, 6),
        Note("USD", 1, 2, 7),
    ),
    "EUR": (
        Note("EUR", 5, 0, 1),
        Note("EUR", 1, 1, 2),
        Note("EUR", 2, 1, 3),
        Note("EUR", 5, 1, 4),
        Note("EUR", 1, 2, 5),
        Note("EUR", 2, 2, 6),
        Note("EUR", 5, 2, 7),
    ),
}
STANDARD_NOTES = 7
MODEL_AND_REVISION = {"USD": b"\x01\x0a", "EUR": b"\x01\x02"}


def value_table(currency: str) -> bytes:
    by_index = {each.index: each.worth for each in CURRENCIES[currency]}
    blank = bytes(9)
    return b"".join(
        bytes([index]) + by_index.get(index, blank) for index in range(1, STANDARD_NOTES + 1)
    )


def auxiliary_replies(currency: str) -> dict[int, bytes]:
    """By sub-type; part numbers are six digits and a version of three, and all of them are choices."""
    return {
        0x00: bytes([0x0C, 0x0A, 0x05, 0x0E, 0, 0]),  # the software's CRC, four bits in a byte
        0x04: b"SC6603 SIMULATED".ljust(20, b"\0"),  # acceptor type
        0x05: b"000000000001".ljust(20, b"\0"),  # serial number
        0x06: b"286100103",  # boot
        0x07: b"286101103",  # application
        0x08: currency.encode("ascii").ljust(32, b"\0"),  # variant name
        0x09: b"490003101",  # variant
        0x0E: b"286101103",  # application id
        0x0F: b"490003101",  # variant id
    }
