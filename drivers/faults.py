"""Faults of devices, by stable code. What a vendor calls them is mapped in each protocol's `faults.py`.

What a code means to the customer and the operator is in `kiosk/faults.py`.
"""

from enum import StrEnum


class FaultCode(StrEnum):
    """Stable for ever: receipts, logs, the central service and the operator's pages quote them."""

    ACCEPTOR_MISSING = "acceptor-missing"  # the port is not there, or closed under us
    ACCEPTOR_SILENT = "acceptor-silent"  # the port is there, nobody answers
    ACCEPTOR_STUCK = "acceptor-stuck"  # our own thread waits for the port, and does not come back
    ACCEPTOR_JAM = "acceptor-jam"  # a bill is stuck in the transport
    STACKER_JAM = "stacker-jam"  # a bill is stuck on its way into the cashbox
    CASHBOX_FULL = "cashbox-full"
    CASHBOX_REMOVED = "cashbox-removed"
    CHEAT_SUSPECTED = "cheat-suspected"  # a bill was pulled back, or a string seen
    ACCEPTOR_FAILURE = "acceptor-failure"  # the device reports a broken part; detail says which
    ACCEPTOR_CURRENCY = "acceptor-currency"  # the device takes another currency than the kiosk
    ACCEPTOR_PROTOCOL = "acceptor-protocol"  # it answers what its protocol does not allow

    CAMERA_MISSING = "camera-missing"  # or the serial scanner that stands in its place
    CAMERA_CODE_IN_VIEW = "camera-code-in-view"  # of an idle machine: a sticker?
    CAMERA_COVERED = "camera-covered"  # it sees nothing
    CAMERA_MOVED = "camera-moved"  # it sees something else than it used to
    CAMERA_STUCK = "camera-stuck"  # a call into its library, or its port, does not come back

    PRINTER_MISSING = "printer-missing"
    PRINTER_SILENT = "printer-silent"  # no answer, which is not "no paper"
    PRINTER_STUCK = "printer-stuck"  # our own thread waits for the port, and does not come back
    PRINTER_PAPER_NEAR_END = "printer-paper-near-end"
    PRINTER_PAPER_END = "printer-paper-end"
    PRINTER_COVER_OPEN = "printer-cover-open"
    PRINTER_CUTTER = "printer-cutter"
    PRINTER_OFFLINE = "printer-offline"
    PRINTER_FAILURE = "printer-failure"


class RejectReason(StrEnum):
    """Why the acceptor gave a bill back by itself, in words a customer can act on."""

    INSERTED_BADLY = "inserted-badly"  # crooked, two at once, moved while read: try again, flat
    NOT_RECOGNISED = "not-recognised"  # worn, foreign or false: try another bill
    NOT_TAKEN_NOW = "not-taken-now"  # inhibited, or the host did not decide in time
    MACHINE = "machine"  # a residue, a motor, a sensor: not the customer's doing
    OTHER = "other"
