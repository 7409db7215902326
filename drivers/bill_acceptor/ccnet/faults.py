"""What CCNET calls a fault or a reason, in our words.

Source: CCNET Protocol Description, Document 1, v2.6.0, responses to POLL, rejecting (1C) and failure (47)
codes, as quoted by lamassu/lamassu-machine (lib/ccnet/consts.js).
"""

from collections.abc import Mapping

from drivers.bill_acceptor.ccnet.frames import STATUSES, Reply, ReplyCode
from drivers.faults import FaultCode, RejectReason

REJECTS: Mapping[int, tuple[str, RejectReason]] = {
    0x60: ("insertion", RejectReason.INSERTED_BADLY),
    0x61: ("magnetic", RejectReason.NOT_RECOGNISED),
    0x62: ("bill remained in the head", RejectReason.MACHINE),
    0x63: ("multiplying", RejectReason.MACHINE),
    0x64: ("conveying", RejectReason.INSERTED_BADLY),
    0x65: ("identification", RejectReason.NOT_RECOGNISED),
    0x66: ("verification", RejectReason.NOT_RECOGNISED),
    0x67: ("optic", RejectReason.NOT_RECOGNISED),
    0x68: ("inhibited", RejectReason.NOT_TAKEN_NOW),
    0x69: ("capacitance", RejectReason.NOT_RECOGNISED),
    0x6A: ("operation", RejectReason.MACHINE),
    0x6C: ("length", RejectReason.NOT_RECOGNISED),
    0x6D: ("ultraviolet", RejectReason.NOT_RECOGNISED),
    0x92: ("barcode not recognised", RejectReason.NOT_RECOGNISED),
    0x93: ("barcode of a wrong length", RejectReason.NOT_RECOGNISED),
    0x94: ("barcode without its start", RejectReason.NOT_RECOGNISED),
    0x95: ("barcode without its end", RejectReason.NOT_RECOGNISED),
}

FAILURES: Mapping[int, str] = {
    0x50: "stack motor",
    0x51: "transport motor speed",
    0x52: "transport motor",
    0x53: "aligning motor",
    0x54: "initial cassette status",
    0x55: "optic canal",
    0x56: "magnetic canal",
    0x5F: "capacitance canal",
}

_FAULTS: Mapping[int, tuple[FaultCode, str]] = {
    ReplyCode.CASSETTE_FULL: (FaultCode.CASHBOX_FULL, "41 drop cassette full"),
    ReplyCode.CASSETTE_REMOVED: (FaultCode.CASHBOX_REMOVED, "42 drop cassette out of position"),
    ReplyCode.VALIDATOR_JAMMED: (FaultCode.ACCEPTOR_JAM, "43 validator jammed"),
    ReplyCode.CASSETTE_JAMMED: (FaultCode.STACKER_JAM, "44 drop cassette jammed"),
    ReplyCode.CHEATED: (FaultCode.CHEAT_SUSPECTED, "45 cheated"),
}

# What is in order for a while, and a fault when it does not end. The document allows 30 s for STACK and
# RETURN, and ends a pause after 10 s itself; the rest is a choice.
_LINGERING: Mapping[int, tuple[float, FaultCode, str]] = {
    ReplyCode.STACKING: (30.0, FaultCode.STACKER_JAM, "17 stacking does not end"),
    ReplyCode.RETURNING: (30.0, FaultCode.ACCEPTOR_JAM, "18 returning does not end"),
    ReplyCode.PAUSE: (15.0, FaultCode.ACCEPTOR_JAM, "46 pause: a second bill waits in the slot"),
    ReplyCode.INITIALISE: (30.0, FaultCode.ACCEPTOR_FAILURE, "13 initialising does not end"),
    ReplyCode.BUSY: (30.0, FaultCode.ACCEPTOR_FAILURE, "1B busy without end"),
}


def reject_of(data: bytes) -> tuple[RejectReason, str]:
    """The reason of a REJECTING status, and its vendor's code in words."""
    code = data[0] if data else 0x00
    name, reason = REJECTS.get(code, ("not in the tables", RejectReason.OTHER))
    return reason, f"1C {code:02X} {name}"


def fault_of(status: Reply, lasted_s: float) -> tuple[FaultCode, str] | None:
    """The fault a status means, once it has lasted that long."""
    if status.code == ReplyCode.FAILURE:
        code = status.data[0] if status.data else 0x00
        name = FAILURES.get(code, "not in the tables")
        return FaultCode.ACCEPTOR_FAILURE, f"47 {code:02X} {name}"
    if status.code not in STATUSES:
        return FaultCode.ACCEPTOR_PROTOCOL, f"status 0x{status.code:02X} is not in the tables"
    if status.code in _LINGERING:
        limit_s, code_, detail = _LINGERING[status.code]
        return (code_, detail) if lasted_s >= limit_s else None
    return _FAULTS.get(status.code)


VENDOR_CODES: Mapping[str, tuple[str, FaultCode | RejectReason]] = {
    **{f"1C {code:02X}": told for code, told in REJECTS.items()},
    **{f"47 {code:02X}": (name, FaultCode.ACCEPTOR_FAILURE) for code, name in FAILURES.items()},
    **{f"{code:02X}": (words[3:], ours) for code, (ours, words) in _FAULTS.items()},
    **{f"{code:02X}": (words[3:], ours) for code, (_, ours, words) in _LINGERING.items()},
}
"""All that the document calls a fault or a reason, by its code, in its words and in ours."""
