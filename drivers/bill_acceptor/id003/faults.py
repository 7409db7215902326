"""What ID-003 calls a fault or a reason, in our words.

Source: JCM ID-003 protocol specification, reject and failure tables, as quoted by Kopachris/py-id003
(src/id003.py), AlexObukhoff/TerminalClient (ID003CashAcceptorConstants.h) and lamassu/lamassu-machine
(lib/id003/id003rs232.js).
"""

from collections.abc import Mapping

from drivers.bill_acceptor.id003.frames import STATUSES, ReplyCode
from drivers.bill_acceptor.status_tables import StatusFault, StatusTables
from drivers.faults import FaultCode, RejectReason

_REJECTS: Mapping[int, tuple[str, RejectReason]] = {
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

_FAILURES: Mapping[int, str] = {
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

_FAULTS: Mapping[int, StatusFault] = {
    ReplyCode.STACKER_FULL: StatusFault("stacker full", FaultCode.CASHBOX_FULL),
    ReplyCode.STACKER_OPEN: StatusFault("stacker open", FaultCode.CASHBOX_REMOVED),
    ReplyCode.ACCEPTOR_JAM: StatusFault("jam in acceptor", FaultCode.ACCEPTOR_JAM),
    ReplyCode.STACKER_JAM: StatusFault("jam in stacker", FaultCode.STACKER_JAM),
    ReplyCode.CHEATED: StatusFault("cheated", FaultCode.CHEAT_SUSPECTED),
    # What is in order for a while, and a fault when it does not end. The times are a choice: a customer takes
    # a second bill back within seconds, and CCNET, the sister protocol, allows 30 s for stacking.
    ReplyCode.PAUSE: StatusFault(
        "pause: a second bill waits in the slot", FaultCode.ACCEPTOR_JAM, 10.0
    ),
    ReplyCode.COMMUNICATION_ERROR: StatusFault(
        "communication error", FaultCode.ACCEPTOR_PROTOCOL, 10.0
    ),
    ReplyCode.STACKING: StatusFault("stacking does not end", FaultCode.STACKER_JAM, 30.0),
    ReplyCode.INITIALISE: StatusFault(
        "initialising does not end", FaultCode.ACCEPTOR_FAILURE, 30.0
    ),
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
