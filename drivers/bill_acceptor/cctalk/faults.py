"""What ccTalk calls an event, a fault or a reason, in our words.

Source: ccTalk Generic Specification 4.7, part 3, table 7 (bill events) and table 3 (fault codes).
"""

from collections.abc import Mapping

from drivers.bill_acceptor.cctalk.bills import COUPON
from drivers.bill_acceptor.cctalk.history import BillEvent
from drivers.faults import FaultCode, RejectReason

# Result B of events whose result A is 0.
MASTER_INHIBIT_ACTIVE = 0
RETURNED_FROM_ESCROW = 1
INHIBITED_ON_SERIAL = 4
STACKER_OK = 10
STACKER_REMOVED = 11
STACKER_INSERTED = 12
STACKER_FULL = 14
BARCODE_DETECTED = 20

CREDIT = 0  # result B of events whose result A is a bill type
ESCROWED = 1

REJECTS: Mapping[int, tuple[str, RejectReason]] = {
    2: ("invalid: validation", RejectReason.NOT_RECOGNISED),
    3: ("invalid: transport", RejectReason.INSERTED_BADLY),
    INHIBITED_ON_SERIAL: ("inhibited on serial", RejectReason.NOT_TAKEN_NOW),
    5: ("inhibited by switch", RejectReason.NOT_TAKEN_NOW),
}

# A bill inside may be anywhere after one of these. That they are over, only a self-check says.
BREAKS: Mapping[int, tuple[str, FaultCode]] = {
    6: ("jam in transport, unsafe: no credit", FaultCode.ACCEPTOR_JAM),
    7: ("jam in stacker", FaultCode.STACKER_JAM),
    8: ("pulled backwards", FaultCode.CHEAT_SUSPECTED),
    9: ("tamper", FaultCode.CHEAT_SUSPECTED),
    13: ("stacker faulty", FaultCode.ACCEPTOR_FAILURE),
    15: ("stacker jammed", FaultCode.STACKER_JAM),
    16: ("jam in transport, safe: credit may follow", FaultCode.ACCEPTOR_JAM),
    17: ("opto fraud", FaultCode.CHEAT_SUSPECTED),
    18: ("string fraud", FaultCode.CHEAT_SUSPECTED),
    19: ("anti-string mechanism faulty", FaultCode.ACCEPTOR_FAILURE),
    21: ("unknown bill stacked: count the cashbox", FaultCode.ACCEPTOR_FAILURE),
}

CASHBOX: Mapping[int, tuple[str, FaultCode]] = {
    STACKER_REMOVED: ("stacker removed", FaultCode.CASHBOX_REMOVED),
    STACKER_FULL: ("stacker full", FaultCode.CASHBOX_FULL),
}

NO_FAULTS = frozenset(
    {
        MASTER_INHIBIT_ACTIVE,
        RETURNED_FROM_ESCROW,
        *REJECTS,
        STACKER_OK,
        STACKER_INSERTED,
        BARCODE_DETECTED,
    }
)

SELF_CHECK: Mapping[int, tuple[str, FaultCode]] = {
    1: ("EEPROM checksum", FaultCode.ACCEPTOR_FAILURE),
    9: ("NVRAM checksum", FaultCode.ACCEPTOR_FAILURE),
    30: ("ROM checksum", FaultCode.ACCEPTOR_FAILURE),
    33: ("supply voltage", FaultCode.ACCEPTOR_FAILURE),
    34: ("temperature", FaultCode.ACCEPTOR_FAILURE),
    36: ("bill validation sensor", FaultCode.ACCEPTOR_FAILURE),
    37: ("bill transport motor", FaultCode.ACCEPTOR_FAILURE),
    38: ("stacker", FaultCode.ACCEPTOR_FAILURE),
    39: ("bill jammed", FaultCode.ACCEPTOR_JAM),
    40: ("RAM test", FaultCode.ACCEPTOR_FAILURE),
    41: ("string sensor", FaultCode.ACCEPTOR_FAILURE),
    44: ("stacker missing", FaultCode.CASHBOX_REMOVED),
    45: ("stacker full", FaultCode.CASHBOX_FULL),
    46: ("flash erase", FaultCode.ACCEPTOR_FAILURE),
    47: ("flash write", FaultCode.ACCEPTOR_FAILURE),
    48: ("slave device not responding", FaultCode.ACCEPTOR_FAILURE),
    49: ("opto sensor", FaultCode.ACCEPTOR_FAILURE),
    54: ("firmware", FaultCode.ACCEPTOR_FAILURE),
    55: ("initialisation", FaultCode.ACCEPTOR_FAILURE),
    255: ("unspecified", FaultCode.ACCEPTOR_FAILURE),
}
CASHBOX_CHECKS = frozenset({44, 45})


def reject_of(event: BillEvent) -> tuple[RejectReason, str]:
    """The reason of a rejected bill, and the vendor's code in words."""
    name, reason = REJECTS[event.b]
    return reason, f"0 {event.b} {name}"


def fault_of(event: BillEvent) -> tuple[FaultCode, str] | None:
    """The fault an event means; None for those that are in order."""
    if event.a:
        if event.b == ESCROWED or (event.b == CREDIT and event.a != COUPON):
            return None
        name = "a coupon was stacked" if event.b == CREDIT else "not in the tables"
        return FaultCode.ACCEPTOR_PROTOCOL, f"event {event.a} {event.b}: {name}"
    if event.b in NO_FAULTS:
        return None
    unknown = ("not in the tables", FaultCode.ACCEPTOR_PROTOCOL)
    name, code = {**BREAKS, **CASHBOX}.get(event.b, unknown)
    return code, f"event 0 {event.b}: {name}"


def fault_of_check(code: int) -> tuple[FaultCode, str]:
    name, fault = SELF_CHECK.get(code, ("not in the tables", FaultCode.ACCEPTOR_FAILURE))
    return fault, f"self-check {code}: {name}"


VENDOR_CODES: Mapping[str, tuple[str, FaultCode | RejectReason]] = {
    **{f"event {code}": told for code, told in REJECTS.items()},
    **{f"event {code}": told for code, told in BREAKS.items()},
    **{f"event {code}": told for code, told in CASHBOX.items()},
    **{f"self-check {code}": told for code, told in SELF_CHECK.items()},
}
"""All that the document calls a fault or a reason, by its code, in its words and in ours."""
