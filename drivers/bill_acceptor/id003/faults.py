"""What ID-003 calls a fault or a reason, in our words.

Source: JCM ID-003 protocol specification, reject and failure tables, as quoted by Kopachris/py-id003
(src/id003.py), AlexObukhoff/TerminalClient (ID003CashAcceptorConstants.h) and lamassu/lamassu-machine
(lib/id003/id003rs232.js).
"""

from collections.abc import Mapping

from drivers.bill_acceptor.id003.frames import STATUSES, Reply, ReplyCode
from drivers.faults import FaultCode, RejectReason

REJECTS: Mapping[int, tuple[str, RejectReason]] = {
    0x71: ("insertion", RejectReason.INSERTED_BADLY),
    0x72: ("magnetic pattern", RejectReason.NOT_RECOGNISED),
    0x73: ("residual bill in the head", RejectReason.MACHINE),
    0x74: ("calibration", RejectReason.MACHINE),
    0x75: ("conveying", RejectReason.INSERTED_BADLY),
    0x76: ("discrimination", RejectReason.NOT_RECOGNISED),
    0x77: ("photo pattern 1", RejectReason.NOT_RECOGNISED),
    0x78: ("photo level", RejectReason.NOT_RECOGNISED),
    0x79: ("inhibited, or no decision in escrow", RejectReason.NOT_TAKEN_NOW),
    0x7A: ("unknown", RejectReason.OTHER),
    0x7B: ("operation", RejectReason.MACHINE),
    0x7C: ("residual bill in the stacker", RejectReason.MACHINE),
    0x7D: ("length", RejectReason.NOT_RECOGNISED),
    0x7E: ("photo pattern 2", RejectReason.NOT_RECOGNISED),
    0x7F: ("true-bill feature", RejectReason.NOT_RECOGNISED),
    0x98: ("multiple insertion", RejectReason.INSERTED_BADLY),
    0x9B: ("wrong side of a ticket", RejectReason.INSERTED_BADLY),
}

FAILURES: Mapping[int, str] = {
    0xA2: "stack motor",
    0xA5: "transport motor speed",
    0xA6: "transport motor",
    0xA7: "aligning",
    0xA8: "solenoid",
    0xA9: "PB unit",
    0xAB: "cashbox not ready",
    0xAC: "optical sensor",
    0xAD: "magnetic sensor",
    0xAF: "validator head removed",
    0xB0: "boot ROM",
    0xB1: "external ROM",
    0xB2: "RAM or ROM",
    0xB3: "external ROM write",
}

_FAULTS: Mapping[int, tuple[FaultCode, str]] = {
    ReplyCode.STACKER_FULL: (FaultCode.CASHBOX_FULL, "43 stacker full"),
    ReplyCode.STACKER_OPEN: (FaultCode.CASHBOX_REMOVED, "44 stacker open"),
    ReplyCode.ACCEPTOR_JAM: (FaultCode.ACCEPTOR_JAM, "45 jam in acceptor"),
    ReplyCode.STACKER_JAM: (FaultCode.STACKER_JAM, "46 jam in stacker"),
    ReplyCode.CHEATED: (FaultCode.CHEAT_SUSPECTED, "48 cheated"),
}

# What is in order for a while, and a fault when it does not end. The times are a choice: a customer takes
# a second bill back within seconds, and CCNET, the sister protocol, allows 30 s for stacking.
_LINGERING: Mapping[int, tuple[float, FaultCode, str]] = {
    ReplyCode.PAUSE: (10.0, FaultCode.ACCEPTOR_JAM, "47 pause: a second bill waits in the slot"),
    ReplyCode.COMMUNICATION_ERROR: (10.0, FaultCode.ACCEPTOR_PROTOCOL, "4A communication error"),
    ReplyCode.STACKING: (30.0, FaultCode.STACKER_JAM, "14 stacking does not end"),
    ReplyCode.INITIALISE: (30.0, FaultCode.ACCEPTOR_FAILURE, "1B initialising does not end"),
}


def reject_of(data: bytes) -> tuple[RejectReason, str]:
    """The reason of a REJECTING status, and its vendor's code in words."""
    code = data[0] if data else 0x00
    name, reason = REJECTS.get(code, ("not in the tables", RejectReason.OTHER))
    return reason, f"17 {code:02X} {name}"


def fault_of(status: Reply, lasted_s: float) -> tuple[FaultCode, str] | None:
    """The fault a status means, once it has lasted that long."""
    if status.code == ReplyCode.FAILURE:
        code = status.data[0] if status.data else 0x00
        name = FAILURES.get(code, "not in the tables")
        return FaultCode.ACCEPTOR_FAILURE, f"49 {code:02X} {name}"
    if status.code not in STATUSES:
        return FaultCode.ACCEPTOR_PROTOCOL, f"status 0x{status.code:02X} is not in the tables"
    if status.code in _LINGERING:
        limit_s, code_, detail = _LINGERING[status.code]
        return (code_, detail) if lasted_s >= limit_s else None
    return _FAULTS.get(status.code)


VENDOR_CODES: Mapping[str, tuple[str, FaultCode | RejectReason]] = {
    **{f"17 {code:02X}": told for code, told in REJECTS.items()},
    **{f"49 {code:02X}": (name, FaultCode.ACCEPTOR_FAILURE) for code, name in FAILURES.items()},
    **{f"{code:02X}": (words[3:], ours) for code, (ours, words) in _FAULTS.items()},
    **{f"{code:02X}": (words[3:], ours) for code, (_, ours, words) in _LINGERING.items()},
}
"""All that the document calls a fault or a reason, by its code, in its words and in ours."""
