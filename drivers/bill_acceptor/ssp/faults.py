"""What SSP calls a fault or a reason, in our words.

Source: ITL SSP Protocol Manual GA138 v2.2, reject codes and event tables, as quoted by kybarg/ssp
(lib/static) and skokov3812/encrypted-smiley-secure-protocol (src/reject_note.js).
"""

from collections.abc import Mapping

from drivers.bill_acceptor.ssp.poll_events import EventCode
from drivers.faults import FaultCode, RejectReason

REJECTS: Mapping[int, tuple[str, RejectReason]] = {
    0x00: ("accepted", RejectReason.OTHER),
    0x01: ("length", RejectReason.NOT_RECOGNISED),
    0x02: ("average", RejectReason.NOT_RECOGNISED),
    0x03: ("coastline", RejectReason.NOT_RECOGNISED),
    0x04: ("graph", RejectReason.NOT_RECOGNISED),
    0x05: ("buried", RejectReason.NOT_RECOGNISED),
    0x06: ("channel inhibited", RejectReason.NOT_TAKEN_NOW),
    0x07: ("second note", RejectReason.INSERTED_BADLY),
    0x08: ("rejected by the host", RejectReason.NOT_TAKEN_NOW),
    0x09: ("cross channel", RejectReason.NOT_RECOGNISED),
    0x0A: ("rear sensor", RejectReason.MACHINE),
    0x0B: ("too long", RejectReason.INSERTED_BADLY),
    0x0C: ("disabled by the host", RejectReason.NOT_TAKEN_NOW),
    0x0D: ("slow mechanism", RejectReason.MACHINE),
    0x0E: ("strim attempt", RejectReason.NOT_RECOGNISED),
    0x0F: ("fraud channel", RejectReason.NOT_RECOGNISED),
    0x10: ("no notes", RejectReason.OTHER),
    0x11: ("peak detect", RejectReason.NOT_RECOGNISED),
    0x12: ("twisted", RejectReason.INSERTED_BADLY),
    0x13: ("escrow time-out", RejectReason.NOT_TAKEN_NOW),
    0x14: ("barcode", RejectReason.NOT_RECOGNISED),
    0x15: ("no cam", RejectReason.MACHINE),
    0x16: ("slot 1", RejectReason.MACHINE),
    0x17: ("slot 2", RejectReason.MACHINE),
    0x18: ("lens over-sample", RejectReason.MACHINE),
    0x19: ("width", RejectReason.INSERTED_BADLY),
    0x1A: ("short", RejectReason.NOT_RECOGNISED),
    0x1B: ("payout note", RejectReason.MACHINE),
    0x1C: ("double note", RejectReason.INSERTED_BADLY),
    0x1D: ("unable to stack", RejectReason.MACHINE),
}
STRIM_ATTEMPT = 0x0E
BY_HOST = b"\x08"  # only REJECT leads to it, and only a bill in escrow obeys REJECT

# In force while the device repeats them, poll after poll.
FAULTS: Mapping[int, tuple[FaultCode, str]] = {
    EventCode.UNSAFE_JAM: (FaultCode.ACCEPTOR_JAM, "E9 unsafe jam: within the customer's reach"),
    EventCode.SAFE_JAM: (FaultCode.STACKER_JAM, "EA safe jam: out of the customer's reach"),
    EventCode.STACKER_FULL: (FaultCode.CASHBOX_FULL, "E7 stacker full"),
    EventCode.FRAUD_ATTEMPT: (FaultCode.CHEAT_SUSPECTED, "E6 fraud attempt"),
    EventCode.NOTE_PATH_OPEN: (FaultCode.ACCEPTOR_FAILURE, "E0 note path open"),
    EventCode.CALIBRATION_FAILED: (FaultCode.ACCEPTOR_FAILURE, "83 calibration failed"),
}
CASHBOX_REMOVED = (FaultCode.CASHBOX_REMOVED, "E3 cashbox removed")  # until E4, said once each

# Behind these nobody can say where a bill is, unless the device does.
SHAKING = frozenset(FAULTS) - {EventCode.STACKER_FULL}


def reject_of(data: bytes) -> tuple[RejectReason, str]:
    """The reason in the answer to LAST REJECT CODE (17), and its vendor's code in words."""
    if not data:
        return RejectReason.OTHER, "EC without a reason"
    name, reason = REJECTS.get(data[0], ("not in the tables", RejectReason.OTHER))
    return reason, f"{data[0]:02X} {name}"


VENDOR_CODES: Mapping[str, tuple[str, FaultCode | RejectReason]] = {
    **{f"reject {code:02X}": told for code, told in REJECTS.items()},
    **{f"{code:02X}": (words[3:], ours) for code, (ours, words) in FAULTS.items()},
    "E3": (CASHBOX_REMOVED[1][3:], CASHBOX_REMOVED[0]),
}
"""All that the document calls a fault or a reason, by its code, in its words and in ours."""
