"""The packets of SSP: what the host commands, and what the device replies.

Source: ITL SSP Protocol Manual GA138 v2.2, command and event tables, as quoted by kybarg/ssp and
decapod-atm/ssp. The first byte of a reply says how the command fared; what follows depends on the command.
"""

from dataclasses import dataclass
from enum import IntEnum

ENCRYPTED = 0x7E  # instead of a code: the data are a block of eSSP, in both directions


class CommandCode(IntEnum):
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
    EVENT_ACK = 0x57  # the manual prints 56 once: a misprint
    SET_FIXED_KEY = 0x60
    RESET_FIXED_KEY = 0x61
    ENCRYPTED = ENCRYPTED


class ResponseCode(IntEnum):
    OK = 0xF0
    COMMAND_NOT_KNOWN = 0xF2
    WRONG_PARAMETER_COUNT = 0xF3
    PARAMETER_OUT_OF_RANGE = 0xF4
    CANNOT_BE_PROCESSED = 0xF5
    SOFTWARE_ERROR = 0xF6
    FAIL = 0xF8
    KEY_NOT_SET = 0xFA
    ENCRYPTED = ENCRYPTED


POLLS = frozenset({CommandCode.POLL, CommandCode.POLL_WITH_ACK})


@dataclass(frozen=True)
class Command:
    """From the host to the device."""

    code: int
    data: bytes = b""
    sequence: int = 0  # 0 or 1; the same again means: the same packet again
    address: int = 0  # 00 validator, 10 hopper

    @property
    def name(self) -> str:
        if self.code in set(CommandCode):
            return CommandCode(self.code).name
        return f"0x{self.code:02X}"


@dataclass(frozen=True)
class Reply:
    """From the device to the host; sequence and address are the command's."""

    code: int
    data: bytes = b""
    sequence: int = 0
    address: int = 0

    @property
    def name(self) -> str:
        if self.code in set(ResponseCode):
            return ResponseCode(self.code).name
        return f"0x{self.code:02X}"
