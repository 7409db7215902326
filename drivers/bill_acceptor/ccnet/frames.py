"""The frames of CCNET: what the controller asks, and what the validator answers.

Source: CCNET Protocol Description, Document 1, Common Specifications, v2.6.0: commands, responses to POLL;
codes as lamassu/lamassu-machine (lib/ccnet/consts.js) and a session log in RT-circuits/ccnet-poc have them.
The same number means different things by direction: 0x41 is GET BILL TABLE from the controller, and a full
cassette from the device. What answers GET BILL TABLE or IDENTIFICATION carries no code at all: its first
byte is data, so only the request says what it means.
"""

from dataclasses import dataclass
from enum import IntEnum

VALIDATOR = 0x03  # on the bus: 01 bill-to-bill unit, 02 coin changer, 03 validator, 04 card reader
STATUS_DATA_MAX = 2  # a bill-to-bill unit adds the cassette to 81 n


class RequestCode(IntEnum):
    ACK = 0x00  # to data; a whole frame, and without an answer
    RESET = 0x30
    GET_STATUS = 0x31
    SET_SECURITY = 0x32
    POLL = 0x33
    ENABLE_BILL_TYPES = 0x34
    STACK = 0x35
    RETURN = 0x36
    IDENTIFICATION = 0x37
    HOLD = 0x38
    SET_BARCODE = 0x39
    EXTRACT_BARCODE = 0x3A
    GET_BILL_TABLE = 0x41
    DOWNLOAD = 0x50
    GET_CRC32 = 0x51
    GET_STATISTICS = 0x60
    DIAGNOSTICS = 0xF0
    NAK = 0xFF  # the device says it again at the next poll


class ReplyCode(IntEnum):
    """The three short answers, and the states and events that answer POLL."""

    ACK = 0x00
    POWER_UP = 0x10
    POWER_UP_IN_VALIDATOR = 0x11
    POWER_UP_IN_STACKER = 0x12
    INITIALISE = 0x13
    IDLING = 0x14
    ACCEPTING = 0x15
    STACKING = 0x17
    RETURNING = 0x18
    DISABLED = 0x19
    HOLDING = 0x1A
    BUSY = 0x1B  # then n: for n times 100 ms
    REJECTING = 0x1C  # then the reason
    ILLEGAL_COMMAND = 0x30
    CASSETTE_FULL = 0x41
    CASSETTE_REMOVED = 0x42
    VALIDATOR_JAMMED = 0x43
    CASSETTE_JAMMED = 0x44
    CHEATED = 0x45
    PAUSE = 0x46
    FAILURE = 0x47  # then the part
    ESCROW = 0x80  # then the bill type, as with the two below
    STACKED = 0x81
    RETURNED = 0x82
    NAK = 0xFF


SHORT_ANSWERS = frozenset({ReplyCode.ACK, ReplyCode.ILLEGAL_COMMAND, ReplyCode.NAK})
STATUSES = frozenset(ReplyCode) - SHORT_ANSWERS
AT_REST = frozenset({ReplyCode.IDLING, ReplyCode.DISABLED})
IN_ESCROW = frozenset({ReplyCode.ESCROW, ReplyCode.HOLDING})
POWER_UPS = frozenset(
    {ReplyCode.POWER_UP, ReplyCode.POWER_UP_IN_VALIDATOR, ReplyCode.POWER_UP_IN_STACKER}
)
STUCK = frozenset(
    {
        ReplyCode.VALIDATOR_JAMMED,
        ReplyCode.CASSETTE_JAMMED,
        ReplyCode.FAILURE,
        ReplyCode.CHEATED,
    }
)


@dataclass(frozen=True)
class Request:
    """From the controller to a device."""

    code: int
    data: bytes = b""
    address: int = VALIDATOR

    @property
    def name(self) -> str:
        return RequestCode(self.code).name if self.code in set(RequestCode) else _number(self.code)


@dataclass(frozen=True)
class Reply:
    """From a device to the controller."""

    code: int  # of an answer without a code, its first byte of data
    data: bytes = b""
    address: int = VALIDATOR

    @property
    def body(self) -> bytes:
        return bytes([self.code]) + self.data

    @property
    def name(self) -> str:
        if not (self.is_short_answer or self.is_status):
            return "DATA"
        return ReplyCode(self.code).name if self.code in set(ReplyCode) else _number(self.code)

    @property
    def is_short_answer(self) -> bool:
        """To these the controller says nothing; any other answer is data, to be acknowledged."""
        return self.code in SHORT_ANSWERS and not self.data

    @property
    def is_status(self) -> bool:
        """Also of a number in no table: an answer to anything but POLL is longer."""
        return not self.is_short_answer and len(self.data) <= STATUS_DATA_MAX


def _number(code: int) -> str:
    return f"0x{code:02X}"
