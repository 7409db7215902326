"""The frames of ID-003: what the host asks, and what the device answers.

Source: JCM ID-003 protocol specification, command and status tables, as quoted by Kopachris/py-id003,
AlexObukhoff/TerminalClient and the session logs of a real device in RT-circuits/ccnet-poc.
The same number means different things by direction: 0x40 is RESET from the host, POWER UP from the device.
"""

from dataclasses import dataclass
from enum import IntEnum


class RequestCode(IntEnum):
    STATUS = 0x11
    RESET = 0x40
    STACK_1 = 0x41  # VEND VALID when the bill has passed the stacker's lever
    STACK_2 = 0x42  # VEND VALID when it is stored
    RETURN = 0x43
    HOLD = 0x44
    WAIT = 0x45
    ACK = 0x50  # to VEND VALID; the one request without an answer
    GET_DENOMINATIONS = 0x80
    GET_SECURITY = 0x81
    GET_COMMUNICATION = 0x82
    GET_INHIBIT = 0x83
    GET_DIRECTION = 0x84
    GET_OPTIONS = 0x85
    GET_BARCODE = 0x86
    GET_BARCODE_INHIBIT = 0x87
    GET_VERSION = 0x88
    GET_BOOT_VERSION = 0x89
    GET_CURRENCY = 0x8A
    GET_SERIAL = 0x91
    SET_DENOMINATIONS = 0xC0
    SET_SECURITY = 0xC1
    SET_COMMUNICATION = 0xC2
    SET_INHIBIT = 0xC3
    SET_DIRECTION = 0xC4
    SET_OPTIONS = 0xC5
    SET_BARCODE = 0xC6
    SET_BARCODE_INHIBIT = 0xC7
    SET_ESCROW_LIMIT = 0xCD
    EXTENDED = 0xF0  # recycler: then 20 and a sub-command


class ReplyCode(IntEnum):
    """The statuses, and the two short answers. A set or get request is answered by its own code."""

    ENQUIRY = 0x05  # interrupt mode: "ask me"
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
    INITIALISE = 0x1B
    POWER_UP = 0x40
    POWER_UP_IN_ACCEPTOR = 0x41
    POWER_UP_IN_STACKER = 0x42
    STACKER_FULL = 0x43
    STACKER_OPEN = 0x44
    ACCEPTOR_JAM = 0x45
    STACKER_JAM = 0x46
    PAUSE = 0x47
    CHEATED = 0x48
    FAILURE = 0x49
    COMMUNICATION_ERROR = 0x4A
    INVALID_COMMAND = 0x4B
    ACK = 0x50


STATUSES = frozenset(
    code
    for code in ReplyCode
    if code not in {ReplyCode.ENQUIRY, ReplyCode.INVALID_COMMAND, ReplyCode.ACK}
)
AT_REST = frozenset({ReplyCode.IDLE, ReplyCode.INHIBITED})
POWER_UPS = frozenset(
    {ReplyCode.POWER_UP, ReplyCode.POWER_UP_IN_ACCEPTOR, ReplyCode.POWER_UP_IN_STACKER}
)


@dataclass(frozen=True)
class Request:
    """From the host to the device."""

    code: int
    data: bytes = b""

    @property
    def name(self) -> str:
        return RequestCode(self.code).name if self.code in set(RequestCode) else _number(self.code)


@dataclass(frozen=True)
class Reply:
    """From the device to the host."""

    code: int
    data: bytes = b""

    @property
    def name(self) -> str:
        if self.code in set(ReplyCode):
            return ReplyCode(self.code).name
        return Request(self.code).name  # an echo, or the answer to a get

    @property
    def is_status(self) -> bool:
        """Also of a number in no table: only a status can be unknown, the rest repeats our own code."""
        return self.code in STATUSES or self.code not in {*ReplyCode, *RequestCode}


def _number(code: int) -> str:
    return f"0x{code:02X}"
