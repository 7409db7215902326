"""The frames of EBDS: what the host asks, and what the device answers.

Source: EBDS protocol specification, message tables, as documented in decapod-atm/ebds (src/lib.rs, status.rs,
omnibus/command.rs) and used by AlexObukhoff/TerminalClient and PyramidTechnologies/PTI.Rs232Validator.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag

DATA_MAX = 0x7F  # every byte on the line has seven bits
ACK_BIT = 0x01


class MessageType(IntEnum):
    """Bits 4 to 6 of the control byte."""

    HOST = 1  # the host's poll: what may be taken, and what becomes of the bill in escrow
    DEVICE = 2  # the answer: the status
    BOOKMARK = 3
    CALIBRATE = 4
    FIRMWARE = 5
    AUXILIARY = 6
    EXTENDED = 7


class Extended(IntEnum):
    """The first data byte of an extended message, in both directions."""

    BARCODE = 0x01
    NOTE = 0x02  # a line of the device's table, or the bill in escrow, or the bill just stacked
    INHIBITS = 0x03
    ESCROW_TIMEOUT = 0x04
    VALUE_TABLE = 0x06
    NOTE_RETRIEVED = 0x0B
    BOOKMARK = 0x0D
    CLEAR_AUDIT = 0x1D


class Auxiliary(IntEnum):
    """The last data byte of the host's auxiliary message; the answer does not repeat it."""

    CRC = 0x00
    TYPE = 0x04
    SERIAL = 0x05
    BOOT = 0x06
    APPLICATION = 0x07
    VARIANT_NAME = 0x08
    VARIANT = 0x09
    CAPABILITIES = 0x0D
    APPLICATION_ID = 0x0E
    VARIANT_ID = 0x0F
    RESET = 0x7F


class Mode(IntFlag):
    """The host's second byte."""

    ANY_ORIENTATION = 0x0C
    ESCROW = 0x10
    STACK = 0x20
    RETURN = 0x40


class Configuration(IntFlag):
    """The host's third byte. Power-up policy B: what was past escrow is stacked and reported with its
    value; A and C stack it and keep silent about the value."""

    POLICY_B = 0x04
    EXTENDED_NOTES = 0x10
    EXTENDED_COUPONS = 0x20


class State(IntFlag):
    """The device's first byte; 0 is out of service. STACKED and RETURNED are events: told once."""

    IDLING = 0x01
    ACCEPTING = 0x02
    ESCROWED = 0x04
    STACKING = 0x08
    STACKED = 0x10
    RETURNING = 0x20
    RETURNED = 0x40


class Condition(IntFlag):
    CHEATED = 0x01
    REJECTED = 0x02
    JAMMED = 0x04
    CASSETTE_FULL = 0x08
    CASSETTE_ATTACHED = 0x10
    PAUSED = 0x20
    CALIBRATION = 0x40


class Notice(IntFlag):
    """The third byte, without the index of the bill."""

    POWER_UP = 0x01
    INVALID_COMMAND = 0x02
    FAILURE = 0x04
    TRANSPORT_OPEN = 0x40


class Misc(IntFlag):
    STALLED = 0x01
    FLASH_DOWNLOAD = 0x02
    PRE_STACK = 0x04
    RAW_BARCODE = 0x08
    CAPABILITIES = 0x10
    DISABLED = 0x20


STATUS_BYTES = 6
_INDEX = 0x38


@dataclass(frozen=True)
class Status:
    state: State
    condition: Condition
    notice: Notice
    misc: Misc
    index: int  # 1 to 7; without extended notes the bill in escrow, or the bill just stacked
    model: int
    revision: int

    @property
    def is_powering_up(self) -> bool:
        return Notice.POWER_UP in self.notice

    @property
    def is_stacked_event(self) -> bool:
        return State.STACKED in self.state


@dataclass(frozen=True)
class Request:
    """From the host to the device."""

    control: int
    data: bytes = b""

    @property
    def bit(self) -> int:
        return self.control & ACK_BIT

    @property
    def type(self) -> int:
        return self.control >> 4

    @property
    def subtype(self) -> int:
        """-1 where the type has none."""
        if self.type == MessageType.EXTENDED and self.data:
            return self.data[0]
        return self.data[-1] if self.type == MessageType.AUXILIARY and self.data else -1


@dataclass(frozen=True)
class Reply:
    """From the device to the host."""

    control: int
    data: bytes = b""

    @property
    def bit(self) -> int:
        return self.control & ACK_BIT

    @property
    def type(self) -> int:
        return self.control >> 4

    @property
    def subtype(self) -> int:
        """-1 where the type has none."""
        return self.data[0] if self.type == MessageType.EXTENDED and self.data else -1

    @property
    def status(self) -> Status | None:
        """None where the type has none, or the reply is too short."""
        if self.type == MessageType.DEVICE and len(self.data) == STATUS_BYTES:
            return _status(self.data)
        if self.type == MessageType.EXTENDED and len(self.data) > STATUS_BYTES:
            return _status(self.data[1 : 1 + STATUS_BYTES])
        return None

    @property
    def extension(self) -> bytes:
        """What an extended reply says beside its status."""
        return self.data[1 + STATUS_BYTES :] if self.type == MessageType.EXTENDED else b""

    @property
    def text(self) -> str:
        """An auxiliary reply in plain letters; it is padded with 00 or 7F."""
        return self.data.decode("ascii", "replace").translate({0: None, 0x7F: None}).strip()


def _status(data: bytes) -> Status:
    return Status(
        State(data[0]),
        Condition(data[1]),
        Notice(data[2] & ~_INDEX),
        Misc(data[3]),
        (data[2] & _INDEX) >> 3,
        data[4],
        data[5],
    )
