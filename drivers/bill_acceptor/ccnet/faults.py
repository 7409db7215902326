"""What CCNET calls a fault or a reason, in our words.

Source: CCNET Protocol Description, Document 1, v2.6.0, responses to POLL, rejecting (1C) and failure (47)
codes, as quoted by lamassu/lamassu-machine (lib/ccnet/consts.js).
"""

from collections.abc import Mapping

from drivers.bill_acceptor.ccnet.frames import STATUSES, ReplyCode
from drivers.bill_acceptor.status_tables import StatusFault, StatusTables
from drivers.faults import FaultCode, RejectReason

_REJECTS: Mapping[int, tuple[str, RejectReason]] = {
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

_FAILURES: Mapping[int, str] = {
    0x50: "stack motor",
    0x51: "transport motor speed",
    0x52: "transport motor",
    0x53: "aligning motor",
    0x54: "initial cassette status",
    0x55: "optic canal",
    0x56: "magnetic canal",
    0x5F: "capacitance canal",
}

_FAULTS: Mapping[int, StatusFault] = {
    ReplyCode.CASSETTE_FULL: StatusFault("drop cassette full", FaultCode.CASHBOX_FULL),
    ReplyCode.CASSETTE_REMOVED: StatusFault(
        "drop cassette out of position", FaultCode.CASHBOX_REMOVED
    ),
    ReplyCode.VALIDATOR_JAMMED: StatusFault("validator jammed", FaultCode.ACCEPTOR_JAM),
    ReplyCode.CASSETTE_JAMMED: StatusFault("drop cassette jammed", FaultCode.STACKER_JAM),
    ReplyCode.CHEATED: StatusFault("cheated", FaultCode.CHEAT_SUSPECTED),
    # What is in order for a while, and a fault when it does not end. The document allows 30 s for STACK and
    # RETURN, and ends a pause after 10 s itself; the rest is a choice.
    ReplyCode.STACKING: StatusFault("stacking does not end", FaultCode.STACKER_JAM, 30.0),
    ReplyCode.RETURNING: StatusFault("returning does not end", FaultCode.ACCEPTOR_JAM, 30.0),
    ReplyCode.PAUSE: StatusFault(
        "pause: a second bill waits in the slot", FaultCode.ACCEPTOR_JAM, 15.0
    ),
    ReplyCode.INITIALISE: StatusFault(
        "initialising does not end", FaultCode.ACCEPTOR_FAILURE, 30.0
    ),
    ReplyCode.BUSY: StatusFault("busy without end", FaultCode.ACCEPTOR_FAILURE, 30.0),
}

TABLES = StatusTables(
    statuses=STATUSES,
    rejecting=ReplyCode.REJECTING,
    rejects=_REJECTS,
    failure=ReplyCode.FAILURE,
    failures=_FAILURES,
    faults=_FAULTS,
)
reject_of = TABLES.reject_of
fault_of = TABLES.fault_of
VENDOR_CODES = TABLES.vendor_codes()
